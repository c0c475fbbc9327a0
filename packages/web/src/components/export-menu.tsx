import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { withQuery, type Query } from "../api/client.ts";

/** Downloads the whole list under its filters. */
export function ExportMenu({ path, query }: { path: string; query: Query }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={15} stroke={1.7} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(["csv", "json"] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={withQuery(`${path}/export`, { ...query, format })}
            download
          >
            as {format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
