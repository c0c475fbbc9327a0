import { defineConfig } from "vitest/config";

const condition = "@plumbline/source";

/** Apart from the other tests: it needs a Nautobot that they must not need. */
export default defineConfig({
  resolve: { conditions: [condition, "module", "node"] },
  ssr: {
    resolve: { conditions: [condition, "node"], externalConditions: [condition, "node"] },
  },
  test: {
    include: ["packages/integrations/test/nautobot/real-nautobot.ts"],
    execArgv: ["--conditions", condition],
    testTimeout: 300_000,
    reporters: ["verbose"],
  },
});
