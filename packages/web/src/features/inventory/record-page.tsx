import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { recordQuery, relatedQuery } from "../../api/queries.ts";
import type {
  FieldAuthor,
  FieldManifest,
  InventoryDetail,
  ModelManifest,
  ObjectChange,
} from "../../api/shapes.ts";
import { objectTypes, useMay, useSeesAll } from "../../api/use-may.ts";
import { useModels } from "../../api/use-models.ts";
import { ActionBadge } from "../../components/badges.tsx";
import { ButtonLink } from "../../components/button-link.tsx";
import { ChangeValues } from "../../components/change-values.tsx";
import { customGroups } from "../../components/custom-field.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { FieldValue } from "../../components/field-value.tsx";
import type { Models } from "../../components/key-label.ts";
import { Facts, Page, Panel } from "../../components/page.tsx";
import { PageError } from "../../components/page-error.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { EmptyState, ErrorState, LinesSkeleton } from "../../components/states.tsx";
import { Time } from "../../components/time.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { groupCrumb } from "./group-crumb.ts";
import { Notes } from "./notes.tsx";
import { RelatedLinks } from "./related-links.tsx";
import { RelatedTable } from "./related-table.tsx";
import { WithModel } from "./with-model.tsx";
import classes from "./record-page.module.css";

export function RecordPage() {
  return <WithModel>{(model) => <RecordOf model={model} />}</WithModel>;
}

function RecordOf({ model }: { model: ModelManifest }) {
  const { plural, recordId } = useParams({ from: "/frame/inventory/$plural/$recordId" });
  const record = useQuery(recordQuery(plural, recordId));
  const models = useModels();
  if (record.isError) {
    return (
      <PageError
        title={model.label}
        thing={model.label}
        id={recordId}
        error={record.error}
        onRetry={() => void record.refetch()}
        list={{
          label: `Look at all ${model.pluralLabel}`,
          to: "/inventory/$plural/",
          params: { plural },
        }}
      />
    );
  }
  if (record.isPending) return <PageSkeleton />;
  return <Content key={recordId} record={record.data} model={model} models={models} />;
}

interface ContentProps {
  record: InventoryDetail;
  model: ModelManifest;
  models: Models;
}

function Content({ record, model, models }: ContentProps) {
  const may = useMay();
  const own = model.fields.filter((field) => !field.isDerived);
  const isReference = ({ target }: FieldManifest) => target !== null;
  const groups: readonly { title: string; fields: FieldManifest[] }[] = [
    { title: model.label, fields: own.filter((field) => !isReference(field)) },
    { title: "Refers to", fields: own.filter(isReference) },
    ...customGroups(model.customFields),
    { title: "Computed by the hub", fields: model.fields.filter(({ isDerived }) => isDerived) },
  ];
  const usual = usualAuthor(Object.values(record.authors));
  const tables = model.tables.filter((facts) =>
    may(models.get(facts.model)?.contentType ?? null, "view"),
  );
  return (
    <Page
      title={record.name}
      lead={
        <>
          {model.label} · created <Time at={record.created} /> · updated{" "}
          <Time at={record.lastUpdated} />
          {usual && (
            <>
              {" "}
              · values <Author author={usual} />
            </>
          )}
          {record.owners.length > 0 && (
            <>
              {" "}
              · kept by{" "}
              {record.owners
                .map(({ owner }) => (owner === "person" ? "a person" : owner))
                .join(" and ")}
            </>
          )}
          {record.systemObjects.map(({ system, url }) => (
            <span key={url}>
              {" "}
              ·{" "}
              <a href={url} rel="noreferrer" className={classes.source}>
                Open in {system}
              </a>
            </span>
          ))}
        </>
      }
      crumbs={[
        ...groupCrumb(model),
        { label: model.pluralLabel, to: `/inventory/${model.plural}/` },
        ...record.path.flatMap(({ id, name, model: place }) => {
          const { plural } = models.get(place) ?? {};
          return plural ? [{ label: name, to: `/inventory/${plural}/${id}/` }] : [];
        }),
        { label: record.name },
      ]}
      actions={
        model.restPath !== null &&
        record.may.length > 0 && <Actions record={record} model={model} />
      }
    >
      <div className={classes.columns}>
        <div className={classes.column}>
          {groups.map(({ title, fields }, index) => (
            <FieldGroup
              key={title}
              title={title}
              fields={fields}
              record={record}
              models={models}
              usual={usual}
              extra={
                index === 0
                  ? [
                      [
                        "Id",
                        <span key="id" className={classes.id}>
                          <span className="mono">{record.id}</span>
                          <CopyButton text={record.id} label="Copy the id" />
                        </span>,
                      ],
                    ]
                  : []
              }
            />
          ))}
        </div>
        <div className={classes.column}>
          <Related record={record} model={model} models={models} />
          {model.hasNotes && model.restPath !== null && may(objectTypes.note, "view") && (
            <Notes path={`/api/${model.restPath}/${record.id}/notes/`} label={record.name} />
          )}
          {may(objectTypes.objectChange, "view") && (
            <Changes record={record} model={model} models={models} />
          )}
        </div>
      </div>
      {tables.length > 0 && (
        <div className={classes.tables}>
          {tables.map((facts) => (
            <RelatedTable
              key={`${facts.model} ${facts.field}`}
              models={models}
              facts={facts}
              record={record}
              owner={model}
            />
          ))}
        </div>
      )}
    </Page>
  );
}

