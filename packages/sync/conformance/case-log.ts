import type { Logger, Value } from "@plumbline/sync/diffsync";

/** A logger that keeps what the cases call events. */
export function createEventLog(): { readonly logger: Logger; readonly events: Value[] } {
  const events: Value[] = [];
  const keep =
    (level: string) =>
    (message: string, details: Record<string, unknown> = {}): void => {
      const facts = details as Readonly<Record<string, Value | undefined>>;
      const { action = null, model = null, uniqueId: uid = null, status } = facts;
      if (status !== undefined) {
        events.push({ type: "status", level, action, model, uid, status, message });
      } else if (message.startsWith("No object resulted")) {
        events.push({ type: "no-object", level, action, model, uid });
      } else if (message.startsWith("Unable to remove child")) {
        const { childType = null, childId = null, parentType = null, parentId = null } = facts;
        events.push({
          type: "child-not-found",
          level,
          model: childType,
          uid: childId,
          parentModel: parentType,
          parentUid: parentId,
        });
      }
    };
  const logger: Logger = {
    debug: keep("debug"),
    info: keep("info"),
    warning: keep("warning"),
    error: keep("error"),
  };
  return { logger, events };
}
