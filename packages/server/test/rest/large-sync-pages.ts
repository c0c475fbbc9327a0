const parent = `parentModel=prefix&parentKey=${encodeURIComponent('[["Global"],"10.0.1.0/24"]')}`;
const wide = `parentModel=prefix&parentKey=${encodeURIComponent('[["Global"],"11.0.0.0/8"]')}`;
const key = encodeURIComponent('[["Global"],"10.0.1.0/24"]');

/** What the pages ask of a large sync made by `seedPlan`: a name for people, and the path. */
export function largeSyncPages(syncId: string): readonly (readonly [name: string, path: string])[] {
  const base = `/api/ssot/syncs/${syncId}`;
  return [
    ["the record", base],
    ["the first page of changes", `${base}/changes`],
    ["a page in the middle", `${base}/changes?offset=50000`],
    ["the failed ones", `${base}/changes?outcome=failed`],
    ["the held ones", `${base}/changes?outcome=held`],
    ["the applied ones", `${base}/changes?outcome=applied&model=ip_address`],
    ["the pending ones, of which there are none", `${base}/changes?outcome=pending`],
    ["one model's creates", `${base}/changes?model=ip_address&action=create`],
    ["a search", `${base}/changes?q=10.3.7.9`],
    ["an object's children", `${base}/changes?${parent}`],
    ["one object", `${base}/changes?model=prefix&key=${key}`],
    ["the facets", `${base}/facets`],
    ["the facets of a model", `${base}/facets?model=ip_address`],
    ["the facets of a search", `${base}/facets?q=10.3.`],
    ["the tree's models", `${base}/tree`],
    ["the tree below a model", `${base}/tree?parentModel=prefix`],
    ["the tree below an object", `${base}/tree?${parent}`],
    ["the tree's models, of a search", `${base}/tree?q=10.3.7.`],
    ["the tree below a model, of a search", `${base}/tree?parentModel=prefix&q=10.3.7.`],
    [
      "the tree below a model, of the failed ones",
      `${base}/tree?parentModel=prefix&outcome=failed`,
    ],
    [
      "the tree below a model, of the applied ones",
      `${base}/tree?parentModel=prefix&outcome=applied`,
    ],
    ["the tree below a model, of all creates", `${base}/tree?parentModel=prefix&action=create`],
    ["the log", `${base}/logs`],
    ["the log's errors", `${base}/logs?status=error`],
    ["the log's failed changes", `${base}/logs?outcome=failed`],
    ["the log, of a value", `${base}/logs?q=a%20prefix`],
    ["the log, of what is nowhere", `${base}/logs?q=nowhere`],
    ["the log over all syncs", "/api/ssot/logs"],
    ["the log over all syncs, of a value", "/api/ssot/logs?q=a%20prefix"],
    ["the history", "/api/ssot/syncs"],
    ["the history, of a value", "/api/ssot/syncs?q=a%20prefix"],
    ["the history, of what is nowhere", "/api/ssot/syncs?q=nowhere"],
    ["the history for Nautobot's clients", "/api/plugins/ssot/history/"],
    ["the history for them, of a value", "/api/plugins/ssot/history/?q=a%20prefix"],
    ["the dashboard", "/api/ssot/dashboard"],
  ];
}

/** What the pages ask of a parent made by `seedWideParent`. */
export function wideParentPages(
  syncId: string,
): readonly (readonly [name: string, path: string])[] {
  const base = `/api/ssot/syncs/${syncId}`;
  return [
    ["the first page below a wide parent", `${base}/changes?${wide}&limit=100`],
    ["the last page below a wide parent", `${base}/changes?${wide}&limit=100&offset=49900`],
    ["the tree below a wide parent", `${base}/tree?${wide}&limit=200`],
    ["the tree below a wide parent, its end", `${base}/tree?${wide}&limit=200&offset=49800`],
    ["a search below a wide parent", `${base}/changes?${wide}&q=.77`],
    ["the facets below a wide parent", `${base}/facets?${wide}`],
  ];
}
