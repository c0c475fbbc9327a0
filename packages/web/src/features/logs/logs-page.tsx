import { neededPermission, objectTypes, useMay } from "../../api/use-may.ts";
import { Page, Panel } from "../../components/page.tsx";
import { RefusedPage } from "../../components/refused-page.tsx";
import { SyncLog } from "../../components/sync-log.tsx";

export function LogsPage() {
  const may = useMay();
  const title = "Sync logs";
  const crumbs = [{ label: "Single Source of Truth", to: "/plugins/ssot/" }, { label: "Logs" }];
  if (!may(objectTypes.syncLog, "view")) {
    return (
      <RefusedPage title={title} crumbs={crumbs}>
        {neededPermission(objectTypes.syncLog, "view")}
      </RefusedPage>
    );
  }
  return (
    <Page
      title={title}
      lead="Every object that a sync created, updated, deleted or could not, newest first."
      crumbs={crumbs}
    >
      <Panel>
        <SyncLog syncId={null} />
      </Panel>
    </Page>
  );
}
