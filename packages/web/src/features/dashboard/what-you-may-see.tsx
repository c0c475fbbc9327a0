import { Link } from "@tanstack/react-router";
import { objectTypes, useMay } from "../../api/use-may.ts";
import { listName, useModelGroups } from "../../components/model-groups.ts";
import { Page, Panel } from "../../components/page.tsx";
import { EmptyState } from "../../components/states.tsx";
import classes from "./what-you-may-see.module.css";

const runPages = [
  { objectType: objectTypes.sync, label: "Sync history", to: "/plugins/ssot/history/" },
  { objectType: objectTypes.syncLog, label: "Sync logs", to: "/plugins/ssot/logs/" },
  { objectType: objectTypes.jobResult, label: "Job results", to: "/extras/job-results/" },
] as const;

/** In the dashboard's place, for who may not look at all that it tells of: where else they may look. */
export function WhatYouMaySee() {
  const may = useMay();
  const groups = useModelGroups();
  const pages = runPages.filter(({ objectType }) => may(objectType, "view"));
  const missing = [objectTypes.job, objectTypes.sync].filter((type) => !may(type, "view"));
  return (
    <Page
      title="Single Source of Truth"
      lead={`Jobs and their newest syncs are shown here to those who may view ${missing.join(" and ")}. An administrator grants it.`}
    >
      <Panel title="What you may see">
        {pages.length + groups.length === 0 ? (
          <EmptyState title="Nothing yet">
            You have no permission to view anything. An administrator grants them.
          </EmptyState>
        ) : (
          <div className={classes.groups}>
            {pages.length > 0 && (
              <section>
                <h3>Syncs and jobs</h3>
                <ul>
                  {pages.map(({ label, to }) => (
                    <li key={to}>
                      <Link to={to}>{label}</Link>
                    </li>
                  ))}
                </ul>
              </section>
            )}
            {groups.map(([title, models]) => (
              <section key={title}>
                <h3>{title}</h3>
                <ul>
                  {models.map((model) => (
                    <li key={model.name}>
                      <Link to="/inventory/$plural/" params={{ plural: model.plural }}>
                        {listName(model)}
                      </Link>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
        )}
      </Panel>
    </Page>
  );
}
