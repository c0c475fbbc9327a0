import { Button, Menu } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import type { ListTable } from "./use-list-table.ts";

/** Shows and hides the columns of a list; the first one stays. */
export function ColumnMenu<Row extends object>({ table }: { table: ListTable<Row> }) {
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconColumns3 size={15} stroke={1.7} aria-hidden />}
          visibleFrom="sm"
          ml="auto"
        >
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        {table
          .getAllLeafColumns()
          .slice(1)
          .map((column) => (
            <Menu.CheckboxItem
              key={column.id}
              checked={column.getIsVisible()}
              onChange={(isVisible) => {
                column.toggleVisibility(isVisible);
              }}
            >
              {typeof column.columnDef.header === "string" ? column.columnDef.header : column.id}
            </Menu.CheckboxItem>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
