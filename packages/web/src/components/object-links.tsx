import type { SyncLogRow } from "../api/shapes.ts";
import classes from "./object-links.module.css";

type Linked = Pick<SyncLogRow, "label" | "objectUrl" | "systemObject" | "otherSystemObject">;

/** Where the object of a row is to be seen: in the hub, and in other systems. */
export function ObjectLinks({ row }: { row: Linked }) {
  const { label, objectUrl } = row;
  const systems = [row.systemObject, row.otherSystemObject].filter((object) => object !== null);
  if (objectUrl === null && systems.length === 0) return null;
  return (
    <div className={classes.links}>
      {objectUrl !== null && (
        <a href={objectUrl} aria-label={`${label ?? "Object"} in the hub`}>
          In the hub
        </a>
      )}
      {systems.map(({ system, url }) => (
        <a
          key={system}
          href={url}
          rel="noreferrer"
          aria-label={`${label ?? "Object"} in ${system}`}
        >
          In {system}
        </a>
      ))}
    </div>
  );
}
