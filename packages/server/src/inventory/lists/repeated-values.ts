// Counting value by value. To look for a text in a million names takes PostgreSQL long; where names repeat, as those of
// interfaces do on every device, it looks into each once, and counts how many have it.
import { createParameters } from "../parameters.ts";
import type { Column } from "../table.ts";
import { isUuid } from "../uuid.ts";
import type { Filter } from "./filter.ts";
import { findField, type List, type ListField, type Lists } from "./list.ts";
import { both } from "./page-text.ts";
import { searchCondition } from "./search.ts";

/** A condition that one column decides, or decides for most rows. */
export interface DecidedBy {
  /** Its name in the table. */
  readonly column: string;
  /** On rows `t` that have that column alone: where it holds, the whole condition does. */
  readonly condition: string;
  /** Whether it is the whole condition; otherwise rows may meet that by other columns too. */
  readonly isAll: boolean;
  /** Of the whole condition and of this one. */
  readonly values: readonly unknown[];
}

/** What decides the only filter of a query; null where no column does. */
export function decidedByFilter(
  list: List,
  filter: Filter,
  condition: string,
  values: readonly unknown[],
): DecidedBy | null {
  const column = filter.looksAt && columnOf(list, filter.looksAt);
  return column ? { column: column.column, condition, isAll: true, values } : null;
}

/** What decides a search for most rows: the first field that it looks into, if every row has that. */
export function decidedBySearch(
  lists: Lists,
  list: List,
  text: string,
  values: readonly unknown[],
): DecidedBy | null {
  const [first = ""] = list.searchFields;
  const field = findField(list, first);
  const column = field && columnOf(list, field);
  if (!column || column.field.isNullable || field.type !== "text" || isUuid(text)) return null;
  const { alsoFound: _, ...others } = list;
  const parameters = createParameters(values);
  const condition = searchCondition(lists, { ...others, searchFields: [first] }, text, parameters);
  return { column: column.column, condition, isAll: false, values: parameters.values };
}

function columnOf({ table }: List, { name }: ListField): Column | undefined {
  return table?.columns.find((column) => column.name === name);
}

/** The count of the rows `t` that meet `where`, as a statement that looks into each value once. */
export function countByValue(source: string, where: string, decidedBy: DecidedBy): string {
  const { column, condition, isAll } = decidedBy;
  // Behind "offset 0" PostgreSQL does not look into the rows before it has grouped them.
  const grouped = `(select t.${column}, count(*) as rows from ${source} t group by 1 offset 0)`;
  if (isAll) {
    return `select coalesce(sum(t.rows), 0)::float8 as count from ${grouped} t where ${condition}`;
  }
  return `select coalesce(sum(case when (select ${condition} from (select g.${column}) t) then g.rows
                   else (select count(*) from ${source} t ${both(where, `t.${column} = g.${column}`)}) end), 0)::float8 as count
            from ${grouped} g`;
}

/** Up to how many different values it is worth while. */
const mostValues = 1000;

/** Whether a column is known to have few different values, by what PostgreSQL gathered of its table. */
export const hasFewValues = `select from pg_stats
  where schemaname = current_schema() and tablename = $1 and attname = $2 and n_distinct between 1 and ${mostValues}`;
