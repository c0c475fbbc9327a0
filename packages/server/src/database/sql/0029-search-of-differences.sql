-- Which syncs an object differed in is found by any part of what it is called.
create index sync_change_search on sync_change using gin (label gin_trgm_ops, key gin_trgm_ops);
