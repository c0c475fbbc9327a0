// Two lists that agree in one name, and know another differently.
import { Tenant } from "@plumbline/models";
import { defineComparison } from "@plumbline/plugin-kit";

const list = (name: string, description: string, ...tenants: string[]) => ({
  name,
  models: [Tenant],
  provides: () => ["description"],
  async *load() {
    for (const tenant of tenants) yield Tenant.record({ name: tenant });
    yield Tenant.record({ name: "Hooli", description }, { id: "Hooli" });
  },
});

export default defineComparison({
  id: "two-lists",
  title: "Two lists",
  system: "Left list",
  otherSystem: "Right list",
  models: [Tenant],
  links: { tenant: "https://left.example/{id}" },
  otherLinks: { tenant: "https://right.example/{id}" },
  source: () => list("Left", "as left knows it", "Acme", "Globex"),
  target: () => list("Right", "as right knows it", "Acme", "Initech", "Umbrella"),
});
