import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { modelsQuery } from "./queries.ts";
import type { ModelManifest } from "./shapes.ts";

/** The models by name; empty until they are there. */
export function useModels(): ReadonlyMap<string, ModelManifest> {
  const { data } = useQuery(modelsQuery);
  return useMemo(() => new Map((data ?? []).map((model) => [model.name, model])), [data]);
}
