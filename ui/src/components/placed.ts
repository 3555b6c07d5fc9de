// Sizes and places that are worked out. The policy of the window refuses `style="…"`; properties set one by one are fine.

import type { Attachment } from "svelte/attachments";

export const placed =
  (properties: Record<string, string>): Attachment<HTMLElement> =>
  (element) => {
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
  };
