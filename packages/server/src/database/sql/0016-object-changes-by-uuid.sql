-- The API names a change by a uuid made from its number; one that is asked for is found here.
create index object_change_uuid on object_change
  ((('00000000-0000-4000-8000-' || lpad(to_hex(id), 12, '0'))::uuid));
