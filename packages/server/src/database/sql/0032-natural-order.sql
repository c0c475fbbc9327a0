-- Names are ordered as people count: "Ethernet2" before "Ethernet10". What each comes to by code point stands in a column
-- beside it (see inventory/order-functions.ts), which lists are ordered by.
create function natural_order(value text) returns text
language plpgsql immutable strict parallel safe as $$
declare
  rest text collate "C" := value;
  result text collate "C" := '';
  run text collate "C";
  places integer;
begin
  loop
    run := substring(rest, '[0-9]+');
    if run is null then return result || rest; end if;
    places := length(ltrim(run, '0')) - 1;
    result := result || split_part(rest, run, 1) || repeat('9', places / 8) || (1 + places % 8)::text || ltrim(run, '0');
    rest := substr(rest, strpos(rest, run) + length(run));
  end loop;
end $$;
create function interface_by_slot(value text) returns text
language plpgsql immutable strict parallel safe as $$
declare
  rest text collate "C" := value;
  type text collate "C" := substring(rest, '^[^0-9.:]*');
  slots text collate "C";
  part text collate "C";
  result text collate "C";
begin
  rest := substr(rest, length(type) + 1);
  slots := coalesce(substring(rest, '^(?:[0-9]+/){1,4}'), '');
  rest := substr(rest, length(slots) + 1);
  part := substring(rest, '^[0-9]+');
  result := slots || ':' || type || coalesce(part, '.');
  rest := substr(rest, coalesce(length(part), 0) + 1);
  -- As of most.
  if rest = '' then return result || '..'; end if;
  part := substring(rest, '^:[0-9]+');
  result := result || coalesce(part, '.');
  rest := substr(rest, coalesce(length(part), 0) + 1);
  part := substring(rest, '^\.[0-9]+');
  result := result || coalesce(':' || substr(part, 2), '.');
  return result || substr(rest, coalesce(length(part), 0) + 1);
end $$;
create function interface_order(value text) returns text
language sql immutable strict parallel safe
return natural_order(interface_by_slot(value));
drop index locations_sort;
alter table locations add column name_order text collate "C" not null generated always as (natural_order(name)) stored;
CREATE INDEX locations_sort ON public.locations USING btree (name_order, id);
alter table interface_templates drop constraint interface_templates_key;
drop index interface_templates_name;
alter table interface_templates add column name_order text collate "C" not null generated always as (interface_order(name)) stored;
alter table interface_templates add constraint interface_templates_key UNIQUE NULLS NOT DISTINCT (device_type_id, name) DEFERRABLE;
CREATE INDEX interface_templates_name ON public.interface_templates USING btree (name);
CREATE INDEX interface_templates_name_order ON public.interface_templates USING btree (name_order, id);
CREATE INDEX interface_templates_sort ON public.interface_templates USING btree (device_type_id, name_order, id);
drop index racks_sort;
alter table racks add column name_order text collate "C" not null generated always as (natural_order(name)) stored;
CREATE INDEX racks_name_order ON public.racks USING btree (name_order, id);
CREATE INDEX racks_sort ON public.racks USING btree (location_id, rack_group_id, name_order, id);
drop index devices_sort;
alter table devices add column name_order text collate "C" generated always as (natural_order(name)) stored;
CREATE INDEX devices_sort ON public.devices USING btree (name_order, id);
alter table interfaces drop constraint interfaces_key;
drop index interfaces_name;
alter table interfaces add column name_order text collate "C" not null generated always as (interface_order(name)) stored;
alter table interfaces add constraint interfaces_key UNIQUE NULLS NOT DISTINCT (device_id, name) DEFERRABLE;
CREATE INDEX interfaces_name ON public.interfaces USING btree (name);
CREATE INDEX interfaces_name_order ON public.interfaces USING btree (name_order, id);
CREATE INDEX interfaces_sort ON public.interfaces USING btree (device_id, name_order, id);
-- Nothing is known of the new columns yet.
analyze locations, interface_templates, racks, devices, interfaces;
