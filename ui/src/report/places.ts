// Where something of the form is in a report that is shown page under page.

import type { Beginning } from "../ipc/bindings";

/** Room above, below and between pages. */
export const PAGE_GAP = 16;

/** Pages as they are shown: all of one size, in pixels. */
export type Stack = { pages: number; width: number; height: number };

export function topOfPage(stack: Stack, page: number): number {
  return PAGE_GAP + page * (stack.height + PAGE_GAP);
}

/** The page at a height. */
export function pageAt(stack: Stack, y: number): number {
  const page = Math.floor((y - PAGE_GAP / 2) / (stack.height + PAGE_GAP));
  return Math.max(0, Math.min(stack.pages - 1, page));
}

/** The pages to have drawn: those in view, and as much again above and below. */
export function pagesNear(stack: Stack, scrolled: number, room: number): { first: number; last: number } {
  return { first: pageAt(stack, scrolled - room), last: pageAt(stack, scrolled + 2 * room) };
}

/** Where a question begins; where this copy leaves it out, or it has no place of its own, its section. */
export function findPlace(places: Beginning[], section: string, question: string | null): Beginning | null {
  const asked = places.find(({ what }) => what.type === "question" && what.question === question);
  return asked ?? places.find(({ what }) => what.type === "section" && what.section === section) ?? null;
}

/** The stretch of a page from a place to the next one, or to the foot of the text, in points. */
export function stretchOf(
  places: Beginning[],
  place: Beginning,
  foot: number,
): { top: number; bottom: number } {
  const next = places.find(
    (each) => each.page > place.page || (each.page === place.page && each.down > place.down),
  );
  return { top: place.down, bottom: next?.page === place.page ? next.down - 8 : foot };
}
