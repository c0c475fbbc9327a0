import { expect, it } from "vitest";
import { formatOfName, formatOfText } from "./import-text.ts";

it("a file's ending tells its format", () => {
  expect(formatOfName("sites.YML")).toBe("yaml");
  expect(formatOfName("a.b.csv")).toBe("csv");
  expect(formatOfName("notes.txt")).toBeNull();
  expect(formatOfName("csv")).toBeNull();
});

it("a text looks like what it is", () => {
  expect(formatOfText('\n[{"name": "a"}]')).toBe("json");
  expect(formatOfText("- name: a")).toBe("yaml");
  expect(formatOfText("# sites\n- name: a")).toBe("yaml");
  expect(formatOfText("name,status\na,Active")).toBe("csv");
  expect(formatOfText("")).toBe("csv");
});
