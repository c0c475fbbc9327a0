import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { withQuery, type Query } from "../api/client.ts";

/** Downloads the whole list under its filters. */
export function ExportMenu(props: { path: string; query: Query; formats?: readonly string[] }) {
  const { path, query, formats = ["csv", "json"] } = props;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={15} stroke={1.7} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
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
