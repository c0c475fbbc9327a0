import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import classes from "./page.module.css";

export interface Crumb {
  label: string;
  /** Absent for the last one. */
  to?: string;
}

interface PageProps {
  title: ReactNode;
  /** For the window; the heading itself where absent and text. */
  windowTitle?: string;
  crumbs?: Crumb[];
  /** Beside the title: a status. */
  badge?: ReactNode;
  /** Below the title: one sentence. */
  lead?: ReactNode;
  /** Top right; at most one of them primary. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page's heading and content. */
export function Page(props: PageProps) {
  const { title, windowTitle, crumbs = [], badge, lead, actions, children } = props;
  const name = windowTitle ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = name ? `${name} · Plumbline` : "Plumbline";
  }, [name]);
  return (
    <div className={classes.page}>
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumbs">
          <ol className={classes.crumbs}>
            {crumbs.map((crumb, index) => (
              <li key={index}>
                {crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : crumb.label}
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className={classes.head}>
        <div className={classes.heading}>
          <div className={classes.titleLine}>
            <h1 className={classes.title}>{title}</h1>
            {badge}
          </div>
          {lead && <div className={classes.lead}>{lead}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface PanelProps {
  title?: ReactNode;
  /** Right of the title. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
}

export function Panel({ title, aside, children, className }: PanelProps) {
  return (
    <section className={`panel ${className ?? ""}`}>
      {title && (
        <header className={classes.panelHead}>
          <h2>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}

/** Name and value pairs. Pairs whose value is null are left out. */
export function Facts({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={classes.facts}>
      {items
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Short texts below each other. */
export function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => <div key={line}>{line}</div>);
}
