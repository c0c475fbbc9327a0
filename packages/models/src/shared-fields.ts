import { ref, set, text, type TextOrder } from "@plumbline/sync";

/** A name that must be given. */
export const name = (facts: { readonly order?: TextOrder } = {}) =>
  text({ maxLength: 255, ...facts }).describe("What people call it.");

export const label = () => text({ maxLength: 255 }).nullable().describe("What is printed on it.");

export const serial = () => text({ maxLength: 255 }).nullable().label("Serial number");

export const assetTag = () => text({ maxLength: 255 }).nullable();

export const description = () => text({ maxLength: 255 }).nullable();

/** A colour for pages, as six hexadecimal digits. */
export const color = () =>
  text({ pattern: /^[0-9a-f]{6}$/, fold: "lower", maxLength: 6 })
    .default("9e9e9e")
    .describe("Six hexadecimal digits: ff9800.");

/** Which models something may be attached to, by their labels. */
export const contentTypes = (what: string) =>
  set(text({ pattern: /^[a-z0-9_]+\.[a-z0-9_]+$/, fold: "lower", maxLength: 100 }))
    .default([])
    .describe(`Models ${what}, such as dcim.location.`)
    .label("Content types");

export const tags = () => set(ref("tag")).default([]);

/** Filters of what a tenant may have. */
export const tenancyFilters = { tenant_group: { along: ["tenant__tenant_group"] } } as const;
