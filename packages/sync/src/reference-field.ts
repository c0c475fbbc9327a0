import { createField } from "./create-field.ts";
import type { Field, FieldFacts, ReferenceInput } from "./field.ts";

/** A field that holds the key of another record. */
export interface ReferenceField extends Field<string, ReferenceInput> {
  /**
   * Makes a key part computed: where a record does not give it, it is the part of the same name in
   * the key that the reference `name` of the same record holds.
   */
  through(name: string): Field<string, ReferenceInput | undefined>;
}

/** A reference to a record of a model, which may be declared later or be the model itself. */
export function ref(target: string): ReferenceField {
  return {
    ...referenceField<ReferenceInput>({ target }),
    through: (name) => referenceField({ target, through: name }),
  };
}

function referenceField<Input>(facts: FieldFacts & { target: string }): Field<string, Input> {
  return createField("reference", facts, (input, encode) => encode(facts.target, input));
}
