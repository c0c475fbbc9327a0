// The buildings department knows sites by a code, the hub by name and parent. A projection says so, and
// the hub reads and writes it.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { Location } from "@plumbline/models";
import { defineDataSource, defineDataTarget, project, variable } from "@plumbline/plugin-kit";
import {
  type Adapter,
  type Change,
  type Outcome,
  parseKey,
  type RecordOf,
  type Writer,
} from "@plumbline/sync";

export const Building = project(Location, {
  key: ["facility"], // the hub's field for a building's own code
  fields: ["name", "description"],
  where: [
    { field: "location_type", is: "Site" }, // countries and rooms are not the department's
    { field: "facility", isSet: true },
  ],
  load: { description: (text) => text?.trim() ?? null },
  create: () => ({ status: "Active" }), // what a new location needs besides
});

interface Row {
  id: number;
  code: string;
  name: string;
  remark: string | null;
}

/** The department's list of buildings, a JSON file. */
export function createBuildingsAdapter(path: string): Adapter {
  async function read(): Promise<Row[]> {
    if (!existsSync(path)) return []; // not written yet; any other fault ends the run
    return JSON.parse(await readFile(path, "utf8")) as Row[];
  }

  return {
    name: "Buildings",
    models: [Building],
    async *load(context) {
      const rows = await read();
      context.expect(Building, rows.length);
      for (const { id, code, name, remark } of rows) {
        yield Building.record(
          { facility: code, name, description: remark },
          { id: String(id), origin: `building ${String(id)}` },
        );
      }
    },
    writer(): Writer {
      return {
        batchSize: 1000,
        isTransactional: false,
        async *apply(changes, { signal }) {
          if (signal.aborted) return;
          const rows = new Map((await read()).map((row) => [row.code, row]));
          const outcomes = changes.map((change) => changeRow(rows, change));
          await writeFile(path, JSON.stringify([...rows.values()], null, 2) + "\n");
          yield* outcomes;
        },
      };
    },
  };
}

/** Changes the rows, by code, and says what became of the change. */
function changeRow(rows: Map<string, Row>, change: Change): Outcome {
  const { action, key, after } = change;
  const [code] = parseKey(key) as [string];
  const old = rows.get(code);
  if (action !== "create" && old === undefined) {
    const message = `The list has no building ${code} any more. Run again.`;
    const error = { code: "not-found", message, field: null, value: null };
    return { change, status: "failed", targetId: null, error };
  }
  const id = old?.id ?? Math.max(0, ...[...rows.values()].map((row) => row.id)) + 1;
  rows.delete(code);
  if (action !== "delete") {
    const given = { facility: code, name: old?.name, description: old?.remark ?? null, ...after };
    const { facility, name, description } = given as RecordOf<typeof Building>;
    rows.set(facility, { id, code: facility, name, remark: description });
  }
  return { change, status: "applied", targetId: String(id), error: null };
}

const variables = { file: variable.text({ label: "File", required: true }) };

export default [
  defineDataSource({
    id: "buildings",
    title: "Buildings",
    description: "The buildings department's sites become locations.",
    system: "Buildings",
    models: [Building],
    variables,
    mappings: [{ source: "Building", target: "location" }],
    configuration: [{ label: "New sites", value: "get the status Active" }],
    source: ({ variables: { file } }) => createBuildingsAdapter(String(file)),
  }),
  defineDataTarget({
    id: "buildings-list",
    title: "Buildings list",
    description: "The hub's sites, as the buildings department knows them.",
    system: "Buildings list",
    models: [Building],
    variables,
    target: ({ variables: { file } }) => createBuildingsAdapter(String(file)),
  }),
];
