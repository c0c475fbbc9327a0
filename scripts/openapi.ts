// Writes the API's OpenAPI document and, from it, the types the pages use.
// With --check it writes nothing and fails when the files do not fit the declarations.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { createApiDocument } from "../packages/server/src/rest/document.ts";

const root = dirname(import.meta.dirname);
const folder = join(root, "packages/web/src/api");
const { version } = JSON.parse(
  readFileSync(join(root, "packages/server/package.json"), "utf8"),
) as { version: string };

const isCheck = process.argv.includes("--check");
const outputFolder = isCheck ? mkdtempSync(join(tmpdir(), "plumbline-openapi-")) : folder;
mkdirSync(outputFolder, { recursive: true });

const documentPath = join(outputFolder, "openapi.json");
const typesPath = join(outputFolder, "schema.d.ts");
const document = JSON.stringify(createApiDocument(version), null, 2);
writeFileSync(documentPath, await format(document, { parser: "json", printWidth: 100 }));

const generator = join(root, "packages/web/node_modules/openapi-typescript/bin/cli.js");
const result = spawnSync(process.execPath, [generator, documentPath, "-o", typesPath], {
  stdio: ["ignore", "ignore", "inherit"],
});
if (result.status !== 0) throw new Error("openapi-typescript failed; its message is above.");
const types = readFileSync(typesPath, "utf8");
writeFileSync(typesPath, await format(types, { parser: "typescript", printWidth: 100 }));

if (isCheck) {
  const isSame = ["openapi.json", "schema.d.ts"].every(
    (name) =>
      readFileSync(join(outputFolder, name), "utf8") === readFileSync(join(folder, name), "utf8"),
  );
  rmSync(outputFolder, { recursive: true });
  if (!isSame) {
    process.stderr.write(
      "packages/web/src/api does not fit the declarations of the API. Run `npm run openapi` and commit.\n",
    );
    process.exitCode = 1;
  }
}
