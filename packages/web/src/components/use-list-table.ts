import {
  columnVisibilityFeature,
  rowPaginationFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
  type ColumnVisibilityState,
  type ReactTable,
  type SortingState,
} from "@tanstack/react-table";
import { useMemo } from "react";
import type { Page } from "../api/shapes.ts";
import { useSearchState } from "./use-search-state.ts";

interface ColumnLook {
  isNumber?: boolean;
  /** Takes the room that is left. */
  grows?: boolean;
}

/** A slot that is read for its type alone. */
const columnMeta: ColumnLook = {};

const features = tableFeatures({
  columnVisibilityFeature,
  rowPaginationFeature,
  rowSortingFeature,
  columnMeta,
});

type Features = typeof features;

/** A column of a list; its id is the server's name for sorting by it, where `enableSorting` is set. */
export type ListColumn<Row extends object> = ColumnDef<Features, Row> & {
  id: string;
  header: string;
  /** What a card calls the value of a row, where that is not the heading. */
  labelOf?: (row: Row) => string;
};

export type ListTable<Row extends object> = ReactTable<Features, Row>;

interface ListTableOptions<Row extends object> {
  /** Stable between renders. */
  columns: ListColumn<Row>[];
  page: Page<Row> | undefined;
  rowKey: (row: Row) => string;
  pageSize: number;
  /** "name" or "-name": the server's order where the address asks for none. */
  defaultSort?: string;
  /** Ids of columns that are hidden until they are asked for. */
  initiallyHidden?: readonly string[];
}

const noRows: never[] = [];

/** A list that the server pages and sorts; page, order and hidden columns live in the address. */
export function useListTable<Row extends object>(options: ListTableOptions<Row>): ListTable<Row> {
  const { columns, page, rowKey, pageSize, defaultSort, initiallyHidden = noRows } = options;
  const { search, change, page: pageNumber, setPage } = useSearchState();
  const sort = search["sort"] ?? defaultSort;
  const hidden = search["hide"];
  const shown = search["show"];
  const state = useMemo(
    () => ({
      sorting: sortingOf(sort),
      columnVisibility: visibilityOf(initiallyHidden, hidden, shown),
      pagination: { pageIndex: pageNumber - 1, pageSize },
    }),
    [sort, initiallyHidden, hidden, shown, pageNumber, pageSize],
  );
  return useTable({
    features,
    columns,
    data: page?.items ?? (noRows as Row[]),
    rowCount: knownRows(page),
    getRowId: rowKey,
    state,
    manualPagination: true,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    sortDescFirst: true,
    onSortingChange: (update) => {
      const [first] = typeof update === "function" ? update(state.sorting) : update;
      change({ sort: first && (first.desc ? `-${first.id}` : first.id) });
    },
    onColumnVisibilityChange: (update) => {
      const next = typeof update === "function" ? update(state.columnVisibility) : update;
      const isHidden = (id: string) => next[id] === false;
      const hide = Object.keys(next).filter((id) => isHidden(id) && !initiallyHidden.includes(id));
      const show = initiallyHidden.filter((id) => !isHidden(id));
      change({
        hide: hide.join(",") || undefined,
        show: show.join(",") || undefined,
        page: search["page"],
      });
    },
    onPaginationChange: (update) => {
      const next = typeof update === "function" ? update(state.pagination) : update;
      setPage(next.pageIndex + 1);
    },
  });
}

/** So many rows that there is a next page where it is not known whether this is the last. */
function knownRows(page: Page<object> | undefined): number {
  if (!page) return 0;
  const { items, offset, total, isTotalExact = true } = page;
  return isTotalExact ? total : Math.max(total, offset + items.length) + 1;
}

function sortingOf(sort: string | undefined): SortingState {
  if (!sort) return [];
  return [sort.startsWith("-") ? { id: sort.slice(1), desc: true } : { id: sort, desc: false }];
}

function visibilityOf(
  initiallyHidden: readonly string[],
  hidden = "",
  shown = "",
): ColumnVisibilityState {
  const asked = new Set(shown.split(","));
  const ids = [...initiallyHidden.filter((id) => !asked.has(id)), ...hidden.split(",")];
  return Object.fromEntries(ids.filter(Boolean).map((id) => [id, false]));
}
