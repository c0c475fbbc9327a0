import type { HubModel } from "@plumbline/models";
import type { HttpClient } from "@plumbline/plugin-kit";

/** Whether a Nautobot takes a field of a model with the object. */
export type FieldGuide = (hub: HubModel) => Promise<(field: string) => boolean>;

/**
 * Asks each list once what it takes: sets that one version takes with their object are objects of their own in
 * another. Where it does not tell, as without the permission to write, a field counts as not taken.
 */
export function createFieldGuide(client: HttpClient): FieldGuide {
  const known = new Map<string, Promise<(field: string) => boolean>>();

  async function ask({ restPath }: HubModel): Promise<(field: string) => boolean> {
    const { body } = await client.exchangeJson("OPTIONS", `${restPath}/`);
    const { POST: forNew, PUT: forOld } =
      (body as { actions?: { POST?: Fields; PUT?: Fields } } | null)?.actions ?? {};
    const fields = forNew ?? forOld ?? {};
    return (field) => fields[field]?.read_only === false;
  }

  return (hub) => {
    let asked = known.get(hub.restPath);
    if (asked === undefined) known.set(hub.restPath, (asked = ask(hub)));
    return asked;
  };
}

type Fields = Readonly<Record<string, { readonly read_only?: boolean } | undefined>>;
