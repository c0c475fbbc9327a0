import type { DataSyncJob } from "@plumbline/plugin-kit";
import { InvalidDeclarationError, type Model } from "@plumbline/sync";

const place = "{id}";

/**
 * Refuses links that lead nowhere or could give a secret away. The messages never quote the address.
 * @throws InvalidDeclarationError
 */
export function checkLinks(models: readonly Model[], links: DataSyncJob["links"]): void {
  for (const [name, template] of Object.entries(links)) {
    if (!models.some((model) => model.name === name)) {
      throw new InvalidDeclarationError(
        `It has a link for ${name}, which it does not sync. It syncs ${models.map((model) => model.name).join(", ")}.`,
      );
    }
    const fault = faultOf(template);
    if (fault !== null) throw new InvalidDeclarationError(`The link for ${name} ${fault}`);
  }
}

function faultOf(template: string): string | null {
  const example = "give it one as https://system.example/objects/{id}.";
  if (!URL.canParse(template)) return `is no address; ${example}`;
  const url = new URL(template);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `is no http or https address; ${example}`;
  }
  if (url.username !== "" || url.password !== "") {
    return "names a user or a password, which everybody who looks at a diff would see; leave them out.";
  }
  // The id comes from the other system: it must not choose the host.
  if (!template.includes(place) || url.host.includes("id%7D") || url.host.includes(place)) {
    return `has no place for the object's id behind its host; ${example}`;
  }
  return null;
}

/** The address of the object with this id in its system. */
export function linkTo(template: string, id: string): string {
  return template.replaceAll(place, () => encodeURIComponent(id));
}
