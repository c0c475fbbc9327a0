import type { Canonical, FieldKind, SideName } from "@plumbline/sync";
import type { Direction, Variable } from "@plumbline/plugin-kit";

/** What discovery found, as data: the web process reads this and never imports a plugin. */
export interface Manifest {
  readonly jobs: readonly JobManifest[];
  readonly models: readonly ModelManifest[];
  readonly errors: readonly LoadError[];
}

/** A plugin, job file or declaration that could not be used. */
export interface LoadError {
  /** Absolute path, or the package's name where no file is known. */
  readonly file: string;
  readonly line: number | null;
  /** Thing, fact, next step. */
  readonly message: string;
}

export interface JobManifest {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly direction: Direction;
  readonly system: string;
  readonly sourceName: string;
  readonly targetName: string;
  /** Which side is the hub; null where neither is known to be. */
  readonly hubSide: SideName | null;
  /** Model names in dependency order. */
  readonly models: readonly string[];
  readonly variables: readonly ({ readonly name: string } & Variable)[];
  readonly dryRunDefault: boolean;
  readonly deletesDefault: boolean;
  /** How many deletes a run applies at most, and what becomes of types that are not deleted at once: a sentence each. */
  readonly deleteRules: readonly string[];
  /** What its runs are about, in words, with the inputs its form offers; empty for everything. */
  readonly scope: readonly string[];
  /** What its runs pass over: "device.comments", "site:delete". */
  readonly ignored: readonly string[];
  readonly mappings: readonly {
    readonly source: string;
    readonly sourceUrl: string | null;
    readonly targetUrl: string | null;
    readonly target: string;
  }[];
  /** Where people see an object in the system, by model name: an address with `{id}`. */
  readonly links: Readonly<Record<string, string>>;
  /** The same of the other system of a comparison. */
  readonly otherLinks: Readonly<Record<string, string>>;
  /** Whose ids the remembered pairs name. */
  readonly connection: string;
  readonly configuration: readonly { readonly label: string; readonly value: string }[];
  readonly isExample: boolean;
  /** The package, file or connection that brought the job. */
  readonly plugin: string;
  /** Runs with the same lock write to the same target, and take turns. */
  readonly targetLock: string;
}

export interface ModelManifest {
  readonly name: string;
  readonly plural: string;
  readonly label: string;
  readonly pluralLabel: string;
  readonly description: string;
  /** Name of the reference that is the parent in the tree people see. */
  readonly parent: string | null;
  /** Whether the hub keeps records of the model. */
  readonly isHub: boolean;
  /** The hub's model that it is a view of, where it has another name. */
  readonly viewOf: string | null;
  /** Heading in the menu; null for a plugin's own model. */
  readonly group: string | null;
  readonly fields: readonly FieldManifest[];
}

export interface FieldManifest {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly isKey: boolean;
  readonly isNullable: boolean;
  readonly isDerived: boolean;
  readonly description: string;
  /** Whether a new object must give it. */
  readonly isRequired: boolean;
  /** In canonical form; null where there is none. A reference's is a key string. */
  readonly default: Canonical;
  /** Model name a reference, or a set of references, points to. */
  readonly target: string | null;
  readonly choices: readonly string[];
  readonly maxLength: number | null;
  /** Bounds of a number, inclusive. */
  readonly min: number | null;
  readonly max: number | null;
  /** Digits after the point of a decimal. */
  readonly scale: number | null;
  /** Kind of what a set or list holds. */
  readonly members: FieldKind | null;
}
