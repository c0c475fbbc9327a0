// Two lists that agree in one name.
import { Tenant } from "@plumbline/models";
import { defineComparison } from "@plumbline/plugin-kit";

const list = (name: string, ...tenants: string[]) => ({
  name,
  models: [Tenant],
  provides: () => [],
  async *load() {
    for (const tenant of tenants) yield Tenant.record({ name: tenant });
  },
});

export default defineComparison({
  id: "two-lists",
  title: "Two lists",
  system: "Left list",
  otherSystem: "Right list",
  models: [Tenant],
  source: () => list("Left", "Acme", "Globex"),
  target: () => list("Right", "Acme", "Initech", "Umbrella"),
});
