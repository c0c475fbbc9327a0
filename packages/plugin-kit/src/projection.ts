import {
  defineModel,
  type Field,
  type Fields,
  type InputOf,
  InvalidDeclarationError,
  InvalidInputError,
  type Model,
  type RecordInput,
  type RecordValues,
  type ReferenceInput,
  type ValueOf,
} from "@plumbline/sync";

/** Finds objects of the hub. What is asked at the same time is answered together, by a query a model. */
export interface HubLookup {
  /** The hub's object of the key, references as key strings (`keyOf(…)` passes one on); null if there is none. */
  readonly lookup: <K extends Fields, F extends Fields>(
    model: Model<K, F>,
    key: ReferenceInput,
  ) => Promise<RecordValues<K, F> | null>;
}

type Scalar = string | number | boolean | null;
type NameOf<F> = keyof F & string;
type ScalarNames<F> = {
  [N in NameOf<F>]: ValueOf<F[N]> extends Scalar ? N : never;
}[NameOf<F>];

/** A nullable field must have a value to be part of a key. */
type Filled<T> =
  T extends Field<infer Value, infer Input>
    ? null extends Value
      ? Field<NonNullable<Value>, NonNullable<Input>>
      : T
    : never;

/** The key of a projection: parts of the hub model's key as they are, its other fields filled. */
export type ProjectedKey<K extends Fields, F extends Fields, N extends string> = {
  readonly [P in N & keyof (K & F)]: P extends keyof K ? K[P] : Filled<(K & F)[P]>;
};

export type ProjectedFields<K extends Fields, F extends Fields, N extends string> = {
  readonly [P in N & keyof (K & F)]: (K & F)[P];
};

/** Values of the hub's model, any of them. */
export type HubValues<K extends Fields, F extends Fields> = Partial<RecordInput<K, F>>;

type Awaitable<T> = T | Promise<T>;

type MemberOf<T> = T extends readonly (infer M)[] ? M : T;

/**
 * A condition on the hub's records, in the shape of a run's scope; of a set it is enough that one member
 * meets it. `isUnder` names a record of a tree and means it and all below it.
 */
export type ProjectionCondition<K extends Fields, F extends Fields> =
  | {
      readonly [N in NameOf<K & F>]:
        | { readonly field: N; readonly is: MemberOf<InputOf<(K & F)[N]>> }
        | { readonly field: N; readonly isOneOf: readonly MemberOf<InputOf<(K & F)[N]>>[] }
        | { readonly field: N; readonly isSet: boolean }
        | { readonly field: N; readonly isUnder: ReferenceInput };
    }[NameOf<K & F>]
  | { readonly isUnder: ReferenceInput };

type LoadHook<K extends Fields, F extends Fields, N extends keyof (K & F)> = (
  value: ValueOf<(K & F)[N]>,
  record: RecordValues<K, F>,
  hub: HubLookup,
) => Awaitable<InputOf<(K & F)[N]>>;

/** What `defineProjection` is told. */
export interface ProjectionDeclaration<
  K extends Fields,
  F extends Fields,
  KN extends string,
  FN extends string,
> {
  /** Names the projection where a job has more than one of a model; the hub model's name where absent. */
  readonly name?: string;
  readonly label?: string;
  /** What tells records apart, in the order of the key string: any scalar or reference fields of the hub's model. */
  readonly key: readonly KN[];
  /** What else is compared and written. */
  readonly fields: readonly FN[];
  /**
   * Which of the hub's records the projection sees: those for which every condition holds. Others are
   * neither compared nor written, and can never look deleted. What `is` says, a new object has.
   */
  readonly where?: readonly ProjectionCondition<K, F>[];
  /** By reference field: the name of the projection that it refers to, where that has a name of its own. */
  readonly refersTo?: { readonly [N in (KN | FN) & keyof (K & F)]?: string };
  /**
   * By field, key parts aside: what becomes of a value as the hub is read. `record` has all of the object's
   * values, derived ones too. A value given back as it came stays as it is.
   */
  readonly load?: { readonly [N in NameOf<K & F>]?: N extends FN ? LoadHook<K, F, N> : never };
  /** What a new object of the hub has beside the values of the record: what the hub requires, and defaults. */
  readonly create?: (
    values: Partial<RecordValues<ProjectedKey<K, F, KN>, ProjectedFields<K, F, FN>>>,
    hub: HubLookup,
  ) => Awaitable<HubValues<K, F>>;
  /**
   * Turns values on their way into the hub, the way back of `load`: all of a new record, or those that
   * changed. What it gives is written, and nothing else; a value that it gives as it got it stays.
   */
  readonly write?: (
    values: Partial<RecordValues<ProjectedKey<K, F, KN>, ProjectedFields<K, F, FN>>>,
    hub: HubLookup,
  ) => Awaitable<HubValues<K, F>>;
}

