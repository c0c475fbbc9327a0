// The API's paths and fields on one page that needs no script.
import type { filtersOf } from "../../inventory/lists/filters.ts";
import type { Resource, Resources } from "./resource.ts";

type FiltersOf = (resource: Resource) => ReturnType<typeof filtersOf>;

/** Of an OpenAPI document, what the page tells. */
export interface Described {
  readonly paths?: Readonly<Record<string, object>> | undefined;
}

export function docsPage(resources: Resources, filters: FiltersOf, own: Described): string {
  const links = resources.all.map(({ name, path }) => `<li><a href="#${name}">${path}/</a></li>`);
  const sections = resources.all.map((resource) =>
    sectionOf(resources, resource, filters(resource)),
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>API</title><style>
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left;vertical-align:top}
code{background:#f2f2f2}summary{cursor:pointer}
code,dd,li,td{overflow-wrap:anywhere}</style></head><body><h1>API</h1>
<p>What Nautobot's clients know, below <code>/api/</code>. Send <code>Authorization: Token &lt;key&gt;</code>.
For programs: <a href="/api/swagger.json">swagger.json</a>. Below it is <a href="#own">the pages' own API</a>, for programs:
<a href="/api/openapi.json">openapi.json</a>.</p><ul>${links.join("")}</ul>${sections.join("")}${ownSection(own)}</body></html>\n`;
}

interface Operation {
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

/** What the pages ask: each path with its methods, and what is answered. */
function ownSection({ paths = {} }: Described): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Readonly<Record<string, Operation>>).map(
      ([method, { responses = {} }]) => {
        const good = Object.entries(responses).find(([status]) => status.startsWith("2"));
        return `<tr><td>${method.toUpperCase()}</td><td><code>${escape(path)}</code></td><td>${escape(good?.[1].description ?? "")}</td></tr>`;
      },
    ),
  );
  return `<h2 id="own">The pages' own API</h2><table><tr><th>Method</th><th>Path</th><th>Answer</th></tr>${rows.join("")}</table>`;
}

function sectionOf(
  resources: Resources,
  resource: Resource,
  filters: ReturnType<FiltersOf>,
): string {
  const methods = resource.table ? "GET, POST, PUT, PATCH, DELETE" : "GET";
  const rows = resource.fields.map(
    ({ name, label, kind, choices, isRequired, isReadOnly, description, target }) => {
      const notes = [
        ...(isRequired ? ["required"] : []),
        ...(isReadOnly ? ["read only"] : []),
        ...(choices.length > 0 ? [`one of ${choices.join(", ")}`] : []),
        ...(description === "" ? [] : [description]),
      ].join("; ");
      const type = target === null ? kind : `${kind} to ${resources.get(target).path}`;
      return `<tr><td><code>${escape(name)}</code></td><td>${escape(label)}</td><td>${escape(type)}</td><td>${escape(notes)}</td></tr>`;
    },
  );
  const names = [...filters.keys()].map((name) => escape(name)).join(", ");
  return `<h2 id="${resource.name}">${escape(resource.path)}/</h2><p>${escape(resource.description)} ${methods}.</p>
<table><tr><th>Field</th><th>Label</th><th>Type</th><th></th></tr>${rows.join("")}</table>
<details><summary>Filters</summary><p>q, ${names}</p></details>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
