import { Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { JobVariable } from "../../api/shapes.ts";
import { formatName } from "../../components/format.ts";
import type { RunValues } from "./run-values.ts";

interface VariableInputProps {
  variable: JobVariable;
  /** The form's properties of the control. */
  field: ReturnType<UseFormReturnType<RunValues>["getInputProps"]>;
}

/** The form control of one of a job's inputs. */
export function VariableInput({ variable, field }: VariableInputProps) {
  const shared = {
    label: variable.label || formatName(variable.name),
    description: variable.description || undefined,
    required: variable.isRequired,
    ...field,
  };
  switch (variable.kind) {
    case "boolean":
      return <Checkbox {...shared} required={false} />;
    case "integer":
      return <NumberInput {...shared} allowDecimal={false} />;
    case "choice":
      return (
        <Select
          {...shared}
          data={variable.choices}
          clearable={!variable.isRequired}
          clearButtonProps={{ "aria-label": `Clear: ${shared.label}` }}
        />
      );
    case "text":
      return <TextInput {...shared} />;
  }
}
