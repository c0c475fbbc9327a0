import { Link } from "@tanstack/react-router";
import type { JobDetail } from "../../api/shapes.ts";
import type { Models } from "../../components/key-label.ts";
import { Panel } from "../../components/page.tsx";
import classes from "./job-page.module.css";

/** Which of the one system's data becomes which of the other's. */
export function DataMappings({ job, models }: { job: JobDetail; models: Models }) {
  const other = job.direction === "target" ? job.targetName : job.sourceName;
  const hub = job.direction === "target" ? job.sourceName : job.targetName;
  return (
    <Panel title="Data mappings">
      <table className={classes.mappings}>
        <thead>
          <tr>
            <th scope="col">{other}</th>
            <th scope="col">{hub}</th>
          </tr>
        </thead>
        <tbody>
          {job.mappings.map((mapping) => (
            <tr key={`${mapping.source} ${mapping.target}`}>
              <td>
                {mapping.sourceUrl ? (
                  <a href={mapping.sourceUrl} rel="noreferrer">
                    {mapping.source}
                  </a>
                ) : (
                  mapping.source
                )}
              </td>
              <td>
                <Target name={mapping.target} models={models} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Target({ name, models }: { name: string; models: Models }) {
  const model = models.get(name);
  if (!model?.isHub) return <>{model?.pluralLabel ?? name}</>;
  return (
    <Link to="/inventory/$plural/" params={{ plural: model.plural }}>
      {model.pluralLabel}
    </Link>
  );
}
