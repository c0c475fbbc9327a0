// What is imported from plugins is checked by its shape, not its class: a plugin may carry its own
// copy of the kit.
import type { Config, DataSyncJob, Plugin } from "@plumbline/plugin-kit";

export function isConfig(value: unknown): value is Config {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isPlugin(value: unknown): value is Plugin {
  return (
    isObject(value) &&
    typeof value["name"] === "string" &&
    Array.isArray(value["jobs"]) &&
    value["jobs"].every(isJob)
  );
}

export function isJob(value: unknown): value is DataSyncJob {
  return (
    isObject(value) &&
    typeof value["id"] === "string" &&
    typeof value["title"] === "string" &&
    ["source", "target", "comparison"].includes(String(value["direction"])) &&
    Array.isArray(value["models"]) &&
    typeof value["open"] === "function"
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
