import { defineConfig } from "vitest/config";
import everyday from "../../vitest.config.ts";

const { projects: _, ...test } = everyday.test ?? {};

/** Apart from the other tests: it needs a Nautobot that they must not need. */
export default defineConfig({
  ...everyday,
  test: {
    ...test,
    include: [
      "test/nautobot/read-whole.ts",
      ...(process.env["NAUTOBOT_TARGET_URL"]
        ? ["test/nautobot/taken-back.ts", "test/nautobot/through-the-hub.ts"]
        : []),
    ],
    globalSetup: ["packages/server/test/support/global-setup.ts"],
    testTimeout: 900_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    reporters: ["verbose"],
  },
});
