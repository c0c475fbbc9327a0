import type { Adapter, IgnoreRule, Logger, Model, Scope } from "@plumbline/sync";
import type { HubLookup } from "./projection.ts";
import type { Variables, VariableValues } from "./variable.ts";

/** The central inventory as a job sees it. */
export interface Hub extends HubLookup {
  readonly name: string;
  /**
   * An adapter over the hub's records of these models, projections among them.
   * @throws UnsupportedOperationError for a model it lacks.
   */
  adapter(models: readonly Model[]): Adapter;
}

/** What a job's adapters are opened with. */
export interface OpenContext {
  readonly variables: VariableValues;
  readonly hub: Hub;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Absolute path of the installation's data directory, for jobs that keep files. */
  readonly dataDirectory: string;
}

/** A row of the table that says which of the system's data becomes which of the hub's. */
export interface DataMapping {
  readonly source: string;
  readonly sourceUrl?: string | undefined;
  /** A hub model's name links to its list; other text is shown as it is. */
  readonly target: string;
}

/** A run in its steps, for jobs that do more than load, plan and apply. */
export interface SyncRun {
  readonly isDryRun: boolean;
  readonly variables: VariableValues;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Loads both sides, in parallel. */
  load(): Promise<void>;
  /** Diffs and lets the guards rule. */
  plan(): Promise<void>;
  /** Applies the plan; does nothing in a dry run. */
  apply(): Promise<void>;
}

/** A declared Data Source or Data Target. */
export interface DataSyncJob {
  readonly direction: "source" | "target";
  /** kebab-case, unique in an installation: part of URLs and of the command line. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The other system's name: "Nautobot (lab)". */
  readonly system: string;
  /** Models synced; the order does not matter. */
  readonly models: readonly Model[];
  readonly variables: Variables;
  readonly dryRunDefault: boolean;
  /** Whether a run applies deletes when nothing is said. Off unless declared. */
  readonly deletesDefault: boolean;
  /** Most deletes of a type, as per cent of its objects in scope and as a number; held above both. */
  readonly deleteCeiling: { readonly percent: number; readonly count: number };
  /** What a run is about, from its inputs, the same for both sides; null where it is always everything. */
  readonly scope: ((variables: VariableValues) => Scope | null) | null;
  /** What of the models every run passes over. */
  readonly ignore: readonly IgnoreRule[];
  readonly mappings: readonly DataMapping[];
  /** Settings worth showing on the detail page, never secrets. */
  readonly configuration: readonly { readonly label: string; readonly value: string }[];
  readonly isExample: boolean;
  /** Names the ids of the other system for remembered pairs; the connection's or the job's id. */
  readonly connection: string;
  /** Opens the side the author wrote; the other is the hub unless `hubSide` is given. */
  readonly open: (context: OpenContext) => Promise<Adapter> | Adapter;
  /** Replaces the hub as the other side. */
  readonly openOther: ((context: OpenContext) => Promise<Adapter> | Adapter) | null;
  /** Replaces load, plan, apply. */
  readonly sync: ((run: SyncRun) => Promise<void>) | null;
}

/** What Data Sources and Data Targets are declared with. */
export interface DataSyncDeclaration {
  id: string;
  title: string;
  description?: string;
  system: string;
  models: readonly Model[];
  variables?: Variables;
  dryRunDefault?: boolean;
  deletes?: boolean;
  deleteCeiling?: { percent?: number; count?: number };
  /** What a run is about: nothing else is changed, or taken for deleted. Null for everything. */
  scope?: (variables: VariableValues) => Scope | null;
  /** Fields that are neither compared nor written, actions that are counted alone. */
  ignore?: readonly IgnoreRule[];
  mappings?: readonly DataMapping[];
  configuration?: readonly { label: string; value: string }[];
  isExample?: boolean;
  connection?: string;
  sync?: (run: SyncRun) => Promise<void>;
}

type Open = (context: OpenContext) => Promise<Adapter> | Adapter;

function declare(
  direction: "source" | "target",
  declaration: DataSyncDeclaration,
  open: Open,
  openOther: Open | undefined,
): DataSyncJob {
  return {
    direction,
    id: declaration.id,
    title: declaration.title,
    description: declaration.description ?? "",
    system: declaration.system,
    models: declaration.models,
    variables: declaration.variables ?? {},
    dryRunDefault: declaration.dryRunDefault ?? true,
    deletesDefault: declaration.deletes ?? false,
    deleteCeiling: {
      percent: declaration.deleteCeiling?.percent ?? 10,
      count: declaration.deleteCeiling?.count ?? 10,
    },
    scope: declaration.scope ?? null,
    ignore: declaration.ignore ?? [],
    mappings:
      declaration.mappings ??
      declaration.models.map((model) => ({ source: model.pluralLabel, target: model.name })),
    configuration: declaration.configuration ?? [],
    isExample: declaration.isExample ?? false,
    connection: declaration.connection ?? declaration.id,
    open,
    openOther: openOther ?? null,
    sync: declaration.sync ?? null,
  };
}

/** Declares a job that syncs a system into the hub (or into the side `target` opens). */
export function defineDataSource(
  declaration: DataSyncDeclaration & { source: Open; target?: Open },
): DataSyncJob {
  return declare("source", declaration, declaration.source, declaration.target);
}

/** Declares a job that syncs the hub (or the side `source` opens) into a system. */
export function defineDataTarget(
  declaration: DataSyncDeclaration & { target: Open; source?: Open },
): DataSyncJob {
  return declare("target", declaration, declaration.target, declaration.source);
}
