// When a preview is drawn, and where its pages stand.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Beginning, PreviewView } from "../ipc/bindings";
import { findPlace, pageAt, pagesNear, PAGE_GAP, stretchOf, topOfPage } from "./places";
import { DRAW_AFTER_PAUSE, DRAW_AT_LATEST, Preview } from "./preview.svelte";
import type { OpenPdf } from "./pdf";

const question = (id: string, page: number, down: number): Beginning => ({
  what: { type: "question", question: id },
  page,
  down,
});
const section = (id: string, page: number, down: number): Beginning => ({
  what: { type: "section", section: id },
  page,
  down,
});

describe("a preview", () => {
  let drawings: {
    copy: string;
    finish: (view: PreviewView | null) => void;
    fail: (error: unknown) => void;
  }[];
  let closed: number[];
  let preview: Preview;
  const view = (number: number): PreviewView => ({ number, pages: 3, places: [] });
  const settle = () => vi.advanceTimersByTimeAsync(0);

  beforeEach(() => {
    vi.useFakeTimers();
    drawings = [];
    closed = [];
    preview = new Preview(
      "pupil",
      {
        drawPreview: (_id, copy) =>
          new Promise((finish, fail) => {
            drawings.push({ copy, finish, fail });
          }),
        takePreview: async (number) => new Uint8Array([number]).buffer,
      },
      async (bytes): Promise<OpenPdf> => {
        const number = new Uint8Array(bytes)[0] ?? 0;
        return {
          pages: number,
          width: 595,
          height: 842,
          draw: () => ({ done: Promise.resolve(), stop: () => undefined }),
          close: () => closed.push(number),
        };
      },
    );
  });
  afterEach(() => vi.useRealTimers());

  async function drawFirst() {
    preview.noteChange();
    drawings[0]?.finish(view(1));
    await settle();
  }

  it("is drawn at once when it is opened, and then at a pause", async () => {
    await drawFirst();
    expect(preview.drawn?.pdf.pages).toBe(1);
    expect(preview.isCurrent).toBe(true);
    preview.noteChange();
    expect(preview.isCurrent).toBe(false);
    await vi.advanceTimersByTimeAsync(DRAW_AFTER_PAUSE - 1);
    expect(drawings).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(drawings).toHaveLength(2);
  });

  it("is drawn while somebody types on without a pause", async () => {
    await drawFirst();
    for (let passed = 0; passed < DRAW_AT_LATEST; passed += 100) {
      preview.noteChange();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(drawings).toHaveLength(2);
  });

  it("has one drawing under way, and draws once more for all that changed meanwhile", async () => {
    await drawFirst();
    preview.show("customer");
    preview.show("internal");
    preview.show("customer");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(drawings).toHaveLength(2);
    drawings[1]?.finish(view(2));
    await settle();
    expect(drawings.map((each) => each.copy)).toEqual(["internal", "customer", "customer"]);
    drawings[2]?.finish(view(3));
    await settle();
    expect(preview.drawn?.pdf.pages).toBe(3);
    expect(closed).toEqual([1, 2]);
  });

  it("keeps what was drawn where a drawing fails or was overtaken, and says a failure", async () => {
    await drawFirst();
    preview.show("internal");
    drawings[1]?.finish(null);
    await settle();
    expect(preview.drawn?.pdf.pages).toBe(1);
    preview.show("internal");
    drawings[2]?.fail({ code: "refused", message: "No.", detail: null });
    await settle();
    expect(preview.failure?.message).toBe("No.");
    expect(preview.isCurrent).toBe(false);
    expect(preview.drawn?.pdf.pages).toBe(1);
    preview.show("internal");
    drawings[3]?.finish(view(4));
    await settle();
    expect(preview.failure).toBeNull();
    expect(preview.isCurrent).toBe(true);
  });

  it("closes what arrives after it was closed", async () => {
    preview.noteChange();
    preview.close();
    drawings[0]?.finish(view(5));
    await settle();
    expect(closed).toEqual([5]);
    expect(preview.drawn).toBeNull();
  });
});

describe("the places of pages", () => {
  const stack = { pages: 4, width: 300, height: 400 };

  it("follow one another with a gap", () => {
    expect([0, 1, 4].map((page) => topOfPage(stack, page))).toEqual([
      PAGE_GAP,
      416 + PAGE_GAP,
      1664 + PAGE_GAP,
    ]);
    const check = (y: number, page: number) => expect(pageAt(stack, y), `at ${y}`).toBe(page);
    check(0, 0);
    check(420, 0);
    check(430, 1);
    check(99_999, 3);
  });

  it("are near where they are in view, or a window's height away", () => {
    expect(pagesNear(stack, 0, 300)).toEqual({ first: 0, last: 1 });
    expect(pagesNear(stack, 900, 300)).toEqual({ first: 1, last: 3 });
  });

  it("of a question is its own, and of one that this copy leaves out its section's", () => {
    const places = [section("aims", 2, 100), question("aims.why", 2, 120), question("aims.how", 2, 300)];
    expect(findPlace(places, "aims", "aims.how")?.down).toBe(300);
    expect(findPlace(places, "aims", "aims.what")?.down).toBe(100);
    expect(findPlace(places, "risks", "risks.all")).toBeNull();
  });

  it("a question goes to where the next one begins, or to the foot", () => {
    const places = [
      question("a", 2, 120),
      question("b", 2, 120),
      question("c", 2, 300),
      question("d", 3, 60),
    ];
    const stretch = (at: number) => stretchOf(places, places[at] as Beginning, 770);
    expect(stretch(0)).toEqual({ top: 120, bottom: 292 });
    expect(stretch(1)).toEqual({ top: 120, bottom: 292 });
    expect(stretch(2)).toEqual({ top: 300, bottom: 770 });
  });
});
