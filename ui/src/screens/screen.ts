// Mounts the window on recorded answers of the application (`src/recorded`) and looks at what is there.

import axe from "axe-core";
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, expect, vi } from "vitest";

import type { Door } from "../ipc/door";
import { replay } from "../recorded/replay";
import { byTestId } from "../testids";

export let door: Door;
vi.mock("../state/connection", () => ({
  get door() {
    return door;
  },
  listen: (hear: (told: unknown) => void) => ({ onmessage: hear }),
}));

// jsdom has no canvas and no worker: pages are drawn in the window itself.
vi.mock("../report/pdf", () => ({
  openPdf: async () => ({
    pages: 26,
    width: 595,
    height: 842,
    draw: () => ({ done: Promise.resolve(), stop: () => undefined }),
    close: () => undefined,
  }),
}));

beforeAll(() => {
  // What jsdom lacks of a browser.
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
    this.open = false;
  };
  globalThis.fetch = async () => new Response(new ArrayBuffer(4));
  globalThis.ResizeObserver ??= class {
    readonly #tell: ResizeObserverCallback;
    constructor(tell: ResizeObserverCallback) {
      this.#tell = tell;
    }
    observe() {
      this.#tell([{ contentRect: { width: 600, height: 700 } } as ResizeObserverEntry], this);
    }
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollIntoView ??= () => undefined;
  window.matchMedia ??= (query) =>
    ({ matches: true, media: query, addEventListener() {}, removeEventListener() {} }) as never;
  const nowhere = () => ({
    top: 0,
    bottom: 0,
    left: 0,
    right: 0,
    width: 0,
    height: 0,
    x: 0,
    y: 0,
    toJSON: () => "",
  });
  Range.prototype.getBoundingClientRect ??= nowhere;
  Range.prototype.getClientRects ??= () => [] as never;
  document.elementFromPoint ??= () => null;
});

let app: Record<string, unknown> | undefined;
/** What was asked and is not recorded: nobody waits any longer then. */
let missed: Promise<never>;
let miss: (error: Error) => void;
beforeEach(() => {
  missed = new Promise((_, fail) => (miss = fail));
  missed.catch(() => undefined);
  localStorage.clear();
  document.documentElement.lang = "en-GB";
  document.title = "DPIA Editor";
});
afterEach(async () => {
  // What was said in one test is not there in the next.
  const { session } = await import("../state/session.svelte");
  session.toasts = [];
  if (app) await unmount(app);
  app = undefined;
  document.body.replaceChildren();
  const { dialogs } = await import("../components/dialogs.svelte");
  expect(dialogs.isOpen, "a dialog that is gone is not open").toBe(false);
});

/** As long as a busy machine may take. */
export const waitFor = <T>(look: () => T): Promise<T> =>
  Promise.race([vi.waitFor(look, { timeout: 120_000 }), missed]);
export const find = (name: string) => document.querySelector<HTMLElement>(byTestId(name));
export async function appear(name: string): Promise<HTMLElement> {
  return waitFor(() => {
    const found = find(name);
    if (!found) throw new Error(`${name} did not appear`);
    return found;
  });
}
export async function press(name: string): Promise<void> {
  (await appear(name)).click();
  flushSync();
}
export async function typeIn(name: string, words: string): Promise<void> {
  const field = (await appear(name)) as HTMLInputElement;
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}
/** Opens the window on a scene; `change` has the door do something else than was recorded. */
export async function open(scene = "desk", change: (door: Door) => void = () => undefined): Promise<void> {
  door = replay(scene, miss);
  change(door);
  const { default: App } = await import("../App.svelte");
  app = mount(App, { target: document.body });
}
export async function openEditor(
  section: string,
  scene?: string,
  change?: (door: Door) => void,
): Promise<void> {
  await open(scene, change);
  await press("open:pupil");
  await press(`section:${section}`);
}
export async function findFaults(): Promise<string[]> {
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"],
    rules: { "color-contrast": { enabled: false } },
  });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
  );
}
