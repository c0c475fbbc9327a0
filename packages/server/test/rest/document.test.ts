import { expect, test } from "vitest";
import { declaredRoutes } from "../../src/rest/document.ts";
import { createTestApp } from "./app.ts";

test("every declared route is served, and asks who is there unless it is the way in", async () => {
  const server = await createTestApp();
  const served = new Set(server.app.routes.map(({ method, path }) => `${method} ${path}`));
  const open: string[] = [];
  for (const route of declaredRoutes) {
    const { method, path } = route;
    expect(served).toContain(`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`);
    const url = path.replaceAll(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000");
    const answer = await server.app.request(url, { method: method.toUpperCase() });
    if (answer.status !== 401) open.push(`${method} ${path}`);
    expect("security" in route).toBe(answer.status === 401);
  }
  expect(open).toEqual([
    "get /api/session",
    "post /api/session",
    "delete /api/session",
    "get /api/setup",
    "post /api/setup",
  ]);
  await server.close();
});

test("the document describes every route", async () => {
  const server = await createTestApp();
  const answer = await server.app.request("/api/openapi.json");
  const document = (await answer.json()) as { openapi: string; paths: Record<string, object> };
  expect(document.openapi).toBe("3.1.0");
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.toSorted()).toEqual(
    declaredRoutes.map(({ method, path }) => `${method} ${path}`).toSorted(),
  );
  await server.close();
});

test("the page about the API names every route, and the lists of Nautobot's clients", async () => {
  const server = await createTestApp();
  const page = await (await server.request("/api/docs/")).text();
  for (const { method, path } of declaredRoutes) {
    expect(page).toContain(`<td>${method.toUpperCase()}</td><td><code>${path}</code></td>`);
  }
  expect(page).toContain("dcim/interfaces/");
  await server.close();
});
