import { LinesSkeleton } from "./states.tsx";

export function PageSkeleton() {
  return (
    <div style={{ maxWidth: 900, padding: 24 }}>
      <LinesSkeleton lines={7} />
    </div>
  );
}
