/** Models below models, as a tree of names. */
export interface ModelTree {
  [model: string]: ModelTree;
}

/**
 * The tree of models that children make. A model below several others shows its own children
 * only in the first place, as in DiffSync.
 * @param models names in the order of the tree, with the models of their children
 */
export function modelTree(models: Iterable<readonly [string, readonly string[]]>): ModelTree {
  const tree: ModelTree = {};
  for (const [model, children] of models) {
    const first = findPath(tree, model);
    if (!first) ensurePath(tree, [model]);
    for (const child of children) {
      ensurePath(tree, [...(findPath(tree, model) ?? [model]), child]);
    }
  }
  return tree;
}

function findPath(tree: ModelTree, model: string): readonly string[] | undefined {
  for (const [name, below] of Object.entries(tree)) {
    if (name === model) return [name];
    const path = findPath(below, model);
    if (path) return [name, ...path];
  }
  return undefined;
}

function ensurePath(tree: ModelTree, path: readonly string[]): void {
  let level = tree;
  for (const name of path) level = level[name] ??= {};
}

/** The tree as lines under its root. */
export function modelTreeText(tree: ModelTree, root: string): string {
  return [root, ...branches(tree, "")].join("\n");
}

function* branches(tree: ModelTree, prefix: string): Generator<string> {
  const names = Object.keys(tree);
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    yield `${prefix}${isLast ? "└── " : "├── "}${name}`;
    yield* branches(tree[name] ?? {}, `${prefix}${isLast ? "    " : "│   "}`);
  }
}
