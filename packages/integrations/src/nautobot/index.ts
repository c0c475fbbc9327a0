export { nautobot } from "./connection.ts";
export type { NautobotConnectionOptions } from "./connection.ts";
