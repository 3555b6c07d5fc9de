// How long an identity can sign still, in words.

import type { IdentityView } from "../ipc/bindings";
import { countOf, sayDate } from "../state/words";

/** What to do about it, where something has to be done: null for most of its life. */
export function warnOf(identity: IdentityView): string | null {
  switch (identity.life) {
    case "in_force":
      return null;
    case "not_yet":
      return "Your certificate is not in force yet: PDFs cannot be signed with it today.";
    case "ends_soon":
      return `Your certificate ends in ${countOf(identity.days_left, "day")}. Renew it, and send schools the new one.`;
    case "ended":
      return "Your certificate has ended: PDFs cannot be signed until it is renewed.";
  }
}

/** "until 1 November 2029". */
export function sayUntil(identity: IdentityView): string {
  return `until ${sayDate(identity.not_after.slice(0, 10))}`;
}
