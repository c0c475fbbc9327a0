import type { Logger } from "@plumbline/sync";
import type { Auth } from "../auth/auth.ts";
import type { Identity } from "../auth/identity.ts";
import type { User } from "../auth/user.ts";
import type { Database } from "../database/connect.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { PlanRequest } from "../syncs/carry-out.ts";
import type { RequestKey } from "../syncs/once.ts";
import type { StartedRun } from "../syncs/start.ts";
import type { HostOptions } from "./host-guard.ts";

/** What pages can have done to runs; each answers once it is recorded and queued. */
export interface RunCommands {
  startSync(request: {
    readonly jobId: string;
    /** As the job declares, when nothing is said. */
    readonly isDryRun?: boolean | undefined;
    readonly asksDeletes?: boolean | undefined;
    readonly ignore?: readonly string[] | undefined;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly user: User;
    readonly once?: RequestKey | undefined;
  }): Promise<StartedRun>;
  /** Carries on with what is recorded of a sync, or takes it back. */
  carryOut(request: PlanRequest & { readonly user: User }): Promise<StartedRun>;
  cancelRun(jobResultId: string, user: User): Promise<void>;
}

export interface AppOptions extends HostOptions {
  readonly database: Database;
  /** What the hub keeps. */
  readonly inventory: Inventory;
  readonly auth: Auth;
  readonly commands: RunCommands;
  readonly events: EventFeed;
  readonly logger: Logger;
  /** Folder of the built pages; null serves the API alone. */
  readonly webRoot: string | null;
  readonly version: string;
}

export interface AppEnv {
  Variables: {
    /** Set on every route that needs one signed in. */
    identity: Identity;
  };
  Bindings: { incoming?: { socket?: { remoteAddress?: string } } };
}
