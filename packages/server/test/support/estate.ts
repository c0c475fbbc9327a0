import { hubModels } from "@plumbline/models";
import { type Change, silentLogger } from "@plumbline/sync";
import { createHubAdapter } from "../../src/inventory/hub-adapter.ts";
import { fieldAuthors } from "../../src/inventory/field-authors.ts";
import type { TestDatabase } from "./database.ts";
import { createLabRunner, type LabRunner } from "./lab.ts";

type Records = Record<string, Record<string, unknown>[]>;

export interface EstateRunner extends LabRunner {
  /** Writes an estate; gives the variables that name it. */
  estate(records: Records, name?: string): Promise<{ estate: string }>;
}

/** A runner with the jobs of fixtures/jobs/estate.ts, on a database of the tests' server or another one. */
export async function createEstateRunner(database?: TestDatabase): Promise<EstateRunner> {
  const runner = await createLabRunner("", database);
  return {
    ...runner,
    estate: async (records, name = "estate") => ({
      estate: await runner.installation.write(`${name}.json`, JSON.stringify(records)),
    }),
  };
}

const contentTypes = ["tenancy.tenant", "dcim.location"];
const named = (prefix: string, number: number): string =>
  `${prefix} ${String(number).padStart(3, "0")}`;

/** Numbers from 1. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Tags, groups, tenants with both, and places with tenants. */
export function estateAtFirst(): Records {
  return {
    status: [{ id: "active", name: "Active", content_types: contentTypes }],
    tag: upTo(6).map((n) => ({
      id: `tag-${n}`,
      name: named("tag", n),
      color: "336699",
      content_types: contentTypes,
    })),
    tenant_group: upTo(10).map((n) => ({
      id: `group-${n}`,
      name: named("Group", n),
      parent: n > 7 ? named("Group", n - 7) : null,
    })),
    tenant: upTo(260).map((n) => ({
      id: `tenant-${n}`,
      name: named("Tenant", n),
      description: `customer ${n}`,
      tenant_group: named("Group", (n % 10) + 1),
      tags: [named("tag", (n % 6) + 1), named("tag", ((n + 2) % 6) + 1)],
    })),
    location_type: [
      { id: "country", name: "Country", parent: null, content_types: contentTypes },
      { id: "site", name: "Site", parent: "Country", content_types: contentTypes },
    ],
    location: [
      ...upTo(4).map((n) => ({
        id: `country-${n}`,
        name: named("Country", n),
        parent: null,
        location_type: "Country",
        status: "Active",
        tenant: null,
        tags: [],
      })),
      ...upTo(60).map((n) => ({
        id: `site-${n}`,
        name: named("Site", n),
        parent: { name: named("Country", (n % 4) + 1) },
        location_type: "Site",
        status: "Active",
        tenant: named("Tenant", n),
        tags: [named("tag", (n % 6) + 1)],
      })),
    ],
  };
}

/**
 * The same with 500 changes: objects made, changed and gone, tags put on and taken off, references moved, a group, a
 * country and some tenants renamed.
 */
export function estateChanged(): Records {
  const first = estateAtFirst();
  const group = (n: number): string => (n === 3 ? "Third group" : named("Group", n));
  const tenant = (n: number): string =>
    n > 200 && n <= 210 ? named("Renamed tenant", n) : named("Tenant", n);
  const country = (n: number): string => (n === 2 ? "Second country" : named("Country", n));
  return {
    ...first,
    tag: [
      ...first["tag"]!.slice(1),
      ...upTo(4).map((n) => ({
        id: `new-tag-${n}`,
        name: named("new tag", n),
        color: "336699",
        content_types: contentTypes,
      })),
    ],
    tenant_group: [
      ...upTo(9).map((n) => ({
        id: `group-${n}`,
        name: group(n),
        parent: n > 7 ? group(n - 7) : null,
      })),
      { id: "group-new", name: "New group", parent: "Third group" },
    ],
    // 60 of 260 are gone, 140 are new.
    tenant: [
      ...upTo(260)
        .filter((n) => n <= 60 || n > 120)
        .map((n) => ({
          id: `tenant-${n}`,
          name: tenant(n),
          description: n % 2 === 0 ? `customer ${n}, changed` : `customer ${n}`,
          tenant_group: n % 10 === 9 ? "New group" : group((n % 10) + 1),
          tags: n % 3 === 0 ? ["new tag 001", "tag 003"] : [named("tag", (n % 5) + 2)],
        })),
      ...upTo(140).map((n) => ({
        id: `new-tenant-${n}`,
        name: named("New tenant", n),
        description: "new",
        tenant_group: group((n % 9) + 1),
        tags: [named("new tag", (n % 4) + 1)],
      })),
    ],
    location: [
      ...upTo(4).map((n) => ({
        ...first["location"]![n - 1],
        name: country(n),
      })),
      ...upTo(60)
        .filter((n) => n > 12)
        .map((n) => ({
          id: `site-${n}`,
          name: named("Site", n),
          parent: { name: country((n % 4) + 1) },
          location_type: "Site",
          status: "Active",
          tenant: n % 2 === 0 ? tenant(200 + (n % 20)) : tenant(n),
          tags: [named("tag", (n % 5) + 2)],
        })),
      ...upTo(40).map((n) => ({
        id: `new-site-${n}`,
        name: named("New site", n),
        parent: { name: country((n % 4) + 1) },
        location_type: "Site",
        status: "Active",
        tenant: named("New tenant", n),
        tags: [],
      })),
    ],
  };
}

