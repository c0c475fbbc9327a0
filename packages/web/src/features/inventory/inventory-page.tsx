import { Button, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFilter, IconPlus, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { inventoryQuery } from "../../api/queries.ts";
import type { FieldManifest, InventoryRow, ModelManifest } from "../../api/shapes.ts";
import { neededPermission, useMay } from "../../api/use-may.ts";
import { useModels } from "../../api/use-models.ts";
import { ButtonLink } from "../../components/button-link.tsx";
import { ColumnMenu } from "../../components/column-menu.tsx";
import { ExportMenu } from "../../components/export-menu.tsx";
import { FieldValue } from "../../components/field-value.tsx";
import { FilterBar, SearchBox } from "../../components/filter-bar.tsx";
import type { Models } from "../../components/key-label.ts";
import { ListTable } from "../../components/list-table.tsx";
import { Page, Panel, type Crumb } from "../../components/page.tsx";
import { RefusedPage } from "../../components/refused-page.tsx";
import { EmptyState } from "../../components/states.tsx";
import { useListTable, type ListColumn } from "../../components/use-list-table.ts";
import { listPageSize, pageQuery, useSearchState } from "../../components/use-search-state.ts";
import { ChosenRecords } from "./chosen-records.tsx";
import { ActiveFilters, FilterPanel } from "./filter-panel.tsx";
import { groupCrumb } from "./group-crumb.ts";
import { fileFormats } from "./import-text.ts";
import { filterParameters, filterQuery, filtersOf } from "./list-filters.ts";
import { NoRecords } from "./no-records.tsx";
import { RecordTree } from "./record-tree.tsx";
import { WithModel } from "./with-model.tsx";

export function InventoryPage() {
  return <WithModel>{(model) => <Inventory key={model.plural} model={model} />}</WithModel>;
}

function Inventory({ model }: { model: ModelManifest }) {
  const may = useMay();
  const crumbs = [...groupCrumb(model), { label: model.pluralLabel }];
  if (may(model.contentType, "view")) return <Records model={model} crumbs={crumbs} />;
  return (
    <RefusedPage title={model.pluralLabel} crumbs={crumbs}>
      {neededPermission(model.contentType, "view")}
    </RefusedPage>
  );
}

function Records({ model, crumbs }: { model: ModelManifest; crumbs: Crumb[] }) {
  const may = useMay();
  const mayAdd = may(model.contentType, "add");
  const { search, change } = useSearchState();
  const isTree = model.treeField !== null && search["view"] === "tree";
  const models = useModels();
  const parameters = filterParameters(search);
  const query = { ...filterQuery(models, model, parameters), q: search["q"], sort: search["sort"] };
  return (
    <Page
      title={model.pluralLabel}
      lead={model.description}
      crumbs={crumbs}
      actions={
        <>
          {model.treeField !== null && (
            <SegmentedControl
              size="sm"
              aria-label="How they are shown"
              value={isTree ? "tree" : "list"}
              data={[
                { value: "list", label: "List" },
                { value: "tree", label: "Tree" },
              ]}
              onChange={(view) => {
                change({ view: view === "tree" ? "tree" : undefined });
              }}
            />
          )}
          {!isTree && (
            <ExportMenu
              path={`/api/inventory/${model.plural}`}
              query={query}
              formats={fileFormats}
            />
          )}
          {(mayAdd || may(model.contentType, "change")) && (
            <ButtonLink
              variant="default"
              to="/inventory/$plural/import/"
              params={{ plural: model.plural }}
              leftSection={<IconUpload size={15} stroke={1.7} aria-hidden />}
            >
              Import
            </ButtonLink>
          )}
          {model.restPath !== null && mayAdd && (
            <ButtonLink
              to="/inventory/$plural/new/"
              params={{ plural: model.plural }}
              leftSection={<IconPlus size={16} stroke={2} aria-hidden />}
            >
              Add {nounOf(model)}
            </ButtonLink>
          )}
        </>
      }
    >
      <Panel>{isTree ? <RecordTree model={model} /> : <RecordList model={model} />}</Panel>
    </Page>
  );
}

/** A model's label within a sentence: "location", but "IP address". */
function nounOf({ label }: ModelManifest): string {
  return /^[A-Z][a-z]/.test(label) ? label.toLowerCase() : label;
}

/** A page of records at once; how many there are in all follows where that takes long to count. */
function useRecords(model: ModelManifest, query: Parameters<typeof inventoryQuery>[1]) {
  const page = useQuery(inventoryQuery(model.plural, { ...query, needsTotal: "false" }));
  const isCounting = page.data?.isTotalExact === false && !page.isPlaceholderData;
  const counted = useQuery({ ...inventoryQuery(model.plural, query), enabled: isCounting });
  return isCounting && counted.data && !counted.isPlaceholderData ? counted : page;
}

function RecordList({ model }: { model: ModelManifest }) {
  const { search, filter, change, page } = useSearchState();
  const may = useMay();
  const mayAct = may(model.contentType, "change") || may(model.contentType, "delete");
  const models = useModels();
  const filters = useMemo(() => filtersOf(model), [model]);
  const parameters = filterParameters(search);
  const [isFilterOpen, filterPanel] = useDisclosure(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const records = useRecords(model, {
    ...filterQuery(models, model, parameters),
    q: search["q"],
    sort: search["sort"],
    ...pageQuery(page),
  });
  const columns = useMemo(() => columnsOf(model, models), [model, models]);
  const initiallyHidden = useMemo(
    () => columns.map(({ id }) => id).filter((id) => !model.listFields.includes(id)),
    [columns, model],
  );
  const table = useListTable({
    columns,
    page: records.data,
    rowKey,
    pageSize: listPageSize,
    initiallyHidden,
  });
  const count = Object.keys(parameters).length;
  const byId = new Map(records.data?.items.map((record) => [record.id, record]));
  // What is out of sight is not acted upon.
  const rows = [...chosen].flatMap((id) => byId.get(id) ?? []);
  return (
    <>
      <FilterBar>
        <SearchBox label={`Search ${model.pluralLabel}`} {...filter("q")} />
        <Button
          variant={isFilterOpen ? "light" : "default"}
          leftSection={<IconFilter size={15} stroke={1.7} aria-hidden />}
          aria-expanded={isFilterOpen}
          onClick={filterPanel.toggle}
        >
          {count > 0 ? `Filters (${count})` : "Filters"}
        </Button>
        <ColumnMenu table={table} />
      </FilterBar>
      {isFilterOpen && <FilterPanel {...{ models, model, filters, parameters, change }} />}
      <ActiveFilters {...{ models, model, parameters, change }} />
      {rows.length > 0 && (
        <ChosenRecords
          models={models}
          model={model}
          records={rows}
          onDone={() => {
            setChosen(new Set());
          }}
        />
      )}
      <ListTable
        label={model.pluralLabel}
        table={table}
        query={records}
        {...(model.restPath === null || !mayAct
          ? {}
          : {
              selection: {
                ids: new Set(rows.map(({ id }) => id)),
                canChoose: (id: string) => byId.get(id)?.may.length !== 0,
                labelOf: (id: string) => byId.get(id)?.label ?? id,
                change: setChosen,
              },
            })}
        empty={
          Boolean(search["q"]) || count > 0 ? (
            <EmptyState title={`Nothing matches these filters`}>
              Clear the text or a filter to see more.
            </EmptyState>
          ) : (
            <NoRecords model={model} />
          )
        }
      />
    </>
  );
}

const unsortedKinds = new Set(["set", "list", "json", "keyed-list"]);

function sortedBy(field: FieldManifest) {
  if (unsortedKinds.has(field.kind)) return {};
  return { accessorFn: (record: InventoryRow) => record.values[field.name] };
}

function rowKey(record: InventoryRow): string {
  return record.id;
}

/** The columns its list shows, and after them those that can be shown. */
function columnsOf(model: ModelManifest, models: Models): ListColumn<InventoryRow>[] {
  const listed = model.listFields.flatMap(
    (name) => model.fields.find((field) => field.name === name) ?? [],
  );
  const [first, ...rest] = [
    ...listed,
    ...model.fields.filter(({ name }) => !model.listFields.includes(name)),
    ...model.customFields,
  ];
  const columns: ListColumn<InventoryRow>[] = [
    {
      id: first?.name ?? "label",
      header: first?.label ?? model.label,
      ...(first ? sortedBy(first) : {}),
      cell: ({ row: { original: record } }) => (
        <Link
          to="/inventory/$plural/$recordId/"
          params={{ plural: model.plural, recordId: record.id }}
        >
          {first && record.values[first.name] !== null ? (
            <FieldValue
              models={models}
              field={first}
              value={record.values[first.name]}
              links="none"
            />
          ) : (
            record.name
          )}
        </Link>
      ),
    },
  ];
  for (const field of rest) {
    columns.push({
      id: field.name,
      header: field.label,
      ...sortedBy(field),
      meta: { isNumber: field.kind === "integer" || field.kind === "decimal" },
      cell: ({ row: { original: record } }) => (
        <FieldValue models={models} field={field} value={record.values[field.name]} links="quiet" />
      ),
    });
  }
  return columns;
}
