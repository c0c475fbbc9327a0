import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorState } from "./states.tsx";

export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <div style={{ maxWidth: 640, margin: "10vh auto", padding: "0 16px" }}>
      <ErrorState error={error} onRetry={reset} />
    </div>
  );
}
