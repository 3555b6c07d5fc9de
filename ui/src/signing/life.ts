// How long an identity can sign still, in words.

import type { IdentityView } from "../ipc/bindings";
import { countOf, sayDate } from "../state/words";

/** What to do about it, where something has to be done: null for most of its life. */
export function warnOf(identity: IdentityView): string | null {
  switch (identity.life) {
    case "in_force":
      return null;
    case "not_yet":
      return "Your certificate is not valid yet: you cannot sign PDFs with it today.";
    case "ends_soon":
      return `Your certificate expires in ${countOf(identity.days_left, "day")}. Renew it, and send schools the new one.`;
    case "ended":
      return "Your certificate has expired: renew it to sign PDFs.";
  }
}

/** "until 1 November 2029". */
export function sayUntil(identity: IdentityView): string {
  return `until ${sayDate(identity.not_after.slice(0, 10))}`;
}
