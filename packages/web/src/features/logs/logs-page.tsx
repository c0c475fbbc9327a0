import { Page, Panel } from "../../components/page.tsx";
import { SyncLog } from "../../components/sync-log.tsx";

export function LogsPage() {
  return (
    <Page
      title="Sync logs"
      lead="Every object that a sync created, updated, deleted or could not, newest first."
      crumbs={[{ label: "Single Source of Truth", to: "/plugins/ssot/" }, { label: "Logs" }]}
    >
      <Panel>
        <SyncLog syncId={null} />
      </Panel>
    </Page>
  );
}
