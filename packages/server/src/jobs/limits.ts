import { readFile } from "node:fs/promises";
import type { RunLimits } from "@plumbline/plugin-kit";

/** What a run's process may use; defaults filled in. */
export type Limits = Required<RunLimits>;

export function fillLimits(limits: RunLimits): Limits {
  return {
    memoryMib: limits.memoryMib ?? 2048,
    softSeconds: limits.softSeconds ?? 3600,
    hardSeconds: limits.hardSeconds ?? 7200,
  };
}

/**
 * Heap given to the engine. Below the whole, so that it collects before the process meets its limit:
 * buffers and the engine itself live outside the heap.
 */
export function heapMibOf(limits: Limits): number {
  return Math.max(64, Math.floor(limits.memoryMib * 0.8));
}

export function memoryMessage(limits: Limits): string {
  return `The run was stopped because its process used more than ${limits.memoryMib} MiB of memory. Sync fewer models or records at a time, or raise runs.memoryMib in the configuration.`;
}

export function softTimeMessage(limits: Limits): string {
  return `The run took longer than the soft limit of ${limits.softSeconds} seconds (runs.softSeconds)`;
}

export function hardTimeMessage(limits: Limits): string {
  return `The run was killed because it took longer than the hard limit of ${limits.hardSeconds} seconds. Look in its log for what it waited for, or raise runs.hardSeconds in the configuration.`;
}

/** Memory of a process in bytes, read from outside so that a busy process is seen too; null where unknown. */
export async function residentMemory(pid: number): Promise<number | null> {
  if (process.platform !== "linux") return null;
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
    return match?.[1] === undefined ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}
