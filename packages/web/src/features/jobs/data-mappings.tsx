import { Link } from "@tanstack/react-router";
import type { JobDetail } from "../../api/shapes.ts";
import type { Models } from "../../components/key-label.ts";
import { Panel } from "../../components/page.tsx";
import classes from "./job-page.module.css";

/** Which of the source's data becomes which of the target's. */
export function DataMappings({ job, models }: { job: JobDetail; models: Models }) {
  return (
    <Panel title="Data mappings">
      <table className={classes.mappings}>
        <thead>
          <tr>
            <th scope="col">{job.sourceName}</th>
            <th scope="col">{job.targetName}</th>
          </tr>
        </thead>
        <tbody>
          {job.mappings.map(({ source, sourceUrl, target, targetUrl }) => (
            <tr key={`${source} ${target}`}>
              <td>
                <Mapped name={source} url={sourceUrl} models={hubModels("source")} />
              </td>
              <td>
                <Mapped name={target} url={targetUrl} models={hubModels("target")} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );

  function hubModels(side: "source" | "target"): Models | null {
    return job.hubSide === side ? models : null;
  }
}

interface MappedProps {
  name: string;
  url: string | null;
  /** Those of the hub, on its side. */
  models: Models | null;
}

function Mapped({ name, url, models }: MappedProps) {
  const model = models?.get(name);
  if (url !== null) {
    return (
      <a href={url} rel="noreferrer">
        {model?.pluralLabel ?? name}
      </a>
    );
  }
  if (!model?.isHub) return <>{model?.pluralLabel ?? name}</>;
  return (
    <Link to="/inventory/$plural/" params={{ plural: model.plural }}>
      {model.pluralLabel}
    </Link>
  );
}
