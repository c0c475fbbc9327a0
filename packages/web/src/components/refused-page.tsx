import type { ReactNode } from "react";
import { Page, Panel, type Crumb } from "./page.tsx";
import { NotAllowed } from "./states.tsx";

interface RefusedPageProps {
  title: string;
  crumbs?: Crumb[];
  /** Why: what is missing, and who gives it. */
  children: ReactNode;
}

/** A page that is not for who is signed in. */
export function RefusedPage({ title, crumbs = [], children }: RefusedPageProps) {
  return (
    <Page title={title} crumbs={crumbs}>
      <Panel>
        <NotAllowed>{children}</NotAllowed>
      </Panel>
    </Page>
  );
}
