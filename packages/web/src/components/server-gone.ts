import { createContext, use } from "react";
import { ApiError } from "../api/client.ts";

/** Whether the frame already says that the server does not answer. */
export const ServerGone = createContext(false);

export function useIsServerGone(): boolean {
  return use(ServerGone);
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && error.code === "unreachable";
}
