import { Button, Checkbox, TextInput } from "@mantine/core";
import { useForm, type FormErrors } from "@mantine/form";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { ApiError, isRefused } from "../../api/client.ts";
import { runJob } from "../../api/commands.ts";
import { jobQuery } from "../../api/queries.ts";
import type { JobDetail } from "../../api/shapes.ts";
import { neededPermission, objectTypes, useMay } from "../../api/use-may.ts";
import { useModels } from "../../api/use-models.ts";
import { Page, Panel, type Crumb } from "../../components/page.tsx";
import { PageError } from "../../components/page-error.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { RefusedPage } from "../../components/refused-page.tsx";
import { ErrorState } from "../../components/states.tsx";
import { VariableInput } from "./variable-input.tsx";
import { faultsAtFields, initialValues, missingValues, toRunRequest } from "./run-values.ts";
import classes from "./run-page.module.css";

export function RunPage() {
  const { jobId } = useParams({ from: "/frame/plugins/ssot/jobs/$jobId/run" });
  const job = useQuery({ ...jobQuery(jobId), refetchOnWindowFocus: false });
  const mayRun = useMay()(objectTypes.job, "run");
  if (job.isPending) return <PageSkeleton />;
  if (!job.data || isRefused(job.error)) {
    return (
      <PageError
        title="Run"
        thing="job"
        id={jobId}
        error={job.error}
        onRetry={() => void job.refetch()}
        list={{ label: "Look at the jobs there are", to: "/plugins/ssot/" }}
      />
    );
  }
  if (!mayRun) {
    return (
      <RefusedPage title={`Run ${job.data.title}`} crumbs={crumbsOf(job.data)}>
        {neededPermission(objectTypes.job, "run")}
      </RefusedPage>
    );
  }
  return <RunForm key={jobId} job={job.data} />;
}

function crumbsOf(job: JobDetail): Crumb[] {
  return [
    { label: "Single Source of Truth", to: "/plugins/ssot/" },
    { label: job.title, to: `/plugins/ssot/jobs/${job.id}/` },
    { label: "Run" },
  ];
}

function RunForm({ job }: { job: JobDetail }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const models = useModels();
  const form = useForm({
    initialValues: initialValues(job),
    validate: (values) => missingValues(job, values),
  });
  const { isDryRun, asksDeletes } = form.values;
  const isComparison = job.direction === "comparison";
  const run = useMutation({
    mutationFn: (values: typeof form.values) => runJob(job.id, toRunRequest(job, values)),
    onError: (error) => {
      if (error instanceof ApiError) refuse(faultsAtFields(job, error));
    },
    onSuccess: async ({ jobResultId }) => {
      void client.invalidateQueries({ queryKey: ["status"] });
      void client.invalidateQueries({ queryKey: ["job", job.id] });
      await navigate({ to: "/extras/job-results/$jobResultId/", params: { jobResultId } });
    },
  });
  const names = job.models.map((name) => models.get(name)?.pluralLabel ?? name);

  function refuse(errors: FormErrors) {
    form.setErrors(errors);
    const [first] = Object.keys(errors);
    if (first) form.getInputNode(first)?.focus();
  }

  return (
    <Page
      title={`Run ${job.title}`}
      crumbs={crumbsOf(job)}
      lead={
        <>
          Reads {listOf(names)} from {job.sourceName} and from {job.targetName}, compares them, and{" "}
          {isComparison ? (
            <b>writes nothing.</b>
          ) : isDryRun ? (
            <b>writes nothing: it shows what would change in {job.targetName}.</b>
          ) : (
            <b>writes the differences to {job.targetName}.</b>
          )}
        </>
      }
    >
      <form
        onSubmit={form.onSubmit((values) => {
          run.mutate(values);
        }, refuse)}
        noValidate
        className={classes.form}
      >
        {job.variables.length > 0 && (
          <Panel title="Job data">
            <div className={classes.fields}>
              {job.variables.map((variable, index) => (
                <VariableInput
                  key={variable.name}
                  variable={variable}
                  field={form.getInputProps(
                    `variables.${index}`,
                    variable.kind === "boolean" ? { type: "checkbox" } : {},
                  )}
                />
              ))}
            </div>
          </Panel>
        )}
        <Panel title={isComparison ? "What it passes over" : "What it may do"}>
          <div className={classes.fields}>
            {!isComparison && (
              <>
                <Checkbox
                  label="Dry run"
                  description="Load, compare and record the differences; apply them later from the record."
                  {...form.getInputProps("isDryRun", { type: "checkbox" })}
                />
                <Checkbox
                  label="Apply deletes"
                  description={
                    asksDeletes
                      ? `Objects that ${job.sourceName} lacks are deleted from ${job.targetName}. ${job.deleteRules.join(". ")}. What is more, or all of a type, is held.`
                      : `Objects that ${job.sourceName} lacks are shown as deletes and stay in ${job.targetName}.`
                  }
                  {...form.getInputProps("asksDeletes", { type: "checkbox" })}
                />
              </>
            )}
            <TextInput
              label="Ignore"
              description={
                job.ignored.length > 0
                  ? `Beside ${job.ignored.join(", ")}: a field as device.comments, an action as site:delete.`
                  : "Fields and actions to pass over in this run: device.comments, site:delete."
              }
              {...form.getInputProps("ignore")}
            />
          </div>
        </Panel>
        {run.error && <ErrorState error={run.error} />}
        <div className={classes.buttons}>
          <Button
            type="submit"
            size="md"
            loading={run.isPending}
            leftSection={<IconPlayerPlay size={17} stroke={2} aria-hidden />}
          >
            {isComparison ? "Compare" : isDryRun ? "Run Job (dry run)" : "Run Job"}
          </Button>
          <Button
            variant="default"
            size="md"
            onClick={() =>
              void navigate({ to: "/plugins/ssot/jobs/$jobId/", params: { jobId: job.id } })
            }
          >
            Back
          </Button>
        </div>
      </form>
    </Page>
  );
}

function listOf(names: string[]): string {
  const words = names.map((name) => (/^[A-Z][a-z]/.test(name) ? name.toLowerCase() : name));
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1] ?? ""}`;
}