const tables = ["statuses", "tags", "tenant_groups", "tenants", "location_types", "locations"];

/** The hub's objects by model and name: ids, values, members of sets, owners, and of some who wrote
 * which field; without versions and times. */
export async function readHub({
  query,
  database,
}: Pick<LabRunner, "query" | "database">): Promise<Record<string, unknown>> {
  const hub: Record<string, unknown> = {};
  for (const table of tables) {
    const rows = await query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) - 'version' - 'created' - 'last_updated' as row from ${table} t order by t.id`,
    );
    hub[table] = rows.map(({ row }) => row);
  }
  for (const [join, owner] of [
    ["tenants_tags", "tenant_id"],
    ["locations_tags", "location_id"],
  ]) {
    hub[join!] = await query(`select ${owner}, tag_id from ${join} order by 1, 2`);
  }
  const objects = await query<{ id: string; model: string }>(
    "select id, 'tenant' as model from tenants union all select id, 'location' from locations order by 1",
  );
  const authors: Record<string, unknown> = {};
  for (const { id, model } of objects.filter((_, place) => place % 9 === 0)) {
    const fields = Object.entries(await fieldAuthors(database, model, id));
    authors[id] = Object.fromEntries(fields.map(([name, { syncId }]) => [name, syncId]));
  }
  hub["authors"] = authors;
  hub["owners"] = await query(
    `select h.object_id, h.model, h.owner, h.job_id, h.first_sync, h.unseen_since from hub_claim h
      where exists (select from tenants o where o.id = h.object_id)
         or exists (select from locations o where o.id = h.object_id)
         or exists (select from tenant_groups o where o.id = h.object_id)
         or exists (select from tags o where o.id = h.object_id)
      order by 1, 3`,
  );
  return hub;
}

/** The hub's objects by their names alone, with all they refer to: what two hubs with other ids can share. */
export async function readNames({ query }: Pick<LabRunner, "query">): Promise<object> {
  const tagsOf = (join: string, owner: string): string =>
    `array(select g.name from ${join} j join tags g on g.id = j.tag_id where j.${owner} = o.id order by 1)`;
  return {
    tags: await query("select name from tags order by 1"),
    groups: await query(
      `select o.name, p.name as parent from tenant_groups o left join tenant_groups p on p.id = o.parent_id order by 1`,
    ),
    tenants: await query(
      `select o.name, o.description, g.name as in_group, ${tagsOf("tenants_tags", "tenant_id")} as tags
         from tenants o left join tenant_groups g on g.id = o.tenant_group_id order by 1`,
    ),
    places: await query(
      `select o.name, p.name as parent, t.name as tenant, ${tagsOf("locations_tags", "location_id")} as tags
         from locations o left join locations p on p.id = o.parent_id left join tenants t on t.id = o.tenant_id order by 1, 2`,
    ),
    owned: await query(
      `select model, owner, count(*) from hub_claim h
        where exists (select from tenants o where o.id = h.object_id) group by 1, 2 order by 1, 2`,
    ),
  };
}

/** Writes the hub as the person bo does; what is not said of a change is empty. */
export async function writeHub(
  database: LabRunner["database"],
  model: string,
  changes: readonly (Partial<Change> & Pick<Change, "action" | "key">)[],
): Promise<void> {
  const models = hubModels.map((each) => each.model);
  const run = { userName: "bo", jobResultId: null, syncId: null, claimant: "person" };
  const context = { signal: new AbortController().signal, logger: silentLogger };
  const writer = await createHubAdapter(database, models, { run }).writer!(context);
  const whole = changes.map((change) => ({
    ...{ parentModel: null, parentKey: null, before: null, after: null, rank: 0, sourceId: null },
    ...{ model, label: change.key, targetId: null, targetVersion: null },
    fields: change.action === "update" ? Object.keys(change.after ?? {}) : [],
    ...change,
  }));
  for (const change of whole) {
    for await (const { error } of writer.apply([change], context)) {
      if (error !== null) throw new Error(error.message);
    }
  }
}
