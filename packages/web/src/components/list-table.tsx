import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "../api/shapes.ts";
import { Pager } from "./pager.tsx";
import { ErrorState, LinesSkeleton } from "./states.tsx";
import type { ListTable as Table } from "./use-list-table.ts";
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
}

/** On a narrow screen every row is a card. */
export function ListTable<Row extends object>(props: ListTableProps<Row>) {
  const { table, query, label } = props;
  if (query.error && !query.data) {
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
                {group.headers.map((header) => (
                  <HeaderCell key={header.id} header={header} />
                ))}
              </tr>
            ))}
          </thead>
          <tbody role="rowgroup">
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} role="row">
                {row.getVisibleCells().map((cell) => (
                  <td
                    key={cell.id}
                    role="cell"
                    data-label={headerText(cell.column)}
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
      <Pager table={table} />
    </>
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

function cellClass<Row extends object>(column: Column<Row>): string {
  const look = column.columnDef.meta;
  return [look?.isNumber ? classes.number : "", look?.grows ? classes.grows : ""].join(" ");
}
