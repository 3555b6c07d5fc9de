// A file that is handed over while the window is open: brought in where somebody can leave what they do, and never lost.

import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Imported } from "../ipc/bindings";
import type { Door } from "../ipc/door";
import { replay } from "../recorded/replay";

let door: Door;
vi.mock("./connection", () => ({
  get door() {
    return door;
  },
  listen: (hear: (told: unknown) => void) => ({ onmessage: hear }),
}));

/** What was given and not brought in yet. */
let given: Imported[] = [];
let hand: (imported: Imported) => void = () => undefined;
const bundle = (assessment: string): Imported => ({ type: "bundle", assessment });

async function start() {
  vi.resetModules();
  door = replay();
  const { openAssessment } = door;
  // Which one it is says the id alone.
  door.openAssessment = async (id) => ({ ...(await openAssessment("pupil")), id });
  door.importGivenFile = async () => given.shift() ?? null;
  door.watchGiven = async (line) => {
    hand = (imported) => {
      given.push(imported);
      line.onmessage(null);
    };
  };
  const { session } = await import("./session.svelte");
  await session.start();
  return session;
}
function makeDialog(): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  // jsdom has neither.
  return Object.assign(dialog, { showModal: () => undefined, close: () => undefined });
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("a file that is handed over", () => {
  beforeEach(() => {
    given = [];
    document.body.replaceChildren();
  });

  it("is brought in at the list, several one after the other", async () => {
    const session = await start();
    await settled();
    hand(bundle("pupil"));
    hand(bundle("sonar"));
    await vi.waitFor(() => expect(given).toEqual([]));
    await vi.waitFor(() => expect(session.screen).toMatchObject({ name: "editor", open: { id: "sonar" } }));
  });

  it("takes the place of a first assessment, once the first run has asked what it has to", async () => {
    const session = await start();
    await settled();
    session.screen = { name: "first_run" };
    given = [bundle("sonar")];
    await session.receiveGiven();
    expect(given).toHaveLength(1);
    session.introduce();
    await vi.waitFor(() => expect(session.screen).toMatchObject({ name: "editor", open: { id: "sonar" } }));
  });

  it("comes after what is being typed was kept, and waits where that cannot be", async () => {
    const session = await start();
    await session.open("pupil");
    if (session.screen.name !== "editor") throw new Error(session.screen.name);
    const flush = vi.spyOn(session.screen.open.edits, "flush").mockResolvedValueOnce(false);
    hand(bundle("sonar"));
    await vi.waitFor(() => expect(session.toasts.at(-1)?.words).toContain("when you return"));
    expect(session.screen).toMatchObject({ open: { id: "pupil" } });
    hand(bundle("sisra"));
    await vi.waitFor(() => expect(flush).toHaveBeenCalledTimes(2));
    await vi.waitFor(() => expect(session.screen).toMatchObject({ open: { id: "sisra" } }));
    expect(given).toEqual([]);
  });

  it("waits while a dialog is open or something is set up, and comes at the list of assessments", async () => {
    const session = await start();
    await session.open("pupil");
    const { dialogs } = await import("../components/dialogs.svelte");
    const close = dialogs.show(makeDialog());
    hand(bundle("sonar"));
    await settled();
    expect(given).toHaveLength(1);
    close();
    session.openKeys();
    hand(bundle("sisra"));
    await settled();
    expect(given).toHaveLength(2);
    expect(session.screen.name).toBe("keys");
    session.goHome();
    await vi.waitFor(() => expect(session.screen).toMatchObject({ open: { id: "sisra" } }));
  });

  it("asks where its assessment is here already, and the next one waits for the answer", async () => {
    const session = await start();
    await settled();
    const relation = { type: "newer", by: 3 } as const;
    hand({
      type: "already_here",
      assessment: "pupil",
      product: "P",
      here: 1,
      in_bundle: 4,
      relation,
      provenance: { signature: { type: "unsigned" }, brings: [] },
      ticket: 1,
    });
    hand(bundle("sonar"));
    await vi.waitFor(() => expect(session.asked?.ticket).toBe(1));
    expect(given).toHaveLength(1);
    door.settleImport = async () => null;
    await session.settleImport("leave");
    await vi.waitFor(() => expect(session.screen).toMatchObject({ open: { id: "sonar" } }));
  });
});
