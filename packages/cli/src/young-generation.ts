import { setFlagsFromString } from "node:v8";

/**
 * Keeps the engine's space for young objects as small as it is. Left alone it doubles, up to 32 MiB, the more requests
 * a server answers, and is hardly given back. To be called before much is loaded: the size of that space cannot be
 * set once a process runs, only whether it grows.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
