/** How people left the tree of a diff: what is open, and how far it is scrolled. */
interface KeptTree {
  open: ReadonlySet<string>;
  offset: number;
}

/** While the page is not read anew: who goes to an object and back finds the tree as it was. */
const trees = new Map<string, KeptTree>();

export function keptTree(syncId: string): KeptTree {
  const known = trees.get(syncId);
  if (known) return known;
  const tree: KeptTree = { open: new Set(), offset: 0 };
  trees.set(syncId, tree);
  return tree;
}
