import pg from "pg";

type Oid = Parameters<pg.CustomTypesConfig["getTypeParser"]>[0];

const int8: Oid = pg.types.builtins.INT8;
const date: Oid = pg.types.builtins.DATE;

/**
 * How column values arrive: bigint (counts and row ids, far below 2^53) as number, and a date without a
 * time as its text, where `pg` gives text and local midnight. Everything else is as `pg` has it.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: Oid, format?: "text" | "binary") {
    if (format !== "binary" && oid === int8) return Number;
    if (format !== "binary" && oid === date) return (text: string) => text;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};
