// Which version of the API a client asks for, and in which form it wants the answer.
import { refuse } from "./refused.ts";

/** The version of Nautobot's API that is spoken. */
export const apiVersion = "3.2";
const versions = ["2.0", "2.1", "2.2", "2.3", "2.4", "3.0", "3.1", apiVersion];

export type AnswerFormat = "json" | "csv";

/** @throws Refused for versions and formats there are not. */
export function negotiate(accept: string | undefined, query: URLSearchParams): AnswerFormat {
  const inHeader = /;\s*version=([^;,\s]+)/.exec(accept ?? "")?.[1];
  const inQuery = query.get("api_version") ?? undefined;
  if (inHeader !== undefined && !versions.includes(inHeader)) {
    const list = versions.map((version) => `"${version}"`).join(", ");
    throw refuse(
      406,
      `Invalid version "${inHeader}" in "Accept" header. Supported versions are: ${list}`,
    );
  }
  if (inQuery !== undefined && !versions.includes(inQuery)) {
    throw refuse(404, "Invalid version in query parameter.");
  }
  if (inHeader !== undefined && inQuery !== undefined && inHeader !== inQuery) {
    throw refuse(400, 'Version mismatch between "Accept" header and query parameter.');
  }
  const types = (accept ?? "*/*").split(",").map((type) => (type.split(";")[0] ?? "").trim());
  const takes = (type: string): boolean =>
    types.some((given) => ["*/*", `${type.split("/")[0] ?? ""}/*`, type].includes(given));
  const format = query.get("format");
  if (format === "csv") {
    if (takes("text/csv")) return "csv";
    throw refuse(406, "Could not satisfy the request Accept header.");
  }
  if (format !== null && format !== "json") throw refuse(404, "Not found.");
  const prefersCsv = types.includes("text/csv") && !takes("application/json");
  if (prefersCsv && format === null) return "csv";
  if (takes("application/json") || takes("text/html")) return "json";
  throw refuse(406, "Could not satisfy the request Accept header.");
}

export function answerVersion(headers: Headers | undefined): void {
  headers?.set("API-Version", apiVersion);
}
