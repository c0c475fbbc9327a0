import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { PageSkeleton } from "../components/page-skeleton.tsx";
import { RouteError } from "../components/route-error.tsx";
import { Frame } from "./frame.tsx";
import { OtherAddressPage } from "./other-address.tsx";
import { anySearch, parseSearch, stringifySearch, textSearch } from "./search.ts";

const root = createRootRoute({ component: Outlet });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: textSearch("from"),
  component: lazyRouteComponent(() => import("../features/session/login-page.tsx"), "LoginPage"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: textSearch("token"),
  component: lazyRouteComponent(() => import("../features/session/setup-page.tsx"), "SetupPage"),
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router redirects
    throw redirect({ to: "/plugins/ssot/", replace: true });
  },
});

const frame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame });

const dashboard = createRoute({
  getParentRoute: () => frame,
  path: "/plugins/ssot",
  component: lazyRouteComponent(
    () => import("../features/dashboard/dashboard-page.tsx"),
    "DashboardPage",
  ),
});

const history = createRoute({
  getParentRoute: () => frame,
  path: "/plugins/ssot/history",
  validateSearch: textSearch(
    "q",
    "jobId",
    "jobResultId",
    "status",
    "isDryRun",
    "direction",
    "sort",
    "page",
    "hide",
    "show",
  ),
  component: lazyRouteComponent(() => import("../features/syncs/history-page.tsx"), "HistoryPage"),
});

const sync = createRoute({
  getParentRoute: () => frame,
  path: "/plugins/ssot/history/$syncId",
  validateSearch: textSearch(
    "tab",
    "model",
    "action",
    "outcome",
    "guard",
    "q",
    "parentModel",
    "parentKey",
    "status",
    "level",
    "grouping",
    "page",
    "hide",
    "show",
    "key",
    "field",
    "kind",
    "side",
  ),
  component: lazyRouteComponent(() => import("../features/syncs/sync-page.tsx"), "SyncPage"),
});

const logs = createRoute({
  getParentRoute: () => frame,
  path: "/plugins/ssot/logs",
  validateSearch: textSearch(
    "q",
    "jobId",
    "syncId",
    "direction",
    "kind",
    "action",
    "status",
    "outcome",
    "model",
    "page",
    "hide",
    "show",
  ),
  component: lazyRouteComponent(() => import("../features/logs/logs-page.tsx"), "LogsPage"),
});

const job = createRoute({
  getParentRoute: () => frame,
  path: "/plugins/ssot/jobs/$jobId",
  validateSearch: textSearch("sort", "page", "hide", "show"),
  component: lazyRouteComponent(() => import("../features/jobs/job-page.tsx"), "JobPage"),
});

const run = createRoute({
  getParentRoute: () => frame,
  path: "/plugins/ssot/jobs/$jobId/run",
  component: lazyRouteComponent(() => import("../features/jobs/run-page.tsx"), "RunPage"),
});

const jobResults = createRoute({
  getParentRoute: () => frame,
  path: "/extras/job-results",
  validateSearch: textSearch("q", "status", "jobId", "page", "hide"),
  component: lazyRouteComponent(
    () => import("../features/job-results/job-results-page.tsx"),
    "JobResultsPage",
  ),
});

const jobResult = createRoute({
  getParentRoute: () => frame,
  path: "/extras/job-results/$jobResultId",
  validateSearch: textSearch("level", "grouping", "q"),
  component: lazyRouteComponent(
    () => import("../features/job-results/job-result-page.tsx"),
    "JobResultPage",
  ),
});

const inventory = createRoute({
  getParentRoute: () => frame,
  path: "/inventory/$plural",
  validateSearch: anySearch,
  component: lazyRouteComponent(
    () => import("../features/inventory/inventory-page.tsx"),
    "InventoryPage",
  ),
});

const record = createRoute({
  getParentRoute: () => frame,
  path: "/inventory/$plural/$recordId",
  component: lazyRouteComponent(
    () => import("../features/inventory/record-page.tsx"),
    "RecordPage",
  ),
});

const newRecord = createRoute({
  getParentRoute: () => frame,
  path: "/inventory/$plural/new",
  component: lazyRouteComponent(
    () => import("../features/inventory/record-form-page.tsx"),
    "NewRecordPage",
  ),
});

const importRecords = createRoute({
  getParentRoute: () => frame,
  path: "/inventory/$plural/import",
  component: lazyRouteComponent(
    () => import("../features/inventory/import-page.tsx"),
    "ImportPage",
  ),
});

const editRecord = createRoute({
  getParentRoute: () => frame,
  path: "/inventory/$plural/$recordId/edit",
  component: lazyRouteComponent(
    () => import("../features/inventory/record-form-page.tsx"),
    "EditRecordPage",
  ),
});

const tokens = createRoute({
  getParentRoute: () => frame,
  path: "/user/api-tokens",
  component: lazyRouteComponent(() => import("../features/session/tokens-page.tsx"), "TokensPage"),
});

const people = createRoute({
  getParentRoute: () => frame,
  path: "/users",
  component: lazyRouteComponent(() => import("../features/people/people-page.tsx"), "PeoplePage"),
});

const otherAddress = createRoute({
  getParentRoute: () => frame,
  path: "$",
  component: OtherAddressPage,
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    login,
    setup,
    frame.addChildren([
      dashboard,
      history,
      sync,
      logs,
      job,
      run,
      jobResults,
      jobResult,
      inventory,
      record,
      newRecord,
      importRecords,
      editRecord,
      tokens,
      people,
      otherAddress,
    ]),
  ]),
  trailingSlash: "always",
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
