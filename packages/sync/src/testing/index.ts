export { describeAdapter } from "./describe-adapter.ts";
export type { AdapterSubject } from "./describe-adapter.ts";
export { describeStore } from "./describe-store.ts";
export type { OpenStore } from "./describe-store.ts";
export { generatedEstates } from "./estates.ts";
export type { GeneratedEstates } from "./estates.ts";
export { createMemoryAdapter } from "./memory-adapter.ts";
export type { MemoryAdapter, MemoryAdapterOptions } from "./memory-adapter.ts";
