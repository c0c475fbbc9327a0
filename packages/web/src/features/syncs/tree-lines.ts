import type { TreeNode } from "../../api/shapes.ts";

/** What a level of the tree lies below: nothing, a model, or an object. */
export type TreePlace = { readonly model: string; readonly key: string | null } | null;

export interface TreeLevel {
  readonly total: number;
  /** The node at an index of the level; undefined until it is read. */
  readonly nodeAt: (index: number) => TreeNode | undefined;
}

/** One line of the tree as it stands unfolded. */
export interface TreeLine {
  /** Where it stands: an object may be below its model and below its parent. */
  readonly path: string;
  readonly depth: number;
  readonly place: TreePlace;
  /** Its index within its level. */
  readonly index: number;
  /** How many its level has. */
  readonly total: number;
  readonly node: TreeNode | undefined;
  readonly isOpen: boolean;
}

/**
 * The lines of a tree from the top, with what is below open nodes. A level that was not read yet has one line
 * without a node; so has each node that was not.
 */
export function linesOf(
  levelOf: (place: TreePlace) => TreeLevel | undefined,
  open: ReadonlySet<string>,
): TreeLine[] {
  const lines: TreeLine[] = [];
  function add(place: TreePlace, above: string, depth: number): void {
    const level = levelOf(place);
    const total = level?.total ?? 1;
    for (let index = 0; index < total; index += 1) {
      const node = level?.nodeAt(index);
      const path = `${above}/${node ? JSON.stringify([node.model, node.key]) : index}`;
      const isOpen = node !== undefined && open.has(path);
      lines.push({ path, depth, place, index, total, node, isOpen });
      if (isOpen) add({ model: node.model, key: node.key }, path, depth + 1);
    }
  }
  add(null, "", 0);
  return lines;
}
