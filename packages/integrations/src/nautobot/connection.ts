import { hubModels, syncedModels } from "@plumbline/models";
import {
  type Connection,
  defineDataSource,
  defineDataTarget,
  type OpenContext,
  type Secret,
} from "@plumbline/plugin-kit";
import type { Model } from "@plumbline/sync";
import { openNautobot } from "./nautobot-adapter.ts";

/** Which Nautobot is synced, and as whom. */
export interface NautobotConnectionOptions {
  /** Where Nautobot's pages are: "https://nautobot.example". */
  readonly url: string;
  /** An API token; its user needs to view what is synced, and to write it only with `mayWrite`. */
  readonly token: Secret;
  /** Whether it is a Data Target too, which syncs the hub into it. Default false: it is only read. */
  readonly mayWrite?: boolean;
  /** Models synced; all of the hub's where absent. What they refer to is looked up too. */
  readonly models?: readonly Model[];
  /** False accepts any certificate. Default true. */
  readonly verifyTls?: boolean;
  /** PEM file with the authority that signed Nautobot's certificate. */
  readonly caFile?: string;
  /** Longest time of one request. Default 60. */
  readonly timeoutSeconds?: number;
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number;
  /** Objects asked for at once. Default 1000. */
  readonly pageSize?: number;
  /** Objects in a write; Nautobot takes all of a write or nothing of it. Default 50. */
  readonly writeSize?: number;
}

/** Parts of other objects, which Nautobot shows on those objects' pages alone. */
const pageless = new Set(["custom_field_choice", "interface_template", "ip_address_to_interface"]);

/** A Nautobot 2.x or 3.x as a Data Source and, where it may be written, as a Data Target. */
export function nautobot(options: NautobotConnectionOptions): Connection {
  const models = options.models ?? syncedModels;
  const url = options.url.replace(/\/+$/, "").replace(/\/api$/, "");
  const mayWrite = options.mayWrite ?? false;
  const lists = hubModels
    .filter(({ model }) => models.includes(model))
    .map(({ model, restPath }) => ({ model, listUrl: `${url}/${restPath}/` }));
  return {
    integration: "nautobot",
    jobs: (name) => {
      const system = `Nautobot (${name})`;
      const shared = {
        system,
        connection: `nautobot-${name}`,
        models,
        links: Object.fromEntries(
          lists
            .filter(({ model }) => !pageless.has(model.name))
            .map(({ model, listUrl }) => [model.name, `${listUrl}{id}/`]),
        ),
        configuration: [
          { label: "URL", value: url },
          { label: "Token", value: `from ${options.token.origin}` },
          { label: "Certificate", value: options.verifyTls === false ? "not checked" : "checked" },
          { label: "May be written", value: mayWrite ? "yes" : "no" },
        ],
      };
      const open = ({ models, logger, signal }: OpenContext, isTarget: boolean) =>
        openNautobot({ ...options, mayWrite: isTarget, url, models, name: system, logger, signal });
      const source = defineDataSource({
        ...shared,
        id: `nautobot-${name}`,
        title: `Nautobot ${name} → hub`,
        description: `Reads the Nautobot at ${url} into the hub; nothing is written there.`,
        mappings: lists.map(({ model, listUrl }) => ({
          source: model.pluralLabel,
          sourceUrl: listUrl,
          target: model.name,
        })),
        source: (context) => open(context, false),
      });
      if (!mayWrite) return [source];
      const target = defineDataTarget({
        ...shared,
        id: `nautobot-${name}-target`,
        title: `Hub → Nautobot ${name}`,
        description: `Writes the hub's records into the Nautobot at ${url}.`,
        mappings: lists.map(({ model, listUrl }) => ({
          source: model.name,
          target: model.pluralLabel,
          targetUrl: listUrl,
        })),
        target: (context) => open(context, true),
      });
      return [source, target];
    },
  };
}
