// Ids out of lists whose objects refer to the one above them.
import type { List, ListField } from "./list.ts";

/** The objects of an array of ids, and all below them. */
export function below({ source }: List, up: ListField, ids: string): string {
  return `with recursive below (id) as (
      select unnest(${ids}::uuid[])
      union
      select c.id from below join ${source} c on ${up.place("c")} = below.id
    ) select id from below`;
}

/** The objects of an array of ids, and all above them. */
export function upFrom({ source }: List, up: ListField, ids: string): string {
  return `with recursive above (id) as (
      select unnest(${ids}::uuid[])
      union
      select ${up.place("c")} from above join ${source} c on c.id = above.id
       where ${up.place("c")} is not null
    ) select id from above`;
}

/** All above the objects of an array of ids. */
export function above(list: List, up: ListField, ids: string): string {
  const parents = `array(select ${up.place("s")} from ${list.source} s where s.id = any(${ids}::uuid[]))`;
  return upFrom(list, up, parents);
}

/** The objects of the upper levels, so many of them. */
export function withinLevels({ source }: List, up: ListField, levels: string): string {
  return `with recursive within (id, level) as (
      select c.id, 1 from ${source} c where ${up.place("c")} is null
      union all
      select c.id, within.level + 1 from within join ${source} c on ${up.place("c")} = within.id
       where within.level < ${levels}::integer
    ) select id from within`;
}
