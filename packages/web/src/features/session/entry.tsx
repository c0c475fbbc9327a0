import { useEffect, type ReactNode } from "react";
import classes from "./entry.module.css";

/** The frame of the pages before signing in. */
export function Entry({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Plumbline`;
  }, [title]);
  return (
    <main className={classes.entry}>
      <div className={classes.box}>
        <div className={classes.brand}>
          <img src="/icon.svg" width={28} height={28} alt="" />
          Plumbline
        </div>
        <h1>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
        {children}
      </div>
    </main>
  );
}
