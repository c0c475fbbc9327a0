import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Dashboard } from "../../api/shapes.ts";
import { countOf } from "../../components/format.ts";
import classes from "./dashboard.module.css";

/** Plugins and job files that did not load. */
export function LoadErrors({ errors }: { errors: Dashboard["loadErrors"] }) {
  return (
    <Alert
      className={classes.loadErrors}
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${countOf(errors.length, "file")} could not be loaded; their jobs are missing below`}
    >
      <ul>
        {errors.map((error) => (
          <li key={`${error.file}:${error.line ?? ""}:${error.message}`}>
            <code>
              {error.file}
              {error.line !== null && `:${error.line}`}
            </code>{" "}
            {error.message}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
