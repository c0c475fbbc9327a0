import { NotFoundError } from "../errors.ts";
import { ObjectAlreadyExists } from "./errors.ts";
import type { DiffSyncModel } from "./model.ts";
import { layoutSlot, valuesSlot } from "./record-slots.ts";
import { RecordStore } from "./store.ts";
import { decodeValues, encodeValues } from "./value-codec.ts";
import type { Value } from "./value.ts";

/** What the store needs of a database: `DatabaseSync` of `node:sqlite` has it, other libraries' too. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** As much of a prepared statement of `node:sqlite` as the store uses. */
export interface SqliteStatement {
  get(...parameters: readonly (string | number)[]): unknown;
  all(...parameters: readonly (string | number)[]): unknown[];
  run(...parameters: readonly (string | number)[]): { readonly changes: number | bigint };
}

/** Where the store keeps its records. */
export interface SqliteStoreOptions {
  readonly database: SqliteDatabase;
  /** Tells stores in one database apart. Two stores of one id, in any processes, share their records. */
  readonly storeId?: string;
  readonly name?: string;
}

/**
 * Keeps records in a SQLite database, so that they outlive the process and others can read them. It gives out
 * copies: what is changed in one is kept only after `update`. A sync does that by itself.
 */
export class SqliteStore extends RecordStore {
  readonly storeId: string;
  readonly #statements: Readonly<Record<keyof typeof queries, SqliteStatement>>;

  constructor(options: SqliteStoreOptions) {
    super(options.name ?? "SqliteStore");
    this.storeId = options.storeId ?? globalThis.crypto.randomUUID();
    const { database } = options;
    database.exec(table);
    const prepare = (name: keyof typeof queries): SqliteStatement =>
      database.prepare(queries[name]);
    this.#statements = {
      models: prepare("models"),
      find: prepare("find"),
      list: prepare("list"),
      put: prepare("put"),
      drop: prepare("drop"),
      count: prepare("count"),
      countAll: prepare("countAll"),
    };
  }

  override toString(): string {
    return `${this.name} (${this.storeId})`;
  }

  override modelNames(): ReadonlySet<string> {
    const rows = this.#statements.models.all(this.storeId) as { readonly model: string }[];
    return new Set(rows.map(({ model }) => model));
  }

  override find(model: string, uid: string): DiffSyncModel | undefined {
    const row = this.#statements.find.get(this.storeId, model, uid) as Row | undefined;
    return row && this.#read(model, row);
  }

  override list(model: string): readonly DiffSyncModel[] {
    const rows = this.#statements.list.all(this.storeId, model) as Row[];
    return rows.map((row) => this.#read(model, row));
  }

  override put(model: string, uid: string, record: DiffSyncModel): void {
    const { payload, flags } = write(record);
    this.#statements.put.run(this.storeId, model, uid, payload, flags);
  }

  override drop(model: string, uid: string): boolean {
    return Number(this.#statements.drop.run(this.storeId, model, uid).changes) > 0;
  }

  override count(model?: string): number {
    const row =
      model === undefined || model === ""
        ? this.#statements.countAll.get(this.storeId)
        : this.#statements.count.get(this.storeId, model);
    return (row as { readonly count: number }).count;
  }

  /** @throws ObjectAlreadyExists where a record with other values has the unique id */
  override add(record: DiffSyncModel): void {
    const existing = this.find(record.getType(), record.getUniqueId());
    if (!existing) {
      super.add(record);
      return;
    }
    const [kept, given] = [write(existing), write(record)];
    if (kept.payload === given.payload && kept.flags === given.flags) return;
    throw new ObjectAlreadyExists(`Object ${record.getUniqueId()} already present`, record);
  }

  override save(record: DiffSyncModel): void {
    this.update(record);
  }

  #read(model: string, { payload, flags }: Row): DiffSyncModel {
    const known = this.adapter?.findModel(model);
    if (!known) {
      throw new NotFoundError(
        `${this.toString()} has records of ${model}, which its adapter does not declare. Add the model to Adapter.declare.`,
      );
    }
    const values = decodeValues(payload);
    const fields = known.layout.fields.map(({ name }, place): [string, Value] => [
      name,
      values[place] ?? null,
    ]);
    const record = new known({ ...Object.fromEntries(fields), modelFlags: flags } as never);
    record.adapter = this.adapter;
    return record;
  }
}

interface Row {
  readonly payload: string;
  readonly flags: number;
}

function write(record: DiffSyncModel): Row {
  const values = record[layoutSlot].fields.map((_, place) => record[valuesSlot][place] ?? null);
  return { payload: encodeValues(values), flags: record.modelFlags };
}

const table = `create table if not exists diffsync_record (
  position integer primary key autoincrement,
  store text not null,
  model text not null,
  uid text not null,
  payload text not null,
  flags integer not null,
  unique (store, model, uid)
)`;

const queries = {
  models: "select distinct model from diffsync_record where store = ?",
  find: "select payload, flags from diffsync_record where store = ? and model = ? and uid = ?",
  list: "select payload, flags from diffsync_record where store = ? and model = ? order by position",
  put: `insert into diffsync_record (store, model, uid, payload, flags) values (?, ?, ?, ?, ?)
    on conflict (store, model, uid) do update set payload = excluded.payload, flags = excluded.flags`,
  drop: "delete from diffsync_record where store = ? and model = ? and uid = ?",
  count: "select count(*) as count from diffsync_record where store = ? and model = ?",
  countAll: "select count(*) as count from diffsync_record where store = ?",
} as const;
