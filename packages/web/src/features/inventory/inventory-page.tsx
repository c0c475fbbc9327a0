import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { inventoryQuery, modelsQuery } from "../../api/queries.ts";
import { useMemo } from "react";
import type { FieldManifest, InventoryRow, ModelManifest } from "../../api/shapes.ts";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { ListTable } from "../../components/list-table.tsx";
import { ExportMenu } from "../../components/export-menu.tsx";
import { FieldValue, valueText } from "../../components/field-value.tsx";
import { FilterBar, FilterSelect, SearchBox } from "../../components/filter-bar.tsx";
import type { Models } from "../../components/key-label.ts";
import { Page, Panel } from "../../components/page.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { useListTable, type ListColumn } from "../../components/use-list-table.ts";
import { listPageSize, pageQuery, useSearchState } from "../../components/use-search-state.ts";
import { useModels } from "../../api/use-models.ts";

export function InventoryPage() {
  const { plural } = useParams({ from: "/frame/inventory/$plural" });
  const manifests = useQuery(modelsQuery);
  if (manifests.isPending) return <PageSkeleton />;
  const model = manifests.data?.find((entry) => entry.plural === plural);
  if (!model) {
    return (
      <Page title="Inventory">
        {manifests.error ? (
          <ErrorState error={manifests.error} onRetry={() => void manifests.refetch()} />
        ) : (
          <EmptyState
            title={`The hub has no model named “${plural}”`}
            action={<Link to="/plugins/ssot/">Go to the dashboard</Link>}
          >
            Choose one from the menu.
          </EmptyState>
        )}
      </Page>
    );
  }
  return <RecordList key={plural} model={model} />;
}

const ownParameters = new Set(["q", "sort", "page", "hide"]);

function RecordList({ model }: { model: ModelManifest }) {
  const { search, change, page } = useSearchState();
  const models = useModels();
  const fieldFilters = Object.fromEntries(
    Object.entries(search).filter(([name]) => !ownParameters.has(name)),
  );
  const filters = { ...fieldFilters, q: search.q, sort: search.sort };
  const records = useQuery(inventoryQuery(model.plural, { ...filters, ...pageQuery(page) }));
  const columns = useMemo(() => columnsOf(model, models), [model, models]);
  const table = useListTable({ columns, page: records.data, rowKey, pageSize: listPageSize });
  const isFiltered = Boolean(search.q) || Object.keys(fieldFilters).length > 0;
  return (
    <Page
      title={model.pluralLabel}
      lead={model.description}
      crumbs={[{ label: model.group ?? "Inventory" }, { label: model.pluralLabel }]}
      actions={<ExportMenu path={`/api/inventory/${model.plural}`} query={filters} />}
    >
      <Panel>
        <FilterBar>
          <SearchBox
            label={`Search ${model.pluralLabel}`}
            value={search.q ?? ""}
            onChange={(q) => {
              change({ q });
            }}
          />
          {model.fields.filter(isFilterable).map((field) => (
            <FilterSelect
              key={field.name}
              label={`Any ${(field.label || field.name).toLowerCase()}`}
              value={search[field.name]}
              choices={choicesOf(field)}
              onChange={(value) => {
                change({ [field.name]: value });
              }}
            />
          ))}
          <ColumnMenu table={table} />
        </FilterBar>
        <ListTable
          label={model.pluralLabel}
          table={table}
          query={records}
          empty={
            isFiltered ? (
              <EmptyState title={`Nothing matches these filters`}>
                Clear the text or a filter to see more.
              </EmptyState>
            ) : (
              <EmptyState
                title={`The hub holds no ${model.pluralLabel} yet`}
                action={<Link to="/plugins/ssot/">Go to the Data Sources</Link>}
              >
                They come in when a Data Source is synced.
              </EmptyState>
            )
          }
        />
      </Panel>
    </Page>
  );
}

function isFilterable(field: FieldManifest): boolean {
  return field.kind === "boolean" || field.kind === "choice";
}

function choicesOf(field: FieldManifest): { value: string; label: string }[] {
  if (field.kind === "boolean") {
    return [
      { value: "true", label: `${field.label}: yes` },
      { value: "false", label: `${field.label}: no` },
    ];
  }
  return field.choices.map((choice) => ({ value: choice, label: choice }));
}

const sortableKinds = new Set([
  "text",
  "integer",
  "decimal",
  "boolean",
  "choice",
  "date-time",
  "ip-address",
  "ip-interface",
  "prefix",
  "mac",
]);

function sortedBy(field: FieldManifest) {
  return { accessorFn: (record: InventoryRow) => record.values[field.name] };
}

function rowKey(record: InventoryRow): string {
  return record.id;
}

function columnsOf(model: ModelManifest, models: Models): ListColumn<InventoryRow>[] {
  const byName = new Map(model.fields.map((field) => [field.name, field]));
  const [first, ...rest] = model.listFields.flatMap((name) => byName.get(name) ?? []);
  const columns: ListColumn<InventoryRow>[] = [
    {
      id: first?.name ?? "label",
      header: first?.label || model.label,
      ...(first && sortableKinds.has(first.kind) ? sortedBy(first) : {}),
      cell: ({ row: { original: record } }) => (
        <Link
          to="/inventory/$plural/$recordId/"
          params={{ plural: model.plural, recordId: record.id }}
        >
          {(first && valueText(models, first, record.values[first.name])) || record.label}
        </Link>
      ),
    },
  ];
  for (const field of rest) {
    columns.push({
      id: field.name,
      header: field.label || field.name,
      ...(sortableKinds.has(field.kind) ? sortedBy(field) : {}),
      meta: { isNumber: field.kind === "integer" || field.kind === "decimal" },
      cell: ({ row: { original: record } }) => (
        <FieldValue models={models} field={field} value={record.values[field.name]} links="quiet" />
      ),
    });
  }
  return columns;
}
