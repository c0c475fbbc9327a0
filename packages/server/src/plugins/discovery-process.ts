// Entry of the process that imports plugins to describe them: takes an Installation, answers a Manifest.
import { buildManifest } from "./build-manifest.ts";
import type { Installation } from "./installation.ts";
import { loadPlugins } from "./load-plugins.ts";

process.once("disconnect", () => process.exit());
process.once("message", (installation: Installation) => {
  void answer(installation);
});

async function answer(installation: Installation): Promise<void> {
  const loaded = await loadPlugins(installation);
  const limits = loaded.config.runs ?? {};
  const { keepDays } = loaded;
  process.send?.({ manifest: buildManifest(loaded), limits, keepDays }, () => process.exit());
}
