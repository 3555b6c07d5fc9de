// A line on which the fixtures tell how far they are.

import type { Channel } from "@tauri-apps/api/core";

export function listen<T>(hear: (told: T) => void): Channel<T> {
  return { onmessage: hear } as Channel<T>;
}
