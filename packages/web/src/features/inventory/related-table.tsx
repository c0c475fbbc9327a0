import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { inventoryQuery } from "../../api/queries.ts";
import type {
  FieldManifest,
  InventoryDetail,
  InventoryRow,
  ModelManifest,
  ReferenceValue,
} from "../../api/shapes.ts";
import { useMay } from "../../api/use-may.ts";
import { FieldValue, isReferenceValue, ReferenceLink } from "../../components/field-value.tsx";
import { formatCount } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import { Panel } from "../../components/page.tsx";
import { ErrorState } from "../../components/states.tsx";
import tableClasses from "../../components/list-table.module.css";
import classes from "./related-table.module.css";

type RelatedTableFacts = ModelManifest["tables"][number];

const pageSize = 25;
/** More links than any page of records has in practice. */
const mostLinks = 500;

interface RelatedTableProps {
  models: Models;
  facts: RelatedTableFacts;
  /** Whose page it is. */
  record: InventoryDetail;
  owner: ModelManifest;
}

/** Records that refer to one, as a table on its page; nothing where there are none. */
export function RelatedTable({ models, facts, record, owner }: RelatedTableProps) {
  const model = models.get(facts.model);
  const [page, setPage] = useState(0);
  const rows = useQuery({
    ...inventoryQuery(model?.plural ?? "", {
      [facts.field]: record.id,
      limit: pageSize,
      offset: page * pageSize,
    }),
    enabled: model !== undefined,
  });
  const items = rows.data?.items ?? [];
  const linked = useLinked(models, facts, items);
  if (!model || (!rows.isError && items.length === 0)) return null;
  // A column that says nothing on this page only takes room.
  const fields = facts.columns
    .flatMap((name) => model.fields.find((field) => field.name === name) ?? [])
    .filter(({ name, isKey }) => isKey || items.some(({ values }) => hasValue(values[name])));
  const total = rows.data?.total ?? 0;
  return (
    <Panel
      title={
        <>
          {model.pluralLabel}
          <TableField model={model} facts={facts} />{" "}
          <span className={classes.count}>{formatCount(total)}</span>
        </>
      }
      aside={
        <span className={classes.aside}>
          <Link
            to="/inventory/$plural/"
            params={{ plural: model.plural }}
            search={{ [facts.field]: record.id }}
            aria-label={`Open as list: ${model.pluralLabel} of ${record.name}`}
          >
            Open as list
          </Link>
          {total > pageSize && (
            <Pages page={page} total={total} change={setPage} what={model.pluralLabel} />
          )}
        </span>
      }
    >
      {rows.error ? (
        <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
      ) : (
        <div className={tableClasses.scroll} data-stale={rows.isPlaceholderData || undefined}>
          <table className={tableClasses.table} role="table" aria-label={model.pluralLabel}>
            <thead role="rowgroup">
              <tr role="row">
                {fields.map((field) => (
                  <Head key={field.name}>{field.label}</Head>
                ))}
                {facts.linked && <Head>{facts.linked.label}</Head>}
              </tr>
            </thead>
            <tbody role="rowgroup">
              {items.map((item) => (
                <tr key={item.id} role="row">
                  {fields.map((field) => (
                    <td key={field.name} role="cell" data-label={field.label}>
                      <Cell models={models} model={model} field={field} item={item} />
                    </td>
                  ))}
                  {facts.linked && (
                    <td role="cell" data-label={facts.linked.label}>
                      <LinkedRecords
                        models={models}
                        owner={owner}
                        record={record}
                        references={linked.get(item.id) ?? []}
                      />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function hasValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== undefined && value !== "";
}

/** By which field, where a model refers by several: "untagged VLAN". */
function TableField({ model, facts }: { model: ModelManifest; facts: RelatedTableFacts }) {
  const field = model.fields.find(({ name }) => name === facts.field);
  if (!field || field.isKey || field.name === model.parent) return null;
  return <span className={classes.field}> by {field.label.toLowerCase()}</span>;
}

function Head({ children }: { children: ReactNode }) {
  return (
    <th role="columnheader" scope="col">
      {children}
    </th>
  );
}

function Cell(props: {
  models: Models;
  model: ModelManifest;
  field: FieldManifest;
  item: InventoryRow;
}) {
  const { models, model, field, item } = props;
  const value = item.values[field.name];
  const naming = model.fields.find(({ isKey, kind }) => isKey && kind !== "reference");
  const text = <FieldValue models={models} field={field} value={value} links="quiet" />;
  if (field.name !== naming?.name) return text;
  return (
    <Link
      to="/inventory/$plural/$recordId/"
      params={{ plural: model.plural, recordId: item.id }}
      title={item.label}
    >
      {value === null ? item.name : text}
    </Link>
  );
}

/** What a third model links records with, by the record's id. */
function useLinked(
  models: Models,
  { linked }: RelatedTableFacts,
  items: readonly InventoryRow[],
): ReadonlyMap<string, readonly ReferenceValue[]> {
  const may = useMay();
  const model = models.get(linked?.model ?? "");
  const links = useQuery({
    ...inventoryQuery(model?.plural ?? "", {
      [linked?.field ?? ""]: items.map(({ id }) => id),
      limit: mostLinks,
      offset: 0,
    }),
    enabled: model !== undefined && may(model.contentType, "view") && items.length > 0,
  });
  const byRecord = new Map<string, ReferenceValue[]>();
  if (!linked) return byRecord;
  for (const { values } of links.data?.items ?? []) {
    const of = values[linked.field];
    const shown = values[linked.shows];
    if (!isReferenceValue(of) || !isReferenceValue(shown)) continue;
    byRecord.set(of.id, [...(byRecord.get(of.id) ?? []), shown]);
  }
  return byRecord;
}

/** References, with what the page's own record says of each: "Primary IPv4". */
function LinkedRecords(props: {
  models: Models;
  owner: ModelManifest;
  record: InventoryDetail;
  references: readonly ReferenceValue[];
}) {
  const { models, owner, record, references } = props;
  if (references.length === 0) return <span className="quiet">—</span>;
  return (
    <ul className={classes.linked}>
      {references.map((reference) => (
        <li key={reference.id}>
          <ReferenceLink models={models} value={reference} links="quiet" />
          {owner.fields
            .filter(({ name }) => {
              const own = record.values[name];
              return isReferenceValue(own) && own.id === reference.id;
            })
            .map(({ name, label }) => (
              <span key={name} className={classes.mark}>
                {label}
              </span>
            ))}
        </li>
      ))}
    </ul>
  );
}

function Pages(props: {
  page: number;
  total: number;
  what: string;
  change: (page: number) => void;
}) {
  const { page, total, what, change } = props;
  const to = Math.min((page + 1) * pageSize, total);
  return (
    <span className={classes.pages}>
      <span className="number">
        {formatCount(page * pageSize + 1)}–{formatCount(to)}
      </span>
      <ActionIcon
        variant="default"
        size="sm"
        aria-label={`Previous ${what}`}
        disabled={page === 0}
        onClick={() => {
          change(page - 1);
        }}
      >
        <IconChevronLeft size={14} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="sm"
        aria-label={`Next ${what}`}
        disabled={to >= total}
        onClick={() => {
          change(page + 1);
        }}
      >
        <IconChevronRight size={14} />
      </ActionIcon>
    </span>
  );
}
