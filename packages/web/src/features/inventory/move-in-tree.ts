import type { KeyboardEvent } from "react";

/** Arrow keys in a tree: up and down go from record to record, right opens, left closes or goes to the record above. */
export function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const line = (event.target as HTMLElement).closest<HTMLElement>("[data-line]");
  if (!line) return;
  const toggle = line.querySelector<HTMLElement>("[aria-expanded]");
  const isOpen = toggle?.getAttribute("aria-expanded") === "true";
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-line]")];
  const at = lines.indexOf(line);
  switch (event.key) {
    case "ArrowDown":
      focusOn(lines[at + 1]);
      break;
    case "ArrowUp":
      focusOn(lines[at - 1]);
      break;
    case "ArrowRight":
      if (toggle && !isOpen) toggle.click();
      else if (isOpen) focusOn(lines[at + 1]);
      break;
    case "ArrowLeft":
      if (toggle && isOpen) toggle.click();
      else focusOn(above(line));
      break;
    default:
      return;
  }
  event.preventDefault();
}

function above(line: HTMLElement): HTMLElement | null | undefined {
  return line.parentElement?.parentElement
    ?.closest("li")
    ?.querySelector<HTMLElement>("[data-line]");
}

function focusOn(line: HTMLElement | null | undefined): void {
  line?.querySelector("a")?.focus();
}
