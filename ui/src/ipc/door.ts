// The only door to Rust: the commands that Rust declares, and nothing else in the window calls Tauri.

import type { AppError, commands } from "./bindings";

export type Door = typeof commands;

/** What was thrown, as a failure to show: Rust throws these, and a fault of our own is shown as one. */
export function toFailure(thrown: unknown): AppError {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
    const { code, message, detail } = thrown as Partial<AppError>;
    return { code: code ?? "environment", message: String(message), detail: detail ?? null };
  }
  return { code: "environment", message: String(thrown), detail: null };
}
