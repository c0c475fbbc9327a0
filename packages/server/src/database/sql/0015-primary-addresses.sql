alter table devices add column primary_ip4_id uuid;
alter table devices add column primary_ip6_id uuid;
CREATE INDEX devices_primary_ip4 ON public.devices USING btree (primary_ip4_id) WHERE (primary_ip4_id IS NOT NULL);
CREATE INDEX devices_primary_ip6 ON public.devices USING btree (primary_ip6_id) WHERE (primary_ip6_id IS NOT NULL);
alter table devices add constraint devices_primary_ip4_id_fkey FOREIGN KEY (primary_ip4_id) REFERENCES ip_addresses(id);
alter table devices add constraint devices_primary_ip6_id_fkey FOREIGN KEY (primary_ip6_id) REFERENCES ip_addresses(id);
