import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isRefused } from "../../api/client.ts";
import { recordQuery } from "../../api/queries.ts";
import type { ChangeRow } from "../../api/shapes.ts";
import { messageOf } from "../../components/error-message.ts";
import { FieldValue } from "../../components/field-value.tsx";
import type { Models } from "../../components/key-label.ts";
import table from "../../components/change-values.module.css";
import classes from "./other-fields.module.css";

interface OtherFieldsProps {
  change: ChangeRow;
  models: Models;
}

/** What an update leaves as it is, on request: the fields it does not write, with what the hub has in them now. */
export function OtherFields({ change, models }: OtherFieldsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const model = models.get(change.model);
  const id = change.objectUrl?.split("/").at(-2);
  const record = useQuery({ ...recordQuery(model?.plural ?? "", id ?? ""), enabled: isOpen });
  if (change.action !== "update" || !model || id === undefined) return null;
  const fields = model.fields.filter(({ name }) => !change.fields.includes(name));
  return (
    <div>
      <Button
        size="compact-xs"
        variant="subtle"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        {isOpen ? "Only what changes" : `Show the ${fields.length} other fields`}
      </Button>
      {isOpen && record.isError && (
        <p>
          {isRefused(record.error)
            ? messageOf(record.error)
            : "The hub does not have the object any more."}
        </p>
      )}
      {isOpen && record.data && (
        <table className={table.values}>
          <caption className={classes.caption}>Not changed; as the hub has it now</caption>
          <tbody>
            {fields.map((field) => (
              <tr key={field.name}>
                <th scope="row">{field.label}</th>
                <td>
                  <FieldValue
                    models={models}
                    field={field}
                    value={record.data.values[field.name]}
                    links="none"
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
