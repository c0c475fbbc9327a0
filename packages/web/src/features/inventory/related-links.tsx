import { Link } from "@tanstack/react-router";
import type { components } from "../../api/schema.d.ts";
import { formatCount } from "../../components/format.ts";
import type { Models } from "../../components/key-label.ts";
import classes from "./related-links.module.css";

interface RelatedLinksProps {
  models: Models;
  related: readonly components["schemas"]["RelatedCount"][];
  /** Of the records that are referred to. */
  ids: readonly string[];
}

/** How many records refer to some, each count a link to their list. */
export function RelatedLinks({ models, related, ids }: RelatedLinksProps) {
  return (
    <ul className={classes.related}>
      {related.map(({ model: name, field: fieldName, count }) => {
        const model = models.get(name);
        if (!model) return null;
        const field = model.fields.find((entry) => entry.name === fieldName);
        return (
          <li key={`${name} ${fieldName}`}>
            <Link
              to="/inventory/$plural/"
              params={{ plural: model.plural }}
              search={{ [fieldName]: ids.join(",") }}
            >
              <span>
                {model.pluralLabel}
                <span className={classes.field}>
                  {" "}
                  by {(field?.label ?? fieldName).toLowerCase()}
                </span>
              </span>
              <span className="number">{formatCount(count)}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
