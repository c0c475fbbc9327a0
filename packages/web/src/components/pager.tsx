import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { Page } from "../api/shapes.ts";
import { formatCount } from "./format.ts";
import type { ListTable } from "./use-list-table.ts";
import classes from "./pager.module.css";

interface PagerProps<Row extends object> {
  table: ListTable<Row>;
  /** The rows that are shown. */
  page: Page<Row>;
}

export function Pager<Row extends object>({ table, page }: PagerProps<Row>) {
  const { pageIndex, pageSize } = table.state.pagination;
  const { items, offset, isTotalExact = true } = page;
  const to = offset + items.length;
  const total = isTotalExact ? page.total : Math.max(page.total, to);
  return (
    <nav className={classes.pager} aria-label="Pages">
      <span className="number">
        {items.length === 0 ? "none" : `${formatCount(offset + 1)}–${formatCount(to)}`} of{" "}
        {isTotalExact ? "" : "at least "}
        {formatCount(total)}
      </span>
      {(!isTotalExact || total > pageSize || pageIndex > 0) && (
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
