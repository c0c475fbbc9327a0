import { Link } from "@tanstack/react-router";
import { EmptyState } from "./states.tsx";

export function NotFoundPage() {
  return (
    <main style={{ padding: "10vh 16px" }}>
      <EmptyState
        title="There is no page at this address."
        action={<Link to="/plugins/ssot/">Go to the dashboard</Link>}
      >
        The link may be old, or a part of it is missing.
      </EmptyState>
    </main>
  );
}