function Actions({ record, model }: { record: InventoryDetail; model: ModelManifest }) {
  const navigate = useNavigate();
  const { plural } = model;
  const [isDeleting, deleting] = useDisclosure(false);
  return (
    <>
      {record.may.includes("delete") && (
        <Button
          variant="default"
          c="var(--delete)"
          leftSection={<IconTrash size={15} stroke={1.7} aria-hidden />}
          onClick={deleting.open}
        >
          Delete
        </Button>
      )}
      {record.may.includes("change") && (
        <ButtonLink
          to="/inventory/$plural/$recordId/edit/"
          params={{ plural, recordId: record.id }}
          leftSection={<IconPencil size={15} stroke={1.7} aria-hidden />}
        >
          Edit
        </ButtonLink>
      )}
      <DeleteDialog
        isOpen={isDeleting}
        model={model}
        ids={[record.id]}
        label={record.label}
        onClose={deleting.close}
        onDeleted={() => void navigate({ to: "/inventory/$plural/", params: { plural } })}
      />
    </>
  );
}

interface FieldGroupProps {
  title: string;
  fields: readonly FieldManifest[];
  record: InventoryDetail;
  models: Models;
  /** Who gave most values: said once for all of them. */
  usual: FieldAuthor | undefined;
  extra: readonly (readonly [string, ReactNode])[];
}

/** Fields with their values; those without any are named in one line. */
function FieldGroup({ title, fields, record, models, usual, extra }: FieldGroupProps) {
  const isEmpty = ({ name }: FieldManifest) => {
    const value = record.values[name];
    return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  };
  const empty = fields.filter(isEmpty);
  if (fields.length === 0) return null;
  return (
    <Panel title={title}>
      <Facts
        items={[
          ...fields
            .filter((field) => !isEmpty(field))
            .map(
              (field) =>
                [
                  field.label,
                  <span key={field.name} className={classes.value}>
                    <FieldValue models={models} field={field} value={record.values[field.name]} />
                    {sameAuthor(usual, record.authors[field.name]) ? null : (
                      <span className={classes.author}>
                        <Author author={record.authors[field.name]} />
                      </span>
                    )}
                  </span>,
                ] as const,
            ),
          ...extra,
        ]}
      />
      {empty.length > 0 && (
        <p className={classes.empty}>Empty: {empty.map(({ label }) => label).join(", ")}</p>
      )}
    </Panel>
  );
}

/** Who or what gave a field its value. */
function Author({ author }: { author: FieldAuthor | undefined }) {
  if (!author) return null;
  const { syncId, sourceName, user, time } = author;
  return (
    <>
      {sourceName === null && <>by {user ?? "the hub"}</>}
      {sourceName !== null && syncId === null && <>from {sourceName} (record deleted)</>}
      {sourceName !== null && syncId !== null && (
        <>
          from{" "}
          <Link to="/plugins/ssot/history/$syncId/" params={{ syncId }} className={classes.source}>
            {sourceName}
          </Link>
        </>
      )}
      , <Time at={time} />
    </>
  );
}

function sameAuthor(one: FieldAuthor | undefined, other: FieldAuthor | undefined): boolean {
  return (
    one?.time === other?.time &&
    one?.syncId === other?.syncId &&
    one?.sourceName === other?.sourceName &&
    one?.user === other?.user
  );
}

/** The author of the most fields. */
function usualAuthor(authors: readonly FieldAuthor[]): FieldAuthor | undefined {
  const countOf = (author: FieldAuthor) =>
    authors.filter((other) => sameAuthor(author, other)).length;
  return authors.reduce<FieldAuthor | undefined>(
    (best, author) => (best && countOf(best) >= countOf(author) ? best : author),
    undefined,
  );
}

function Related({ record, model, models }: ContentProps) {
  const related = useQuery(relatedQuery(model.plural, [record.id]));
  const seesAll = useSeesAll();
  return (
    <Panel title="Referred to by">
      {related.isPending ? (
        <LinesSkeleton lines={2} />
      ) : related.isError ? (
        <ErrorState error={related.error} onRetry={() => void related.refetch()} />
      ) : related.data.length === 0 ? (
        <p className={classes.empty}>
          Nothing {seesAll ? "" : "that you may see "}refers to this {model.label}.
        </p>
      ) : (
        <RelatedLinks models={models} related={related.data} ids={[record.id]} />
      )}
    </Panel>
  );
}

const changesAtFirst = 5;
/** As many as the server gives; those before are in the API's `changelog`. */
const mostChanges = 100;

function Changes({ record, model, models }: ContentProps) {
  const [isAll, setIsAll] = useState(false);
  const { changes } = record;
  const shown = isAll ? changes : changes.slice(0, changesAtFirst);
  return (
    <Panel title="Changes">
      {changes.length === 0 && (
        <EmptyState title="No recorded change">
          Every create, update and delete of this object is listed here with its values.
        </EmptyState>
      )}
      <ol className={classes.changes}>
        {shown.map((change) => (
          <ChangeItem key={change.id} change={change} model={model.name} models={models} />
        ))}
      </ol>
      {shown.length < changes.length && (
        <Button
          className={classes.more}
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            setIsAll(true);
          }}
        >
          {changes.length < mostChanges
            ? `Show all ${changes.length}`
            : `Show the newest ${mostChanges}`}
        </Button>
      )}
    </Panel>
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
        {change.syncId === null && change.sourceName !== null && (
          <span className="quiet">Sync from {change.sourceName} (record deleted)</span>
        )}
        {change.syncId !== null && change.sourceName !== null && (
          <Link to="/plugins/ssot/history/$syncId/" params={{ syncId: change.syncId }}>
            Sync from {change.sourceName}
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
