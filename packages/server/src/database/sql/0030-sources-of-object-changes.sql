-- Whose values a change brought, and which sync it took back, is known also when the record of its sync is deleted.
alter table object_change
  add column source_name text,
  add column undo_of uuid;
update object_change c set source_name = s.source_name, undo_of = s.undo_of from sync s where s.id = c.sync_id;
