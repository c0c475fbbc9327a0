/** How browsers and the bundler word it that a file of the page could not be fetched. */
const missingPart =
  /Unable to preload CSS|dynamically imported module|Importing a module script failed/;

/** Whether a file of the page could not be fetched. */
export function isMissingPart(error: unknown): boolean {
  return error instanceof Error && missingPart.test(error.message);
}

/** An error as a sentence for the page. */
export function messageOf(error: unknown): string {
  if (isMissingPart(error)) {
    return "A part of this page did not arrive: the server does not answer, or was updated meanwhile. Check that it runs, then reload.";
  }
  if (error instanceof Error && error.message) return error.message;
  return "The page met a fault it cannot name. Reload it; if it stays, the server's log says more.";
}
