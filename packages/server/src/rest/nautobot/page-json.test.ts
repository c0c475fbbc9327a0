import { expect, it } from "vitest";
import { pageJson } from "./page-json.ts";

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

it("a page is written as JSON.stringify writes it", () => {
  const tenant = { id: "1", display: 'Acme → "North"', group: { id: "2" } };
  // Longer than what is written as text.
  const type = { id: "3", comments: "é→".repeat(1000) };
  const page = { count: 5, next: "http://localhost/?limit=2&q=é", previous: null };
  const results = [
    { id: "a", name: 'x"\n\u2028', tags: ["ü", 1], tenant, empty: null, height: 1.5, isFull: true },
    { id: "b", tenant, custom_fields: {}, other: { tenant } },
    { id: "c", type },
    { id: "d", type, tenant },
    {},
  ];
  expect(textOf(pageJson(page, results))).toBe(JSON.stringify({ ...page, results }));
});

it("a page without objects is a page", () => {
  const page = { count: 0, next: null, previous: null };
  expect(textOf(pageJson(page, []))).toBe(JSON.stringify({ ...page, results: [] }));
});
