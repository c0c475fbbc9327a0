import type { Adapter } from "./adapter.ts";
import type { ChildrenField, FieldDeclarations, FieldInput, FieldValue } from "./fields.ts";
import type { DiffSyncModel, MaybePromise } from "./model.ts";

/** The names of a declaration's fields. */
export type Named<F> = keyof F & string;

type ChildrenNames<F> = {
  [N in keyof F]: F[N] extends ChildrenField ? N : never;
}[keyof F] &
  string;

/** What a model declares: its fields, and which of them tell records apart, are compared, list children. */
export interface ModelDeclaration<
  F extends FieldDeclarations,
  I extends readonly Named<F>[],
  A extends readonly Named<F>[],
> {
  /** All fields, in the order in which texts show them. A field in no group is stored, never compared. */
  readonly fields: F;
  /** What tells records apart, in the order of the unique id. */
  readonly identifiers: I;
  /** What is compared. */
  readonly attributes?: A;
  /** Child models and the fields that list them. */
  readonly children?: Readonly<Record<string, ChildrenNames<F>>>;
  /** What tells siblings apart; the unique id where absent. */
  readonly shortName?: readonly Named<F>[];
  /** `ModelFlags` of records that are given none. */
  readonly modelFlags?: number;
}

type OptionalNames<F> = {
  [N in keyof F]: undefined extends FieldInput<F[N]> ? N : never;
}[keyof F];

/** What a record is built from; fields with a default may be left out. */
export type ModelInput<F> = {
  readonly [N in Exclude<keyof F, OptionalNames<F>>]: FieldInput<F[N]>;
} & { readonly [N in OptionalNames<F>]?: FieldInput<F[N]> } & { readonly modelFlags?: number };

/** Identifiers by name. */
export type Identifiers<F, I extends readonly (keyof F)[]> = {
  readonly [N in I[number]]: FieldValue<F[N]>;
};

/** Some of the attributes, by name: all of them for a create, the changed ones for an update. */
export type Attributes<F, A extends readonly (keyof F)[]> = {
  readonly [N in A[number]]?: FieldValue<F[N]>;
};

/** A declared record: its fields, and what every record has. */
export type ModelRecord<
  F extends FieldDeclarations,
  I extends readonly Named<F>[],
  A extends readonly Named<F>[],
> = { -readonly [N in keyof F]: FieldValue<F[N]> } & {
  getIdentifiers(): Identifiers<F, I>;
  getAttrs(): Required<Attributes<F, A>>;
} & DiffSyncModel;

/** The class of a declared model, to be extended. */
export type ModelClass<
  F extends FieldDeclarations,
  I extends readonly Named<F>[],
  A extends readonly Named<F>[],
> = Omit<typeof DiffSyncModel, "prototype" | "create" | "createUniqueId"> & {
  new (values: ModelInput<F>): ModelRecord<F, I, A>;
  createUniqueId(identifiers: Identifiers<F, I>): string;
  create(
    adapter: Adapter,
    identifiers: Identifiers<F, I>,
    attributes: Attributes<F, A>,
  ): MaybePromise<DiffSyncModel | null>;
};

/** The class of any model. */
export type AnyModelClass = Pick<
  typeof DiffSyncModel,
  "layout" | "modelName" | "getChildrenMapping"
> & {
  readonly name: string;
  new (values: never): DiffSyncModel;
  createUniqueId(identifiers: never): string;
  create(
    adapter: Adapter,
    identifiers: never,
    attributes: never,
  ): MaybePromise<DiffSyncModel | null>;
};
