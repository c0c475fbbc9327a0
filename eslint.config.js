import { basename } from "node:path";
import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** What each package may not import, and why: the arrows of ARCHITECTURE.md. */
const boundaries = [
  {
    package: "sync",
    forbidden: ["models", "plugin-kit", "integrations", "server", "web", "cli"],
    message: "The kernel imports nothing else of ours.",
  },
  {
    package: "models",
    forbidden: ["plugin-kit", "integrations", "server", "web", "cli"],
    message: "Models are data: they import the kernel only.",
  },
  {
    package: "plugin-kit",
    forbidden: ["integrations", "server", "web", "cli"],
    message: "The kit imports the kernel and the models only.",
  },
  {
    package: "integrations",
    forbidden: ["server", "web", "cli"],
    message: "An integration imports the kit, the models and the kernel only.",
  },
  {
    package: "server",
    forbidden: ["web", "cli"],
    message: "The server knows neither the pages nor the command line.",
  },
  {
    package: "web",
    forbidden: ["plugin-kit", "integrations", "server", "cli"],
    message: "The pages talk to the server over its API.",
  },
];

const noDeepImports = {
  regex: "^@plumbline/[^/]+/(src|dist)(/|$)",
  message: "Import a package by the entries of its `exports`.",
};
const noForeignSources = {
  regex: "^(\\.\\./)+(packages/)?(sync|models|plugin-kit|integrations|server|web|cli)/src/",
  message: "Import a package by its name, not by its path.",
};
const noNode = {
  regex: "^node:",
  message: "The kernel runs in a browser too.",
};

function restrictImports(...patterns) {
  return {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      { patterns: [noDeepImports, noForeignSources, ...patterns] },
    ],
  };
}

function boundaryPattern({ forbidden, message }) {
  return { regex: `^@plumbline/(${forbidden.join("|")})(/|$)`, message };
}

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx|js)$/;

const plumbline = {
  rules: {
    "kebab-case-file": {
      meta: { type: "layout", schema: [] },
      create: (context) => ({
        Program(node) {
          const name = basename(context.filename);
          // Routes are named after their paths: `$id.tsx`, `__root.tsx`.
          if (kebabCase.test(name.replace(/^(\$|__|_)/, ""))) return;
          context.report({ node, message: `Name the file in kebab-case: ${name}` });
        },
      }),
    },
  },
};

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "coverage/",
      "**/.cache/",
      "**/.plumbline/",
      "packages/web/src/api/schema.d.ts",
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  { plugins: { plumbline }, rules: { "plumbline/kebab-case-file": "error" } },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...restrictImports(),
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      // An adapter's `load` may yield without awaiting; its type asks for an async generator.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-non-null-assertion": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "max-lines": ["error", { max: 500 }],
    },
  },
  ...boundaries.map((boundary) => ({
    files: [`packages/${boundary.package}/**/*.{ts,tsx}`],
    rules: restrictImports(boundaryPattern(boundary)),
  })),
  {
    files: ["packages/sync/src/**/*.ts"],
    ignores: ["packages/sync/src/testing/**", "**/*.test.ts"],
    rules: restrictImports(boundaryPattern(boundaries[0]), noNode),
  },
  {
    files: ["packages/web/src/**/*.{ts,tsx}"],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      // `onClick={async () => …}`: the mutation reports its own failure.
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false } },
      ],
    },
  },
  {
    files: ["**/*.test.{ts,tsx}", "**/test/**/*.ts"],
    rules: {
      // A missing value fails the test at that line, which is what is wanted there.
      "@typescript-eslint/no-non-null-assertion": "off",
      "max-lines": "off",
    },
  },
  {
    // Written from the migrated database, a type for each table.
    files: ["packages/server/src/database/schema.ts"],
    rules: { "max-lines": "off" },
  },
  {
    files: ["scripts/**/*.ts", "bench/**/*.ts", "examples/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    // Models and adapters made by `declare` are subclasses, which this rule does not see.
    files: ["packages/sync/src/diffsync/*.test.ts", "bench/compare/diffsync.ts"],
    rules: { "@typescript-eslint/no-unsafe-class-instance-assignment": "off" },
  },
  {
    // What the repository generates comes from inside the packages.
    files: ["scripts/**/*.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": "off" },
  },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly" } },
  },
);
