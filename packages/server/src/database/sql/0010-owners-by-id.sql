-- Who else remembers an object is asked by its id alone: a view of a model may have a name of its own.
drop index identity_hub;
create index identity_hub on identity (hub_id);
