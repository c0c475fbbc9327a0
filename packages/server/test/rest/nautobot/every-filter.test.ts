import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExampleHub, openExampleHub } from "./examples.ts";

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
}

interface Parameter {
  readonly name: string;
  readonly schema: Schema;
}

type Paths = Record<string, { readonly get: { readonly parameters?: readonly Parameter[] } }>;

let hub: ExampleHub;
let lists: [path: string, parameters: readonly Parameter[]][];

beforeAll(async () => {
  hub = await openExampleHub();
  const { paths } = await hub.read<{ paths: Paths }>("/api/swagger.json");
  lists = Object.entries(paths)
    .filter(([path]) => !path.includes("{id}"))
    // One's own tokens are listed as they are, and the status is no list.
    .filter(([path]) => path !== "/users/tokens/" && path !== "/status/")
    .map(([path, { get }]) => [path, get.parameters ?? []]);
});

afterAll(async () => {
  await hub.close();
});

const notFilters = ["api_version", "format", "limit", "offset", "sort", "depth"];
const byType: Readonly<Record<string, string>> = {
  ...{ integer: "1", number: "1.5", boolean: "true" },
  "date-time": "2026-01-02T03:04:05Z",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** A value of a parameter's type that objects need not have; a text that fits addresses too. */
function valueOf({ name, schema }: Parameter): string {
  if (name === "prefix_exact") return "10.99.0.0/16";
  const { type = "", format = type, enum: choices } = schema.items ?? schema;
  return choices?.[0] ?? byType[format] ?? "02:00:00:00:00:01";
}

test("every filter of every list that the document names is answered, with its suffixes", async () => {
  expect(lists.length).toBeGreaterThan(20);
  for (const [path, parameters] of lists) {
    const query = new URLSearchParams();
    for (const parameter of parameters) {
      if (!notFilters.includes(parameter.name)) query.append(parameter.name, valueOf(parameter));
    }
    expect(query.size).toBeGreaterThan(10);
    const answer = await hub.request(`/api${path}?${query.toString()}`);
    const body = (await answer.json()) as Record<string, unknown>;
    if (answer.status === 400) {
      // A reference is asked for by a name that nothing has; nothing else may be wrong.
      for (const [name, faults] of Object.entries(body)) {
        expect([path, name, faults]).toEqual([
          path,
          name,
          [expect.stringContaining("valid choice")],
        ]);
        query.delete(name);
      }
      const again = await hub.request(`/api${path}?${query.toString()}`);
      expect([path, again.status, await again.json()]).toMatchObject([path, 200, { count: 0 }]);
    } else expect([path, answer.status, body]).toMatchObject([path, 200, { count: 0 }]);
  }
});
