// What the pages of a large sync ask, seven times each: arguments are the server's address, a cookie, and the ids
// of the two syncs; the times go to the parent.
import {
  largeSyncPages,
  wideParentPages,
} from "../../packages/server/test/rest/large-sync-pages.ts";

const [url = "", cookie = "", syncId = "", wideId = ""] = process.argv.slice(2);
const headers = { cookie };

const pages: Record<string, { medianMs: number; mostMs: number; bytes: number }> = {};
for (const [name, path] of [...largeSyncPages(syncId), ...wideParentPages(wideId)]) {
  const times: number[] = [];
  let bytes = 0;
  for (let attempt = 0; attempt < 7; attempt++) {
    const started = performance.now();
    const response = await fetch(`${url}${path}`, { headers });
    bytes = (await response.arrayBuffer()).byteLength;
    if (!response.ok) throw new Error(`${name}: ${String(response.status)}`);
    times.push(Math.round(performance.now() - started));
  }
  times.sort((a, b) => a - b);
  pages[name] = { medianMs: times[3] ?? 0, mostMs: times[6] ?? 0, bytes };
}

process.send?.({ pages });

// An export of every change is read and let go, as a client that writes it to a file does.
const exporting = performance.now();
const exported = await fetch(`${url}/api/ssot/syncs/${wideId}/changes/export?format=json`, {
  headers,
});
let exportedBytes = 0;
for await (const chunk of (exported.body ?? []) as AsyncIterable<Uint8Array>) {
  exportedBytes += chunk.byteLength;
}
const exportSeconds = Math.round((performance.now() - exporting) / 100) / 10;
process.send?.({ exportedBytes, exportSeconds });
process.disconnect();
