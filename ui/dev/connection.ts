// Stands where src/state/connection.ts stands in the shipped window. The address says which state to show:
// ?start=first_run, ?start=keychain_locked, ?full=1 (the disk is full), ?empty=1.

import { makeDoor } from "./door";

export { listen } from "./listen";

export const door = makeDoor(new URLSearchParams(location.search));
