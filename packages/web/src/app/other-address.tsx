import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useLocation } from "@tanstack/react-router";
import { modelsQuery } from "../api/queries.ts";
import type { ModelManifest } from "../api/shapes.ts";
import { Page } from "../components/page.tsx";
import { PageSkeleton } from "../components/page-skeleton.tsx";
import { EmptyState, ErrorState } from "../components/states.tsx";

/** An address that no page has: where Nautobot has the page, it leads to ours; others are told as such. */
export function OtherAddressPage() {
  const { pathname, search } = useLocation();
  const models = useQuery(modelsQuery);
  if (models.isPending) return <PageSkeleton />;
  const known = addressHere(pathname, models.data ?? []);
  if (known !== null) return <Navigate to={known} search={search} replace />;
  return (
    <Page title="Page not found">
      {models.error ? (
        <ErrorState error={models.error} onRetry={() => void models.refetch()} />
      ) : (
        <EmptyState
          title={`There is no page at ${pathname}`}
          action={<Link to="/plugins/ssot/">Go to the dashboard</Link>}
        >
          The link may be old, or a part of it is missing.
        </EmptyState>
      )}
    </Page>
  );
}

/** Our address for one of Nautobot's: `/dcim/devices/`, `/dcim/devices/add/`, `/dcim/devices/<id>/edit/`. */
function addressHere(pathname: string, models: readonly ModelManifest[]): string | null {
  const [app = "", plural = "", first, second] = pathname.split("/").filter((part) => part !== "");
  const model = models.find(({ isHub, restPath }) => isHub && restPath === `${app}/${plural}`);
  if (!model) return null;
  const list = `/inventory/${model.plural}/`;
  if (first === undefined) return list;
  if (first === "add") return `${list}new/`;
  // Of an object's other pages, its notes and changes, there is one here.
  return `${list}${first}/${second === "edit" ? "edit/" : ""}`;
}
