import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = dirname(import.meta.dirname);
const packages = ["sync", "models", "plugin-kit", "integrations"];

interface Entry {
  readonly name: string;
  readonly file: string;
}

/** The sources of a package's entries, as its `exports` names them. */
function entriesOf(folder: string): Entry[] {
  const directory = join(root, "packages", folder);
  const { name, exports } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, Readonly<Record<string, string>> | string>>;
  };
  return Object.entries(exports).flatMap(([entry, target]) => {
    const source = typeof target === "string" ? undefined : target["@plumbline/source"];
    return source === undefined
      ? []
      : [{ name: name + entry.slice(1), file: join(directory, source) }];
  });
}

const entries = packages.flatMap(entriesOf);
const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    customConditions: ["@plumbline/source"],
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
  },
);
const checker = program.getTypeChecker();

function exportsOf(file: string): readonly ts.Symbol[] {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  return module ? checker.getExportsOfModule(module) : [];
}

/** What an exported name stands for: itself, or what it was exported from. */
function declared(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function where(symbol: ts.Symbol): string {
  const [declaration] = declared(symbol).declarations ?? [];
  const file = declaration ? relative(root, declaration.getSourceFile().fileName) : "?";
  return `${symbol.name} (${file})`;
}

/** A model's declaration says what it is; to say it again above would be once too often. */
function isDescribedModel(symbol: ts.Symbol): boolean {
  const text = symbol.valueDeclaration?.getText() ?? "";
  return /= defineModel\(/.test(text) && /^ {2}description:\s+"/m.test(text);
}

describe.each(entries)("what $name exports", ({ file }) => {
  const exported = exportsOf(file);

  it("says what it is", () => {
    const silent = exported.filter((symbol) => {
      const target = declared(symbol);
      return target.getDocumentationComment(checker).length === 0 && !isDescribedModel(target);
    });
    expect(exported.length).toBeGreaterThan(0);
    expect(silent.map(where)).toEqual([]);
  });

  it("has a type", () => {
    const untyped = exported.filter((symbol) => {
      const target = declared(symbol);
      const type =
        target.flags & ts.SymbolFlags.Value
          ? checker.getTypeOfSymbol(target)
          : checker.getDeclaredTypeOfSymbol(target);
      return (type.flags & ts.TypeFlags.Any) !== 0;
    });
    expect(untyped.map(where)).toEqual([]);
  });
});

describe("the adapters of the examples", () => {
  const adapters = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => {
      const source = readFileSync(join(root, "examples", file), "utf8");
      const functions = source.matchAll(/^(?:export )?function (\w+)\(.*\): Adapter \{$.*?^\}$/gms);
      return [...functions].map(([text, name]) => ({ name, lines: text.split("\n").length }));
    });

  it("are there to be read", () => {
    expect(adapters.map(({ name }) => name)).toContain("createBillingAdapter");
  });

  it.each(adapters)("take under 100 lines: $name", ({ lines }) => {
    expect(lines).toBeLessThan(100);
  });
});
