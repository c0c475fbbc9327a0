// A job with inputs of every kind, as slow as it is told to be.
import { setTimeout as sleep } from "node:timers/promises";
import { Tenant } from "@plumbline/models";
import { defineDataSource, variable } from "@plumbline/plugin-kit";

export default defineDataSource({
  id: "survey",
  title: "Survey",
  description: "What was found on site becomes tenants.",
  system: "Survey",
  models: [Tenant],
  variables: {
    site: variable.text({ label: "Site", description: "Where to look", required: true }),
    limit: variable.integer({ label: "Limit", default: 2 }),
    isThorough: variable.boolean({ label: "Thorough" }),
    season: variable.choice(["spring", "autumn"], { label: "Season", default: "spring" }),
    pause: variable.integer({ label: "Pause", description: "Seconds before the first find" }),
  },
  links: { tenant: "https://survey.example/finds/{id}" },
  source: ({ variables }) => ({
    name: "Survey",
    models: [Tenant],
    provides: () => ["description"],
    async *load({ signal }) {
      await sleep(Number(variables["pause"] ?? 0) * 1000, undefined, { signal });
      for (let found = 1; found <= Number(variables["limit"]); found += 1) {
        const seen =
          found === 202
            ? `looked at twice: ${Array<string>(18).fill("all is well").join(", ")}`
            : "looked at twice";
        const description = variables["isThorough"] === true ? seen : "";
        const name = `${String(variables["site"])} ${found}`;
        yield Tenant.record({ name, description }, { id: name });
        // The second find at the echo is the first one heard again.
        if (name === "Echo 2")
          yield Tenant.record({ name, description: "again" }, { id: "Echo 3" });
      }
    },
  }),
});
