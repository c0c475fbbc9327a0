import type { ContentfulStatusCode } from "hono/utils/http-status";

/** What is wrong with a request: texts by field. */
export type Faults = Readonly<Record<string, readonly string[]>>;

/** A request that is refused, with the answer's body as Nautobot's clients read it. */
export class Refused extends Error {
  readonly status: ContentfulStatusCode;
  readonly body: unknown;

  constructor(status: ContentfulStatusCode, body: unknown) {
    super(typeof body === "string" ? body : JSON.stringify(body));
    this.name = "Refused";
    this.status = status;
    this.body = body;
  }
}

export function refuse(status: ContentfulStatusCode, detail: string): Refused {
  return new Refused(status, { detail });
}

export function refuseFields(faults: Faults): Refused {
  return new Refused(400, faults);
}
