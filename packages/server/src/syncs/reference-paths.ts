import type { Field, Model, Schema } from "@plumbline/sync";

/** Where in the values of a model's records a reference stands, as PostgreSQL's jsonpath, and to what. */
export interface ReferencePath {
  readonly path: string;
  readonly target: string;
}

/** The references of a model that records are written with. */
export function referencePaths(schema: Schema, model: Model): readonly ReferencePath[] {
  return schema
    .referenceFields(model)
    .filter(({ isDerived }) => !isDerived)
    .flatMap(({ name, field }) => pathsOf(field, `$.${JSON.stringify(name)}`));
}

function pathsOf({ facts }: Field<unknown, unknown>, path: string): ReferencePath[] {
  const { target, members, properties } = facts;
  if (target !== undefined) return [{ path, target }];
  if (members) return pathsOf(members, `${path}[*]`);
  return Object.entries(properties ?? {}).flatMap(([name, property]) =>
    pathsOf(property, `${path}[*].${JSON.stringify(name)}`),
  );
}
