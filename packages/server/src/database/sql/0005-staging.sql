-- Holds what the runs under way have loaded: unlogged tables, dropped when their run ends.
create schema staging;
