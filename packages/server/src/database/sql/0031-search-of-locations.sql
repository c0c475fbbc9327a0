drop index roles_search;
CREATE INDEX roles_search ON public.roles USING gin (name gin_trgm_ops);
drop index tags_search;
CREATE INDEX tags_search ON public.tags USING gin (name gin_trgm_ops);
drop index locations_search;
CREATE INDEX locations_search ON public.locations USING gin (name gin_trgm_ops, description gin_trgm_ops, facility gin_trgm_ops, physical_address gin_trgm_ops, shipping_address gin_trgm_ops, contact_name gin_trgm_ops, contact_phone gin_trgm_ops, contact_email gin_trgm_ops, comments gin_trgm_ops);
