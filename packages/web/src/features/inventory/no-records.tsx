import { Link } from "@tanstack/react-router";
import type { ModelManifest } from "../../api/shapes.ts";
import { maySeeDashboard, useMay, useSeesAll } from "../../api/use-may.ts";
import { EmptyState } from "../../components/states.tsx";

/** In the place of a list that is empty without a filter: how it is filled, by who may fill it. */
export function NoRecords({ model }: { model: ModelManifest }) {
  const { contentType, pluralLabel } = model;
  const may = useMay();
  const seesAll = useSeesAll();
  const mayAdd = may(contentType, "add");
  return (
    <EmptyState
      title={
        seesAll
          ? `The hub holds no ${pluralLabel} yet`
          : `There are no ${pluralLabel} that you may see`
      }
      action={maySeeDashboard(may) && <Link to="/plugins/ssot/">Go to the Data Sources</Link>}
    >
      They come in when a Data Source is synced
      {mayAdd ? ", or one by one with the button above." : "."}
    </EmptyState>
  );
}
