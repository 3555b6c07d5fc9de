// Where the window gets its door from: the one to Rust, or to look at in a browser the recorded one (see dev/vite.config.ts).

import { Channel } from "@tauri-apps/api/core";

export { commands as door } from "../ipc/bindings";

/** A line on which Rust tells how far it is. */
export function listen<T>(hear: (told: T) => void): Channel<T> {
  return new Channel<T>(hear);
}
