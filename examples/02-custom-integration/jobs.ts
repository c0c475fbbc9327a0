import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { Tenant } from "@plumbline/models";
import {
  defineComparison,
  defineDataSource,
  defineDataTarget,
  variable,
} from "@plumbline/plugin-kit";
import type { Adapter, Change, Writer } from "@plumbline/sync";

interface Customer {
  number: number;
  company: string;
  remark: string;
}

/** The billing department's list of customers, a JSON file. It has no writer: it can only be a source. */
export function createBillingAdapter(path: string): Adapter {
  return {
    name: "Billing",
    models: [Tenant],
    // Billing knows nothing of comments or tags, so they are neither compared nor written.
    provides: () => ["description"],
    async *load(context) {
      const customers = JSON.parse(await readFile(path, "utf8")) as Customer[];
      context.expect(Tenant, customers.length);
      for (const { number, company, remark } of customers) {
        yield Tenant.record(
          { name: company, description: remark },
          { id: String(number), origin: `customer ${String(number)}` },
        );
      }
    },
  };
}

/** A phone book that is kept equal to the hub's tenants: one name a line. */
export function createPhoneBookAdapter(path: string): Adapter {
  async function read(): Promise<string[]> {
    if (!existsSync(path)) return []; // not written yet; any other fault ends the run
    const text = await readFile(path, "utf8");
    return text.split("\n").filter((line) => line !== "");
  }

  return {
    name: "Phone book",
    models: [Tenant],
    provides: () => [],
    async *load() {
      for (const name of await read()) yield Tenant.record({ name });
    },
    writer(): Writer {
      return {
        batchSize: 1000,
        isTransactional: false,
        async *apply(changes, { signal }) {
          if (signal.aborted) return;
          const names = new Set(await read());
          const gone = new Set<Change>();
          for (const change of changes) {
            const [name] = JSON.parse(change.key) as [string]; // a tenant's key is its name alone
            if (change.action === "create") names.add(name);
            else if (!names.delete(name)) gone.add(change);
          }
          await writeFile(path, [...names].sort().join("\n") + "\n");
          for (const change of changes) {
            const status = gone.has(change) ? "stale" : "applied";
            yield { change, status, targetId: null, error: null };
          }
        },
      };
    },
  };
}

export default [
  defineDataSource({
    id: "billing",
    title: "Billing",
    description: "Customers of the billing department become tenants.",
    system: "Billing",
    models: [Tenant],
    variables: { file: variable.text({ label: "File", required: true }) },
    mappings: [{ source: "Customer", target: "tenant" }],
    source: ({ variables }) => createBillingAdapter(String(variables["file"])),
  }),
  defineDataTarget({
    id: "phone-book",
    title: "Phone book",
    description: "Tenants of the hub, one name a line.",
    system: "Phone book",
    models: [Tenant],
    variables: { file: variable.text({ label: "File", required: true }) },
    target: ({ variables }) => createPhoneBookAdapter(String(variables["file"])),
    async sync(run) {
      await run.load();
      await run.plan();
      await run.apply(); // does nothing in a dry run
      run.logger.info("The phone book is ready to print.");
    },
  }),
  defineComparison({
    id: "billing-and-hub",
    title: "Billing and hub",
    system: "Billing",
    otherSystem: "Plumbline",
    models: [Tenant],
    variables: { file: variable.text({ label: "File", required: true }) },
    source: ({ variables }) => createBillingAdapter(String(variables["file"])),
    target: "hub",
  }),
];