type AnyValues = Readonly<Record<string, unknown>>;

/** What makes a model a projection, its types left aside. */
export interface ProjectionFacts {
  /** The hub's model that it is a view of. */
  readonly of: Model;
  readonly where: readonly ProjectionCondition<Fields, Fields>[];
  readonly load: Readonly<
    Record<string, (value: unknown, record: AnyValues, hub: HubLookup) => unknown>
  >;
  readonly create: ((values: AnyValues, hub: HubLookup) => Awaitable<AnyValues>) | null;
  readonly write: ((values: AnyValues, hub: HubLookup) => Awaitable<AnyValues>) | null;
}

/** An integration's view of a model of the hub: a model like any other, that the hub reads and writes. */
export interface Projection<K extends Fields = Fields, F extends Fields = Fields> extends Model<
  K,
  F
> {
  readonly projection: ProjectionFacts;
}

/** What a model is a view of; null for one that is no projection. */
export function projectionOf(model: Model): ProjectionFacts | null {
  return "projection" in model ? (model as Projection).projection : null;
}

/**
 * Declares an integration's view of a model of the hub, with a key of its own and some of its fields.
 * @throws InvalidDeclarationError for a declaration that contradicts itself.
 */
export function project<
  K extends Fields,
  F extends Fields,
  const KN extends ScalarNames<K & F>,
  const FN extends Exclude<NameOf<K & F>, KN>,
>(
  model: Model<K, F>,
  declaration: ProjectionDeclaration<K, F, KN, FN>,
): Projection<ProjectedKey<K, F, KN>, ProjectedFields<K, F, FN>> {
  const base: Model = model;
  const name = declaration.name ?? base.name;
  const label = declaration.label ?? (name === base.name ? base.label : undefined);
  const targets: Readonly<Record<string, string | undefined>> = declaration.refersTo ?? {};
  const fieldOf = (field: string): Field => retarget(base.field(field), targets[field]);
  const key = pick(base, declaration.key, (part) =>
    base.keyNames.includes(part) ? own(fieldOf(part)) : filled(fieldOf(part)),
  );
  const fields = pick(base, declaration.fields, fieldOf);
  const derived = declaration.fields.find((field) => base.field(field).isDerived);
  if (derived !== undefined) {
    throw new InvalidDeclarationError(
      `The projection ${name}: the hub derives ${derived}, so it is neither compared nor written. Leave it out.`,
    );
  }
  const stray = Object.keys(declaration.load ?? {}).find((field) => !(field in fields));
  if (stray !== undefined) {
    throw new InvalidDeclarationError(
      `The projection ${name} has a load hook for ${stray}, which is none of its \`fields\`. Objects are found by their keys as the hub has them.`,
    );
  }
  const projected: Model = defineModel(name, {
    ...(label !== undefined && { label }),
    ...(name === base.name && { plural: base.plural, pluralLabel: base.pluralLabel }),
    description: base.description,
    key,
    fields,
    secondKeys: base.secondKeys.filter((field) => field in fields),
    ...(base.parent !== null &&
      (base.parent in key || base.parent in fields) && { parent: base.parent }),
  });
  const { where = [], load = {}, create = null, write = null } = declaration;
  const projection = { of: base, where, load, create, write } as unknown as ProjectionFacts;
  return Object.assign(projected, { projection }) as unknown as Projection<
    ProjectedKey<K, F, KN>,
    ProjectedFields<K, F, FN>
  >;
}

function pick(model: Model, names: readonly string[], make: (name: string) => Field): Fields {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InvalidDeclarationError(`A projection of ${model.name} names ${twice} twice.`);
  }
  return Object.fromEntries(names.map((name) => [name, make(name)]));
}

/** The same reference, or set of them, to records of another model. */
function retarget(field: Field, target: string | undefined): Field {
  if (target === undefined) return field;
  const { members } = field.facts;
  if (members === undefined && field.kind !== "reference") {
    throw new InvalidDeclarationError(
      `A projection says that a ${field.kind} refers to ${target}. Only references do.`,
    );
  }
  return {
    ...field,
    facts: {
      ...field.facts,
      ...(members === undefined ? { target } : { members: retarget(members, target) }),
    },
    normalise: (input, encode) => field.normalise(input, (_target, key) => encode(target, key)),
  };
}

/** A part of the hub's key, given by the record itself: the field it would be read through may not be there. */
function own(field: Field): Field {
  const { through: _through, ...facts } = field.facts;
  return { ...field, facts };
}

function filled(field: Field): Field {
  if (!field.isNullable) return field;
  // The same field, without its null.
  return {
    ...field,
    isNullable: false,
    normalise(input, encodeReference) {
      const value = field.normalise(input, encodeReference);
      if (value !== null) return value;
      throw new InvalidInputError("expected a value, got nothing: it is part of the key");
    },
  };
}
