import {
  type Canonical,
  equalCanonical,
  type Field,
  parseKey,
  type KeyPart,
  type Model,
  type Schema,
} from "@plumbline/sync";

/** A canonical value as files write it: references by the parts of their keys. */
export function toFileForm(
  schema: Schema,
  field: Field<unknown, unknown>,
  value: Canonical,
): unknown {
  const { target, members } = field.facts;
  if (value === null) return null;
  if (field.kind === "reference" && target !== undefined && typeof value === "string") {
    return nameParts(schema, schema.model(target), parseKey(value));
  }
  if (members && Array.isArray(value)) {
    return value.map((member: Canonical) => toFileForm(schema, members, member));
  }
  return value;
}

/** A key of one part is that part; others are a mapping, without the parts that are null. */
function nameParts(schema: Schema, model: Model, parts: readonly KeyPart[]): unknown {
  const named: Record<string, unknown> = {};
  model.keyNames.forEach((name, index) => {
    const part = parts[index] ?? null;
    if (part === null) return;
    const target = model.field(name).facts.target;
    named[name] =
      target !== undefined && Array.isArray(part)
        ? nameParts(schema, schema.model(target), part as readonly KeyPart[])
        : part;
  });
  const [only] = model.keyNames;
  return model.keyNames.length === 1 && only !== undefined ? named[only] : named;
}

/** Whether a value needs no writing: nothing, or an empty list, where that is what leaving it out says. */
export function isLeftOut(
  schema: Schema,
  field: Field<unknown, unknown>,
  value: Canonical,
): boolean {
  if (value !== null && !(Array.isArray(value) && value.length === 0)) return false;
  try {
    return equalCanonical(field.normalise(undefined, schema.encodeReference), value);
  } catch {
    return false;
  }
}
