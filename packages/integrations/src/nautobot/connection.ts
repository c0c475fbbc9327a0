import { hubModels } from "@plumbline/models";
import { type Connection, defineDataSource, type Secret } from "@plumbline/plugin-kit";
import type { Model } from "@plumbline/sync";
import { openNautobot } from "./nautobot-adapter.ts";

/** Which Nautobot is read, and as whom. */
export interface NautobotConnectionOptions {
  /** Where Nautobot's pages are: "https://nautobot.example". */
  readonly url: string;
  /** An API token; its user needs to view what is synced, and nothing else. */
  readonly token: Secret;
  /** Models read; all of the hub's where absent. What they refer to is looked up too. */
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
}

const allModels: readonly Model[] = hubModels.map(({ model }) => model);

/** A Nautobot 2.x or 3.x as a Data Source. */
export function nautobot(options: NautobotConnectionOptions): Connection {
  const models = options.models ?? allModels;
  const url = options.url.replace(/\/+$/, "").replace(/\/api$/, "");
  return {
    integration: "nautobot",
    jobs: (name) => [
      defineDataSource({
        id: `nautobot-${name}`,
        title: `Nautobot ${name} → hub`,
        description: `Reads the Nautobot at ${url} into the hub; nothing is written there.`,
        system: `Nautobot (${name})`,
        connection: `nautobot-${name}`,
        models,
        mappings: hubModels
          .filter(({ model }) => models.includes(model))
          .map(({ model, restPath }) => ({
            source: model.pluralLabel,
            sourceUrl: `${url}/${restPath}/`,
            target: model.name,
          })),
        configuration: [
          { label: "URL", value: url },
          { label: "Token", value: `from ${options.token.origin}` },
          { label: "Certificate", value: options.verifyTls === false ? "not checked" : "checked" },
        ],
        source: ({ logger, signal }) =>
          openNautobot({ ...options, url, models, name: `Nautobot (${name})`, logger, signal }),
      }),
    ],
  };
}
