import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { modelsQuery } from "../../api/queries.ts";
import type { ModelManifest } from "../../api/shapes.ts";
import { Page } from "../../components/page.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";

/** A page of the model that the address names. */
export function WithModel({ children }: { children: (model: ModelManifest) => ReactNode }) {
  const { plural } = useParams({ strict: false });
  const manifests = useQuery(modelsQuery);
  if (manifests.isPending) return <PageSkeleton />;
  const model = manifests.data?.find((entry) => entry.plural === plural && entry.isHub);
  if (model) return children(model);
  return (
    <Page title="Inventory">
      {manifests.error ? (
        <ErrorState error={manifests.error} onRetry={() => void manifests.refetch()} />
      ) : (
        <EmptyState
          title={`The hub has no model named “${plural ?? ""}”`}
          action={<Link to="/plugins/ssot/">Go to the dashboard</Link>}
        >
          Choose one from the menu.
        </EmptyState>
      )}
    </Page>
  );
}
