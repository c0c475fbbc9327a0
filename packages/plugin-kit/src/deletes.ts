import {
  type DeleteCeiling,
  defaultCeiling,
  InvalidDeclarationError,
  type Model,
} from "@plumbline/sync";

/**
 * What becomes of objects that the source lacks: `now` deletes them, `never` keeps them; `afterDays` deletes what
 * has been missing for so many days; `setStatus` gives them a status and keeps them. Whatever it is, a half-read source
 * changes nothing, deletes have to be asked for, and ceilings hold.
 */
export type DeletePolicy =
  "now" | "never" | { readonly afterDays: number } | { readonly setStatus: string };

/** One policy for every type, or by model name. */
export type DeletePolicies = DeletePolicy | Readonly<Record<string, DeletePolicy>>;

/** The most deletes that are applied; above both figures of a type all of it are held. */
export interface DeleteCeilings {
  /** Of the type's objects in scope, per cent. */
  readonly percent: number;
  readonly count: number;
  /** Other figures for some types, by model name. */
  readonly types: Readonly<Record<string, Partial<DeleteCeiling>>>;
  /** Of all types together; above it all are held. Null for none. */
  readonly total: number | null;
}

/** What a job does with deletes, whole. */
export interface DeleteRules {
  readonly deleteCeiling: DeleteCeilings;
  /** By model name; `now` where a model is not named. */
  readonly deletePolicy: Readonly<Record<string, DeletePolicy>>;
}

/** What is said of a job's deletes; the rest stays as it was. */
export interface DeclaredDeletes {
  readonly deletePolicy?: DeletePolicies | undefined;
  readonly deleteCeiling?: Partial<DeleteCeilings> | undefined;
}

const unsaid: DeleteRules = {
  deletePolicy: {},
  deleteCeiling: { ...defaultCeiling, types: {}, total: null },
};

/**
 * The rules of a job's deletes once more is said of them.
 * @throws InvalidDeclarationError for a policy or a ceiling that cannot be kept
 */
export function ruleDeletes(
  { id, models }: { readonly id: string; readonly models: readonly Model[] },
  declared: DeclaredDeletes,
  { deletePolicy, deleteCeiling }: DeleteRules = unsaid,
): DeleteRules {
  const { types, ...figures } = declared.deleteCeiling ?? {};
  const rules: DeleteRules = {
    deletePolicy: { ...deletePolicy, ...byModel(models, declared.deletePolicy ?? {}) },
    deleteCeiling: { ...deleteCeiling, ...figures, types: { ...deleteCeiling.types, ...types } },
  };
  const refuse = (fault: string): never => {
    throw new InvalidDeclarationError(`The job ${id}: ${fault}`);
  };
  const modelOf = (name: string, what: string): Model =>
    models.find((model) => model.name === name) ??
    refuse(
      `its delete ${what} is for ${name}, which it does not sync. It syncs ${models.map((each) => each.name).join(", ")}.`,
    );
  for (const [name, policy] of Object.entries(rules.deletePolicy)) {
    const fault = faultOf(policy, modelOf(name, "policy"));
    if (fault !== null) refuse(fault);
  }
  const { percent, count, total } = rules.deleteCeiling;
  const ceilings = Object.entries(rules.deleteCeiling.types).flatMap(([name, ceiling]) => {
    modelOf(name, "ceiling");
    return Object.values(ceiling);
  });
  for (const figure of [percent, count, total ?? 0, ...ceilings]) {
    if (Number.isFinite(figure) && figure >= 0) continue;
    refuse(`${JSON.stringify(figure)} is no ceiling of deletes. Give a number from 0 on.`);
  }
  return rules;
}

function byModel(
  models: readonly Model[],
  policies: DeletePolicies,
): Readonly<Record<string, DeletePolicy>> {
  const isOne = typeof policies === "string" || "afterDays" in policies || "setStatus" in policies;
  if (!isOne) return policies;
  return Object.fromEntries(models.map(({ name }) => [name, policies as DeletePolicy]));
}

/** Why the model's objects cannot be deleted so; null where they can. */
function faultOf(policy: unknown, { name, names }: Model): string | null {
  if (policy === "now" || policy === "never") return null;
  const { afterDays, setStatus } = Object(policy) as Record<string, unknown>;
  if (afterDays !== undefined) {
    return typeof afterDays === "number" && afterDays > 0
      ? null
      : `${name} cannot be deleted after ${JSON.stringify(afterDays)} days. Give a number above 0.`;
  }
  if (typeof setStatus !== "string") {
    return `${JSON.stringify(policy)} is no delete policy of ${name}. Give "now", "never", { afterDays } or { setStatus }.`;
  }
  if (names.includes("status")) return null;
  return `${name} cannot be marked with a status, as it has no field \`status\`. Give it another delete policy.`;
}
