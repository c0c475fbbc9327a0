import type { FormErrors } from "@mantine/form";
import type { ApiError } from "../../api/client.ts";
import type { JobDetail, JobVariable, RunRequest } from "../../api/shapes.ts";

type Value = RunRequest["variables"][string];

/** What the sync form holds: the variables in the order of their declaration, empty text for none. */
export interface RunValues {
  isDryRun: boolean;
  asksDeletes: boolean;
  /** What the run passes over, separated by commas. */
  ignore: string;
  variables: Value[];
}

/** Last used values, then declared defaults. */
export function initialValues(job: JobDetail): RunValues {
  const last = job.lastInput?.variables ?? {};
  return {
    isDryRun: job.dryRunDefault,
    asksDeletes: job.deletesDefault,
    ignore: "",
    variables: job.variables.map((variable) => {
      const value = last[variable.name] ?? null;
      return isOffered(variable, value) ? value : (variable.default ?? emptyOf(variable));
    }),
  };
}

/** Whether a value of an earlier run still fits: a choice may have gone since. */
function isOffered(variable: JobVariable, value: Value): boolean {
  if (value === null) return false;
  return variable.kind !== "choice" || variable.choices.includes(String(value));
}

function emptyOf(variable: JobVariable): Value {
  if (variable.kind === "boolean") return false;
  return variable.kind === "choice" ? null : "";
}

export function missingValues(job: JobDetail, values: RunValues): FormErrors {
  const missing = job.variables.flatMap((variable, index) => {
    const value = values.variables[index] ?? "";
    return variable.isRequired && value === "" ? [[`variables.${index}`, "Is required"]] : [];
  });
  return Object.fromEntries(missing) as FormErrors;
}

export function toRunRequest(job: JobDetail, values: RunValues): RunRequest {
  const { isDryRun, asksDeletes, ignore, variables } = values;
  return {
    isDryRun,
    asksDeletes,
    ignore: ignore.split(/[,\s]+/).filter((each) => each !== ""),
    variables: Object.fromEntries(
      job.variables.map((variable, index) => {
        const value = variables[index] ?? null;
        return [variable.name, value === "" ? null : value];
      }),
    ),
  };
}

/** What the server found wrong with single variables, at their fields. */
export function faultsAtFields(job: JobDetail, error: ApiError): FormErrors {
  const faults = Object.entries(error.details["faults"] ?? {});
  const atFields = faults.flatMap(([name, fault]) => {
    const index = job.variables.findIndex((variable) => variable.name === name);
    return index < 0 || typeof fault !== "string" ? [] : [[`variables.${index}`, sentence(fault)]];
  });
  return Object.fromEntries(atFields) as FormErrors;
}

function sentence(fault: string): string {
  return fault.charAt(0).toUpperCase() + fault.slice(1);
}
