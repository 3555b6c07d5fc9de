// Takes the place of src/state/connection.ts: the door answers what was recorded. The address names the scene, such as
// ?damaged; a call that was not recorded is in the console.

import type { Channel } from "@tauri-apps/api/core";

import { replay } from "../src/recorded/replay";

export const door = replay(decodeURIComponent(location.search.slice(1)) || "desk", console.error);

export function listen<T>(hear: (heard: T) => void): Channel<T> {
  return { onmessage: hear } as Channel<T>;
}
