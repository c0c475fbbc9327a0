/** Why nothing of a comparison is applied: thing, fact. */
export function comparesOnly(jobId: string): string {
  return `The job ${jobId} compares two systems and writes to neither.`;
}
