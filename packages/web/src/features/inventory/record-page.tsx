import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { recordQuery } from "../../api/queries.ts";
import type { InventoryDetail, ModelManifest, ObjectChange } from "../../api/shapes.ts";
import { useModels } from "../../api/use-models.ts";
import { ActionBadge } from "../../components/badges.tsx";
import { ChangeValues } from "../../components/change-values.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { FieldValue } from "../../components/field-value.tsx";
import type { Models } from "../../components/key-label.ts";
import { Facts, Page, Panel } from "../../components/page.tsx";
import { PageError } from "../../components/page-error.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { EmptyState } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import classes from "./record-page.module.css";

export function RecordPage() {
  const { plural, recordId } = useParams({ from: "/frame/inventory/$plural/$recordId" });
  const record = useQuery(recordQuery(plural, recordId));
  const models = useModels();
  const model = [...models.values()].find((entry) => entry.plural === plural);
  if (record.isError) {
    return (
      <PageError
        title={model?.label ?? "Record"}
        thing={model?.label ?? plural}
        id={recordId}
        error={record.error}
        onRetry={() => void record.refetch()}
        list={
          model
            ? {
                label: `Look at all ${model.pluralLabel}`,
                to: "/inventory/$plural/",
                params: { plural },
              }
            : { label: "Go to the dashboard", to: "/plugins/ssot/" }
        }
      />
    );
  }
  if (record.isPending || !model) return <PageSkeleton />;
  return <Content record={record.data} model={model} models={models} />;
}

interface ContentProps {
  record: InventoryDetail;
  model: ModelManifest;
  models: Models;
}

function Content({ record, model, models }: ContentProps) {
  return (
    <Page
      title={record.label}
      lead={
        <>
          {model.label} · created <Time at={record.created} /> · updated{" "}
          <Time at={record.lastUpdated} />
        </>
      }
      crumbs={[
        { label: model.group ?? "Inventory" },
        { label: model.pluralLabel, to: `/inventory/${model.plural}/` },
        { label: record.label },
      ]}
    >
      <div className={classes.columns}>
        <Panel title={model.label}>
          <Facts
            items={[
              ...model.fields.map(
                (field) =>
                  [
                    field.label || field.name,
                    <FieldValue
                      key={field.name}
                      models={models}
                      field={field}
                      value={record.values[field.name]}
                    />,
                  ] as const,
              ),
              [
                "Id",
                <span key="id" className={classes.id}>
                  <span className="mono">{record.id}</span>
                  <CopyButton text={record.id} label="Copy the id" />
                </span>,
              ],
            ]}
          />
        </Panel>
        <Panel title="Changes">
          {record.changes.length > 0 ? (
            <ol className={classes.changes}>
              {record.changes.map((change) => (
                <ChangeItem key={change.id} change={change} model={model.name} models={models} />
              ))}
            </ol>
          ) : (
            <EmptyState title="No recorded change">
              Every create, update and delete of this object is listed here with its values.
            </EmptyState>
          )}
        </Panel>
      </div>
    </Page>
  );
}

function ChangeItem(props: { change: ObjectChange; model: string; models: Models }) {
  const { change, model, models } = props;
  return (
    <li>
      <div className={classes.changeHead}>
        <ActionBadge action={change.action} />
        <Time at={change.time} />
        {change.user !== null && <span className="quiet">by {change.user}</span>}
        {change.syncId !== null && (
          <Link to="/plugins/ssot/history/$syncId/" params={{ syncId: change.syncId }}>
            Sync record
          </Link>
        )}
      </div>
      <details>
        <summary>Values</summary>
        <ChangeValues
          models={models}
          model={model}
          action={change.action}
          before={change.before}
          after={change.after}
        />
      </details>
    </li>
  );
}
