import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { formatCount } from "./format.ts";
import type { ListTable } from "./use-list-table.ts";
import classes from "./pager.module.css";

export function Pager<Row extends object>({ table }: { table: ListTable<Row> }) {
  const { pageIndex, pageSize } = table.state.pagination;
  const total = table.getRowCount();
  const from = pageIndex * pageSize + 1;
  const to = Math.min(from + pageSize - 1, total);
  return (
    <nav className={classes.pager} aria-label="Pages">
      <span className="number">
        {from > to ? "none" : `${formatCount(from)}–${formatCount(to)}`} of {formatCount(total)}
      </span>
      {(total > pageSize || pageIndex > 0) && (
        <>
          <ActionIcon
            variant="default"
            aria-label="Previous page"
            disabled={!table.getCanPreviousPage()}
            onClick={() => {
              table.previousPage();
            }}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label="Next page"
            disabled={!table.getCanNextPage()}
            onClick={() => {
              table.nextPage();
            }}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </>
      )}
    </nav>
  );
}
