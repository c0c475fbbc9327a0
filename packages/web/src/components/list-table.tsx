import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { isRefused } from "../api/client.ts";
import type { Page } from "../api/shapes.ts";
import { Pager } from "./pager.tsx";
import { ErrorState, LinesSkeleton } from "./states.tsx";
import type { ListColumn, ListTable as Table } from "./use-list-table.ts";
import classes from "./list-table.module.css";

interface ListTableProps<Row extends object> {
  /** For assistive technology. */
  label: string;
  table: Table<Row>;
  /** Where the rows come from. */
  query: Pick<UseQueryResult<Page<Row>>, "data" | "error" | "isPending" | "isPlaceholderData"> & {
    refetch: () => unknown;
  };
  empty: ReactNode;
  /** Where rows can be chosen; ids are those of the table's rows. */
  selection?: Selection;
}

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Whether anything can be done with a row; with any where absent. */
  readonly canChoose?: (id: string) => boolean;
  /** What a row is called. */
  readonly labelOf: (id: string) => string;
  readonly change: (ids: ReadonlySet<string>) => void;
}

/** On a narrow screen every row is a card. */
export function ListTable<Row extends object>(props: ListTableProps<Row>) {
  const { table, query, label, selection } = props;
  if (query.error && (!query.data || isRefused(query.error))) {
    return (
      <div style={{ padding: 12 }}>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (query.isPending || !query.data) return <LinesSkeleton lines={8} />;
  if (query.data.total === 0) return <>{props.empty}</>;
  return (
    <>
      <div className={classes.scroll} data-stale={query.isPlaceholderData || undefined}>
        <table className={classes.table} aria-label={label} role="table">
          <thead role="rowgroup">
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} role="row">
                {selection && (
                  <th role="columnheader" scope="col" className={classes.choice}>
                    <ChooseAll
                      rows={table
                        .getRowModel()
                        .rows.map(({ id }) => id)
                        .filter(selection.canChoose ?? (() => true))}
                      {...selection}
                    />
                  </th>
                )}
                {group.headers.map((header) => (
                  <HeaderCell key={header.id} header={header} />
                ))}
              </tr>
            ))}
          </thead>
          <tbody role="rowgroup">
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} role="row">
                {selection && (
                  <td role="cell" data-label="Chosen" className={classes.choice}>
                    <ChooseOne id={row.id} {...selection} />
                  </td>
                )}
                {row.getVisibleCells().map((cell) => (
                  <td
                    key={cell.id}
                    role="cell"
                    data-label={labelOf(cell.column, row.original)}
                    className={cellClass(cell.column)}
                  >
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager table={table} page={query.data} />
    </>
  );
}

function ChooseOne({ id, ids, labelOf, change, canChoose }: Selection & { id: string }) {
  if (canChoose?.(id) === false) return null;
  return (
    <Checkbox
      size="xs"
      aria-label={`Choose ${labelOf(id)}`}
      checked={ids.has(id)}
      onChange={(event) => {
        const next = new Set(ids);
        if (event.currentTarget.checked) next.add(id);
        else next.delete(id);
        change(next);
      }}
    />
  );
}

function ChooseAll({ rows, ids, change }: Selection & { rows: readonly string[] }) {
  const count = rows.filter((id) => ids.has(id)).length;
  if (rows.length === 0) return null;
  return (
    <Checkbox
      size="xs"
      aria-label="Choose every row of this page"
      checked={count > 0 && count === rows.length}
      indeterminate={count > 0 && count < rows.length}
      onChange={() => {
        change(new Set(count === rows.length ? [] : rows));
      }}
    />
  );
}

type Header<Row extends object> = ReturnType<Table<Row>["getFlatHeaders"]>[number];
type Column<Row extends object> = Header<Row>["column"];

const sortIcons = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort };

function HeaderCell<Row extends object>({ header }: { header: Header<Row> }) {
  const { column } = header;
  const text = headerText(column);
  if (!column.getCanSort()) {
    return (
      <th role="columnheader" scope="col" className={cellClass(column)}>
        {text}
      </th>
    );
  }
  const sorted = column.getIsSorted();
  const direction = sorted === false ? "none" : sorted === "desc" ? "descending" : "ascending";
  const SortIcon = sortIcons[direction];
  return (
    <th role="columnheader" scope="col" aria-sort={direction} className={cellClass(column)}>
      <button
        type="button"
        className={classes.sort}
        onClick={() => {
          column.toggleSorting();
        }}
      >
        {text}
        <SortIcon size={13} stroke={2} aria-hidden data-idle={direction === "none" || undefined} />
      </button>
    </th>
  );
}

function headerText<Row extends object>(column: Column<Row>): string {
  const { header } = column.columnDef;
  return typeof header === "string" ? header : "";
}

function labelOf<Row extends object>(column: Column<Row>, row: Row): string {
  return (column.columnDef as ListColumn<Row>).labelOf?.(row) ?? headerText(column);
}

function cellClass<Row extends object>(column: Column<Row>): string {
  const look = column.columnDef.meta;
  return [look?.isNumber ? classes.number : "", look?.grows ? classes.grows : ""].join(" ");
}
