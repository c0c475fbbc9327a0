import { useQuery } from "@tanstack/react-query";
import { dashboardQuery } from "../api/queries.ts";
import type { Dashboard, Direction, JobCard } from "../api/shapes.ts";
import { maySeeDashboard, useMay } from "../api/use-may.ts";

const none: JobCard[] = [];

/** Every job there is, to filter by, for who may look at them; stable while the answer is. */
export function useJobs(): readonly JobCard[] {
  const enabled = maySeeDashboard(useMay());
  return useQuery({ ...dashboardQuery, select: allJobs, enabled }).data ?? none;
}

function allJobs({ sources, targets, comparisons }: Dashboard) {
  return [...sources, ...targets, ...comparisons];
}

export const directions = ["source", "target", "comparison"] as const satisfies Direction[];

export const directionChoices: { value: Direction; label: string }[] = [
  { value: "source", label: "Data Source" },
  { value: "target", label: "Data Target" },
  { value: "comparison", label: "Comparison" },
];
