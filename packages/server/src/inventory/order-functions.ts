// What texts are ordered by that do not sort by code point, as functions of the database: what they give is compared by
// code point. They call only what PostgreSQL itself has, by plpgsql, or what is bound when they are made, by SQL: a
// restored dump fills the tables before it has a search path.
import type { TextOrder } from "@plumbline/sync";

/** The function that gives what a text is ordered by. */
export const orderFunctions: Readonly<Record<TextOrder, string>> = {
  natural: "natural_order",
  interface: "interface_order",
};

/**
 * Each run of digits without its leading zeros, after their number: "a9" is "a19", "a10" is "a210". Beyond 8 a 9 stands
 * for every 8 digits before the rest, so that no number of digits begins like another. Zero has no digits left: "0".
 *
 * Of an interface come first the numbers with a slash behind, up to four, and a colon, which is after all digits: a slot
 * that is not there comes after any that is. Then what stood before them, and the numbers of the port, the channel and
 * the virtual circuit, or a dot, which is before all digits, for each that is not there: "xe-1/2:3" is "1/:xe-2:3.".
 */
export const createOrderFunctions = `create or replace function natural_order(value text) returns text
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
create or replace function interface_by_slot(value text) returns text
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
  part := substring(rest, '^\\.[0-9]+');
  result := result || coalesce(':' || substr(part, 2), '.');
  return result || substr(rest, coalesce(length(part), 0) + 1);
end $$;
create or replace function interface_order(value text) returns text
language sql immutable strict parallel safe
return natural_order(interface_by_slot(value));`;
