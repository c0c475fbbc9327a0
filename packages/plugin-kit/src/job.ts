import {
  type Adapter,
  type IgnoreRule,
  InvalidDeclarationError,
  type Logger,
  type Model,
  type Scope,
  type SideName,
} from "@plumbline/sync";
import {
  type DeleteCeilings,
  type DeletePolicies,
  type DeleteRules,
  ruleDeletes,
} from "./deletes.ts";
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
  /**
   * The job's models as this run has them: those of the hub with a field `cf_<key>` for each custom field that their
   * objects have. An adapter over these carries custom fields; one over the models as they are declared leaves them be.
   */
  readonly models: readonly Model[];
  readonly variables: VariableValues;
  readonly hub: Hub;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Absolute path of the installation's data directory, for jobs that keep files. */
  readonly dataDirectory: string;
}

/**
 * A row of the table that says which of the source's data becomes which of the target's. On the hub's side a model's
 * name links to its list; other text is shown as it is.
 */
export interface DataMapping {
  readonly source: string;
  /** Where people see it in the source, an http or https address. */
  readonly sourceUrl?: string | undefined;
  readonly target: string;
  readonly targetUrl?: string | undefined;
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

/** `source`: a system into the hub. `target`: the hub into a system. `comparison`: two sides, and nothing is written. */
export type Direction = "source" | "target" | "comparison";

/** A declared Data Source, Data Target or comparison. */
export interface DataSyncJob extends DeleteRules {
  readonly direction: Direction;
  /** kebab-case, unique in an installation: part of URLs and of the command line. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The other system's name: "Nautobot (lab)". */
  readonly system: string;
  /** What people call the side that `openOther` opens; null where its title says it. */
  readonly otherSystem: string | null;
  /** Which side is the hub; null where neither is known to be. */
  readonly hubSide: SideName | null;
  /** Models synced; the order does not matter. */
  readonly models: readonly Model[];
  readonly variables: Variables;
  readonly dryRunDefault: boolean;
  /** Whether a run applies deletes when nothing is said. Off unless declared. */
  readonly deletesDefault: boolean;
  /** What a run is about, from its inputs, the same for both sides; null where it is always everything. */
  readonly scope: ((variables: VariableValues) => Scope | null) | null;
  /** What of the models every run passes over. */
  readonly ignore: readonly IgnoreRule[];
  readonly mappings: readonly DataMapping[];
  /**
   * Where people see an object in the system, by model name: "https://crm.example/tenants/{id}", with the id that
   * the system's adapter gives the record.
   */
  readonly links: Readonly<Record<string, string>>;
  /** The same of the other system of a comparison. */
  readonly otherLinks: Readonly<Record<string, string>>;
  /** Settings worth showing on the detail page, never secrets. */
  readonly configuration: readonly { readonly label: string; readonly value: string }[];
  readonly isExample: boolean;
  /** Names the ids of the other system for remembered pairs; the connection's or the job's id. */
  readonly connection: string;
  /** Opens the side the author wrote, of a comparison the source; the other is the hub unless `openOther` is given. */
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
  /** 10 per cent and 10 where nothing is said. */
  deleteCeiling?: Partial<DeleteCeilings>;
  /** One for every type, or by model name; `now` where nothing is said. */
  deletePolicy?: DeletePolicies;
  /** What a run is about: nothing else is changed, or taken for deleted. Null for everything. */
  scope?: (variables: VariableValues) => Scope | null;
  /** Fields that are neither compared nor written, actions that are counted alone. */
  ignore?: readonly IgnoreRule[];
  mappings?: readonly DataMapping[];
  /** Where people see an object in `system`, by model name: an http or https address with `{id}`, no secret in it. */
  links?: Readonly<Record<string, string>>;
  configuration?: readonly { label: string; value: string }[];
  isExample?: boolean;
  connection?: string;
  sync?: (run: SyncRun) => Promise<void>;
}

/** What a comparison is declared with: whatever says what may be written has no place in it. */
export type ComparisonDeclaration = Omit<
  DataSyncDeclaration,
  "dryRunDefault" | "deletes" | "deleteCeiling" | "deletePolicy" | "sync"
> & {
  /** Opens the side called `system`, or is the hub. */
  source: Open | "hub";
  /** What people call the other side. */
  otherSystem: string;
  /** Opens the other side, or is the hub. */
  target: Open | "hub";
  /** As `links`, in `otherSystem`. */
  otherLinks?: Readonly<Record<string, string>>;
};

type Open = (context: OpenContext) => Promise<Adapter> | Adapter;

/** The side that the author did not write. */
const otherSide = { source: "target", target: "source", comparison: "target" } as const;

function declare(
  direction: Direction,
  declaration: DataSyncDeclaration,
  open: Open,
  openOther: Open | undefined,
): DataSyncJob {
  assertModels(declaration);
  return {
    direction,
    id: declaration.id,
    title: declaration.title,
    description: declaration.description ?? "",
    system: declaration.system,
    otherSystem: null,
    hubSide: openOther === undefined ? otherSide[direction] : null,
    models: declaration.models,
    variables: declaration.variables ?? {},
    dryRunDefault: declaration.dryRunDefault ?? true,
    deletesDefault: declaration.deletes ?? false,
    ...ruleDeletes(declaration, declaration),
    scope: declaration.scope ?? null,
    ignore: declaration.ignore ?? [],
    mappings:
      declaration.mappings ??
      declaration.models.map((model) => ({ source: model.pluralLabel, target: model.name })),
    links: declaration.links ?? {},
    otherLinks: {},
    configuration: declaration.configuration ?? [],
    isExample: declaration.isExample ?? false,
    connection: declaration.connection ?? declaration.id,
    open,
    openOther: openOther ?? null,
    sync: declaration.sync ?? null,
  };
}

/** What comes out of a configuration or plain JavaScript may be anything. */
function assertModels({ id, models }: DataSyncDeclaration): void {
  for (const model of models as readonly unknown[]) {
    if (typeof model === "object" && model !== null && "keyNames" in model) continue;
    throw new InvalidDeclarationError(
      `The job ${id} has ${JSON.stringify(model)} among its models, which is not a model. Give the model itself, one of @plumbline/models say: import { Tenant } from "@plumbline/models" and models: [Tenant].`,
    );
  }
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

/** Declares a job that compares two sides, the hub among them or not. Its runs are dry runs, and never applied. */
export function defineComparison(declaration: ComparisonDeclaration): DataSyncJob {
  const { source, target, otherSystem, otherLinks = {} } = declaration;
  // What the source lacks is a difference like any other: no guard holds it.
  const asked = { ...declaration, dryRunDefault: true, deletes: true };
  const opening = (side: Open | "hub"): Open =>
    side === "hub" ? ({ hub, models }) => hub.adapter(models) : side;
  const hubSide = source === "hub" ? "source" : target === "hub" ? "target" : null;
  const job = declare("comparison", asked, opening(source), opening(target));
  return { ...job, otherSystem, otherLinks, hubSide };
}
