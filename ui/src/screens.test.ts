// Every screen mounted on fixtures: axe finds nothing, and what is pressed asks Rust for the right thing.
// (Colours are judged in a real browser: `npm run look`.) Longer than 500 lines because every screen is mounted in
// the same way, and what is told of each is short.

import axe from "axe-core";
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { makeDoor } from "../dev/door";
import { listen } from "../dev/listen";
import type { Door } from "./ipc/door";
import { byTestId } from "./testids";

let wishes = "";
let door: Door;
vi.mock("./state/connection", () => ({
  get door() {
    return door;
  },
  listen,
}));

// jsdom has no canvas and no worker: pages are drawn in a real browser (`npm run look`) and in the window itself.
vi.mock("./report/pdf", () => ({
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
beforeEach(() => {
  wishes = "";
  localStorage.clear();
  document.documentElement.lang = "en-GB";
  document.title = "DPIA Editor";
});
afterEach(async () => {
  // What was said in one test is not there in the next.
  const { session } = await import("./state/session.svelte");
  session.toasts = [];
  if (app) await unmount(app);
  app = undefined;
  document.body.replaceChildren();
});

/** As long as a busy machine may take. */
const waitFor = <T>(look: () => T) => vi.waitFor(look, { timeout: 120_000 });
const find = (name: string) => document.querySelector<HTMLElement>(byTestId(name));
async function appear(name: string): Promise<HTMLElement> {
  return waitFor(() => {
    const found = find(name);
    if (!found) throw new Error(`${name} did not appear`);
    return found;
  });
}
async function press(name: string): Promise<void> {
  (await appear(name)).click();
  flushSync();
}
async function typeIn(name: string, words: string): Promise<void> {
  const field = (await appear(name)) as HTMLInputElement;
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
async function open(): Promise<void> {
  door = makeDoor(new URLSearchParams(wishes));
  const { default: App } = await import("./App.svelte");
  app = mount(App, { target: document.body });
}
async function openEditor(section: string): Promise<void> {
  await open();
  await press("open:pupil");
  await press(`section:${section}`);
}
async function findFaults(): Promise<string[]> {
  const { violations } = await axe.run(document, {
    resultTypes: ["violations"],
    rules: { "color-contrast": { enabled: false } },
  });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
  );
}

describe("axe finds nothing on", () => {
  const check = (name: string, query: string, act: () => Promise<unknown>) =>
    it(name, async () => {
      wishes = query;
      await act();
      expect(await findFaults()).toEqual([]);
    });
  const section = (name: string) => () => openEditor(name);

  check("the first run", "start=first_run", async () => {
    await open();
    await appear("first-run");
  });
  check("a locked keychain", "start=keychain_locked", async () => {
    await open();
    await appear("locked");
  });
  check("the portfolio", "", async () => {
    await open();
    await appear("open:pupil");
  });
  check("an empty portfolio", "empty=1&nobody=1", async () => {
    await open();
    await appear("empty");
  });
  check("what the program is made of", "", async () => {
    await open();
    await press("open-about");
    await appear("notices");
    expect(find("about")?.textContent).toContain("DPIA Editor 0.1.0");
    expect(find("notices")?.textContent).toContain("package-7 1.0.7 — MIT");
  });
  for (const [name, shown, offers] of [
    ["newer", "newer", ["import-keep-both", "import-replace"]],
    ["older", "older", ["import-keep-both"]],
    ["diverged", "diverged", ["import-keep-both"]],
    ["origin", "diverged", ["import-keep-both"]],
  ] as const) {
    check(`a bundle that is here already: ${name}`, `here=${name}`, async () => {
      await open();
      await press("import");
      await appear("already-here");
      expect(find("relation")?.dataset["relation"]).toBe(shown);
      for (const act of ["import-keep-both", "import-replace"] as const)
        expect(find(act) !== null, act).toBe((offers as readonly string[]).includes(act));
    });
  }
  for (const [name, signature, words] of [
    ["unknown", "unknown", "A name can be claimed by anybody"],
    ["ended", "unknown", "whether it signed before that cannot be told"],
    ["unsigned", "unsigned", "nobody vouches for it"],
    ["brings", "unsigned", "edition 2099.1, pack meadowbank-2"],
  ] as const) {
    check(`a bundle that is asked about first: ${name}`, `from=${name}`, async () => {
      await open();
      await press("import");
      await appear("ask-first");
      expect(find("provenance")?.dataset["signature"]).toBe(signature);
      expect(find("provenance")?.textContent.replace(/\s+/g, " ")).toContain(words);
      expect(find("provenance-fingerprint") !== null).toBe(signature === "unknown");
      const settle = vi.spyOn(door, "settleImport");
      await press("import-open");
      await waitFor(() => expect(settle).toHaveBeenCalledWith(1, "open"));
    });
  }
  check("a sealed bundle that is opened", "sealed=1", async () => {
    await open();
    await press("import");
    await appear("ask-passphrase");
    await typeIn("unseal-passphrase", "open says me");
    await press("unseal-accept");
    await waitFor(() => expect(find("ask-passphrase")?.textContent).toContain("does not open the bundle"));
    await typeIn("unseal-passphrase", "open sesame");
    await press("unseal-accept");
    await appear("ask-first");
    expect(find("ask-passphrase")).toBeNull();
  });
  check("a bundle that is sealed", "", async () => {
    await openEditor("about_the_processing");
    const seal = vi.spyOn(door, "exportSealedBundle");
    await press("more");
    await press("export-sealed");
    await appear("seal-dialog");
    await typeIn("passphrase-new", "walnut harbour seven lanterns");
    await typeIn("passphrase-again", "walnut harbour seven lantern");
    await press("seal-accept");
    await waitFor(() => expect(find("seal-dialog")?.textContent).toContain("The two differ"));
    expect(seal).not.toHaveBeenCalled();
    await typeIn("passphrase-again", "walnut harbour seven lanterns");
    await press("seal-accept");
    await waitFor(() => expect(seal).toHaveBeenCalledWith("pupil", "walnut harbour seven lanterns"));
    await waitFor(() => expect(find("seal-dialog")).toBeNull());
    await waitFor(() => expect(document.body.textContent).toContain("Pupil Progress.dpia written, signed"));
    const unsigned = { name: "Pupil Progress.dpia", bytes: 1, pages: null, signing: "not_in_force" } as const;
    vi.spyOn(door, "exportBundle").mockResolvedValue({ file: unsigned, place: 1 });
    await press("more");
    await press("export-bundle");
    await waitFor(() =>
      expect(document.body.textContent).toContain("written, not signed: your certificate is not in"),
    );
  });
  check("the history of a question, an earlier answer of which is brought back", "", async () => {
    await openEditor("about_the_processing");
    await press("tick:processing.data:performance");
    await waitFor(() => expect(find("undo")?.getAttribute("aria-disabled")).not.toBe("true"));
    await press("tab:history");
    await appear("past:0");
    await waitFor(() => expect(find("past-answers")?.children).toHaveLength(2));
    const bring = vi.spyOn(door, "bringBack");
    await press("bring-back:0");
    await waitFor(() => expect(bring).toHaveBeenCalledWith("pupil", "processing.data", 0));
    await waitFor(() => expect(find("past:2")?.textContent).toContain("This is the answer now."));
  });
  check("the versions, what changed, and a version kept", "", async () => {
    await openEditor("about_the_processing");
    await press("more");
    await press("open-history");
    await appear("changed:retention.periods");
    const compare = vi.spyOn(door, "compareMoments");
    const bring = vi.spyOn(door, "bringBack");
    expect(find("compare-from")).toHaveProperty("value", "18");
    expect(find("changed:retention.periods")?.textContent).toContain(
      "[removed: six years][added: ninety days]",
    );
    await press("compare-bring-back:retention.periods");
    await waitFor(() => expect(bring).toHaveBeenCalledWith("pupil", "retention.periods", 18));
    await press("compare-version:9");
    await waitFor(() =>
      expect(compare).toHaveBeenCalledWith("pupil", { type: "entry", number: 9 }, { type: "now" }),
    );
    await press("keep-version");
    await press("keep-accept");
    await waitFor(() => expect(find("keep-dialog")?.textContent).toContain("A version needs a name"));
    const name = find("version-name") as HTMLInputElement;
    name.value = "For the board";
    name.dispatchEvent(new Event("input", { bubbles: true }));
    await press("keep-accept");
    await waitFor(() => expect(find("version:25")?.textContent).toContain("For the board"));
    await press("history-back");
    await appear("editor");
  });
  check("a history that does not hold", "history=broken", async () => {
    await openEditor("about_the_processing");
    expect((await appear("history-trouble")).textContent).toContain("Entry 8 of the history");
    const written = vi.spyOn(door, "exportWithoutHistory");
    await press("trouble-export");
    await waitFor(() => expect(written).toHaveBeenCalledWith("pupil"));
  });
  check("an import report", "", async () => {
    await open();
    await press("import");
    await appear("import-report");
  });
  for (const name of [
    "screening",
    "screening_questions",
    "about_the_processing",
    "disclosure",
    "necessity",
    "lawful_basis",
    "impact",
    "likelihood",
    "decision",
    "guidance_notes",
  ]) {
    check(`the section ${name}`, "", section(name));
  }
  check("the preview", "", async () => {
    await openEditor("retention");
    await press("toggle-preview");
    await appear("page:0");
  });
  check("the export dialog", "", async () => {
    await openEditor("screening");
    await press("export-pdf");
    await appear("export-dialog");
  });
});

describe("issuing to schools", () => {
  const openIssuing = async (query = "") => {
    wishes = query;
    await openEditor("screening");
    await press("more");
    await press("issue");
    await appear("issuing");
    await waitFor(() => expect(find("issue-accept")).not.toBeNull());
  };
  const rows = () => [...document.querySelectorAll<HTMLElement>(byTestId("client"))];
  const type = (name: string, words: string) => {
    const field = find(name) as HTMLInputElement;
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  };

  it("has no fault that axe finds, without clients", async () => {
    await openIssuing("clients=none");
    await appear("no-clients");
    expect(await findFaults()).toEqual([]);
    await press("add-client");
    await appear("client-dialog");
    expect(await findFaults()).toEqual([]);
  });

  it("has no fault that axe finds, with clients and while a run goes on", async () => {
    await openIssuing("slow=60000");
    await waitFor(() => expect(rows()).toHaveLength(11));
    await press("held");
    await press("import-clients");
    await appear("clients-imported");
    expect(await findFaults()).toEqual([]);
    await press("choose-shown");
    await press("issue-accept");
    await appear("issue-progress");
    expect(await findFaults()).toEqual([]);
  });

  it("shows who holds an outdated copy, and issues to those alone", async () => {
    await openIssuing();
    await waitFor(() => expect(rows()).toHaveLength(11));
    const issue = vi.spyOn(door, "issueCopies");
    await press("client-filter:outdated");
    await waitFor(() => expect(rows().map((row) => row.dataset["held"])).toEqual(Array(3).fill("outdated")));
    await press("choose-shown");
    await press("issue-accept");
    await appear("issue-result");
    expect(issue).toHaveBeenCalledWith(
      "pupil",
      {
        clients: ["client-1", "client-5", "client-8"],
        pattern: "DPIA {product} - {client}",
        included: [],
        is_open: false,
        missing_characters: "refuse",
      },
      false,
      expect.anything(),
    );
    expect(find("issue-words")?.textContent).toContain("3 copies written");
    await waitFor(() => expect(rows()).toHaveLength(0));
    expect(find("gone")?.textContent).toContain("Elm Lodge School (closed)");
  });

  it("tells letters that cannot be printed before a copy is made, and what goes along with the copies", async () => {
    await openIssuing("letters");
    await waitFor(() => expect(rows()).toHaveLength(11));
    const look = vi.spyOn(door, "findMissingLetters");
    const issue = vi.spyOn(door, "issueCopies");
    await press("choose-shown");
    await press("issue-countersignature");
    await press("export-section:impact");
    await appear("export-sections-warning");
    await press("issue-accept");
    await appear("missing-letters");
    expect(await findFaults()).toEqual([]);
    expect(issue).not.toHaveBeenCalled();
    const client: unknown = expect.stringContaining("Ysgol Gyfun Gŵyr");
    expect(look).toHaveBeenCalledWith(
      "pupil",
      expect.objectContaining({ copy: { type: "customer", client, included: ["impact"] } }),
    );
    expect(find("issue-accept")?.textContent).toContain("anyway");
    await press("issue-accept");
    await appear("issue-result");
    expect(issue).toHaveBeenCalledWith(
      "pupil",
      expect.objectContaining({ included: ["impact"], is_open: true }),
      false,
      expect.anything(),
    );
  });

  it("finds a school without its marks", async () => {
    await openIssuing();
    await waitFor(() => expect(rows()).toHaveLength(11));
    for (const [words, found] of [
      ["gwyr", "Ysgol Gyfun Gŵyr"],
      ["LODZI zespol", "Zespół Szkół nr 1 w Łodzi"],
      ["je-1107", "École Sainte-Thérèse"],
    ] as const) {
      type("client-search", words);
      await waitFor(() => expect(rows()).toHaveLength(1));
      expect(rows()[0]?.textContent).toContain(found);
    }
    type("client-search", "nowhere");
    await appear("none-found");
  });

  it("says what a run left, and goes on with that", async () => {
    await openIssuing("failing=1");
    await waitFor(() => expect(rows()).toHaveLength(11));
    await press("choose-shown");
    await press("issue-accept");
    await appear("issue-result");
    expect(find("issue-stopped")?.textContent).toContain("The disk is full");
    expect(find("issue-failed")?.textContent).toContain("move it elsewhere");
    const show = vi.spyOn(door, "showInFolder");
    await press("issue-show");
    await waitFor(() => expect(show).toHaveBeenCalledWith(7));
    const issue = vi.spyOn(door, "issueCopies");
    await press("issue-go-on");
    await waitFor(() => expect(issue.mock.calls[0]?.[2]).toBe(true));
  });

  it("ends a run after the copy at hand", async () => {
    await openIssuing("slow=30");
    await waitFor(() => expect(rows()).toHaveLength(11));
    await press("choose-shown");
    await press("issue-accept");
    await press("issue-cancel");
    await appear("issue-result");
    expect(find("issue-words")?.textContent).toMatch(/\d+ left/);
  });

  it("shows what a pattern gives, and refuses one that gives nothing", async () => {
    await openIssuing();
    await waitFor(() => expect(rows()).toHaveLength(11));
    const said = () => find("issuing")?.textContent ?? "";
    await waitFor(() => expect(said()).toContain("DPIA Pupil Progress - Birchwood Community Academy.pdf"));
    type("issue-pattern", "{town}");
    await waitFor(() => expect(said()).toContain("There is no field {town}"));
    const issue = vi.spyOn(door, "issueCopies");
    await press("choose-shown");
    await press("issue-accept");
    await appear("toast");
    expect(issue).not.toHaveBeenCalled();
  });

  it("takes a client off the list, and puts it back", async () => {
    await openIssuing();
    await waitFor(() => expect(rows()).toHaveLength(11));
    const names = () => rows().map((row) => row.dataset["client"]);
    const before = names();
    await press("client-menu");
    await press("client-remove");
    await waitFor(() => expect(rows()).toHaveLength(10));
    expect(find("gone")?.textContent).toContain("Birchwood");
    await press("toast-undo");
    await waitFor(() => expect(names()).toEqual(before));
  });

  it("puts a client that was typed on the list, chosen", async () => {
    await openIssuing("clients=none");
    await press("add-client");
    await press("client-accept");
    await waitFor(() => expect(find("client-dialog")?.textContent).toContain("The name is empty"));
    type("client-name", "Ysgol Gŵyr");
    await press("client-accept");
    await waitFor(() => expect(find("chosen-count")?.textContent).toBe("1 of 1 chosen"));
  });
});

describe("what is pressed asks Rust for it:", () => {
  const check = (name: string, section: string, button: string, expected: object) =>
    it(name, async () => {
      await openEditor(section);
      const edit = vi.spyOn(door, "edit");
      await press(button);
      await waitFor(() => expect(edit).toHaveBeenCalledWith("pupil", expected));
    });

  check("a tick", "about_the_processing", "tick:processing.people:employees", {
    type: "tick",
    question: "processing.people",
    option: "employees",
    is_ticked: true,
  });
  check("a confirmation", "about_the_processing", "confirm:processing.people", {
    type: "confirm",
    question: "processing.people",
  });
  check("a yes", "disclosure", "yes-no:disclosure.shared:yes", {
    type: "answer_yes_no",
    question: "disclosure.shared",
    is_yes: true,
  });
});

describe("an export", () => {
  async function begin(query: string): Promise<void> {
    wishes = query;
    await openEditor("screening");
    await press("export-pdf");
    await appear("export-dialog");
  }

  it("asks for what was chosen, internal sections only where they were ticked", async () => {
    await begin("");
    const exportPdf = vi.spyOn(door, "exportPdf");
    await press("export-copy:customer");
    const client = (await appear("export-client")) as HTMLInputElement;
    client.value = " Example Trust ";
    client.dispatchEvent(new Event("input", { bubbles: true }));
    await press("export-section:decision");
    expect((await appear("export-sections-warning")).textContent).toContain(
      "The client will read what is internal",
    );
    await press("export-sealing:open_to_countersignature");
    await press("export-accept");
    await waitFor(() => expect(exportPdf).toHaveBeenCalled());
    expect(exportPdf.mock.calls[0]?.[1]).toEqual({
      copy: { type: "customer", client: "Example Trust", included: ["decision"] },
      extent: "whole",
      sealing: "open_to_countersignature",
      missing_characters: "refuse",
    });
    const show = vi.spyOn(door, "showInFolder");
    await press("toast-also");
    await waitFor(() => expect(show).toHaveBeenCalledWith(0));
  });

  it("tells the letters that cannot be printed, and goes on only when it is told to", async () => {
    await begin("letters=1");
    const exportPdf = vi.spyOn(door, "exportPdf");
    await press("export-accept");
    expect((await appear("missing-letters")).textContent).toContain("2 characters cannot be printed");
    expect(exportPdf).not.toHaveBeenCalled();
    expect(await findFaults()).toEqual([]);
    await press("export-accept");
    await waitFor(() => expect(exportPdf).toHaveBeenCalled());
    expect(exportPdf.mock.calls[0]?.[1].missing_characters).toBe("allow");
  });

  it("says what it is doing, and stops when it is told to", async () => {
    await begin("slowly=1");
    const cancel = vi.spyOn(door, "cancelExport");
    const toasts = () => document.querySelectorAll(byTestId("toast")).length;
    const before = toasts();
    await press("export-accept");
    await waitFor(() => expect(find("export-stage")?.dataset["stage"]).toBe("drawing"));
    await press("export-cancel");
    await waitFor(() => expect(find("export-stage")).toBeNull());
    expect(cancel).toHaveBeenCalled();
    expect(toasts(), "nothing is said to be written").toBe(before);
    expect(find("export-dialog")).not.toBeNull();
  });
});

describe("the brand", () => {
  async function write(name: string, value: string): Promise<void> {
    const field = (await appear(name)) as HTMLInputElement;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  }

  it("is drawn as it is changed, and kept when it is told to", async () => {
    await open();
    await press("open-settings");
    await appear("page:0");
    expect(await findFaults()).toEqual([]);
    const draw = vi.spyOn(door, "drawBrand");
    const save = vi.spyOn(door, "saveBrand");
    await write("brand:wordmark", "Example");
    await write("brand:accent", "0B3A60");
    await waitFor(() => expect(draw).toHaveBeenCalled());
    expect(draw.mock.lastCall?.[0]).toMatchObject({ wordmark: "Example", accent: "#0b3a60" });
    expect(save).not.toHaveBeenCalled();
    await press("brand-save");
    await waitFor(() => expect(save).toHaveBeenCalled());
    await waitFor(() => expect(find("brand-save")?.textContent.trim()).toBe("Saved"));
  });

  it("that cannot be read is refused with the ratio, and half a colour is not asked for", async () => {
    await open();
    await press("open-settings");
    await appear("page:0");
    const draw = vi.spyOn(door, "drawBrand");
    await write("brand:accent", "#9bc4");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(draw).not.toHaveBeenCalled();
    await write("brand:accent", "#9bc4c4");
    expect((await appear("brand-trouble")).textContent).toContain("1.9 to 1");
    expect(await findFaults()).toEqual([]);
    await write("brand:accent", "#0b4a50");
    await waitFor(() => expect(find("brand-trouble")).toBeNull());
  });
});

describe("the backups", () => {
  it("are listed, looked into and restored", async () => {
    await open();
    await press("open-backups");
    await waitFor(() => expect(document.querySelectorAll(byTestId("backup"))).toHaveLength(4));
    expect(await findFaults()).toEqual([]);
    const restore = vi.spyOn(door, "restoreBackup");
    await press("look:made-2026-11-20T16:58:11Z");
    expect((await appear("look-dialog")).textContent).toContain("Pupil Progress");
    expect(await findFaults()).toEqual([]);
    await press("look-cancel");
    expect(restore).not.toHaveBeenCalled();
    await press("look:made-2026-11-20T16:58:11Z");
    await press("restore");
    await appear("portfolio");
    expect(restore).toHaveBeenCalledWith("made-2026-11-20T16:58:11Z", expect.anything());
  });

  it("go to a folder that is chosen, and say what is wrong with it", async () => {
    wishes = "backups=trouble";
    await open();
    expect((await appear("backup-reminder")).textContent).toContain("Stick, cannot be reached");
    await press("open-backups");
    await appear("backup-trouble");
    expect(await findFaults()).toEqual([]);
    await press("backup-choose");
    await waitFor(() => expect(find("backup-folder")?.textContent).toBe("DPIA backups"));
    await press("backup-forget");
    await waitFor(() => expect(find("backup-folder")?.textContent).toBe("With the assessments."));
    await press("backup-now");
    await waitFor(() => expect(document.querySelectorAll(byTestId("backup"))).toHaveLength(5));
  });

  it("are the way on where the file is damaged or older", async () => {
    wishes = "start=damaged";
    await open();
    await press("open-backups");
    await appear("backups");
    expect(find("backup-now")).toBeNull();
    await press("home");
    await appear("locked");
    expect(find("go-on-older")).toBeNull();
  });

  it("are not the only way on where the file is older", async () => {
    wishes = "start=outdated";
    await open();
    await appear("locked");
    expect(await findFaults()).toEqual([]);
    const goOn = vi.spyOn(door, "goOnWithOlder");
    await press("go-on-older");
    await appear("portfolio");
    expect(goOn).toHaveBeenCalled();
  });
});

describe("the signature", () => {
  async function begin(query: string): Promise<void> {
    wishes = query;
    await open();
    await press("signature");
    await appear("signature-dialog");
  }

  it("says who signs until when, and exports the certificate", async () => {
    await begin("");
    expect(find("identity-reminder")).toBeNull();
    expect(find("signature-until")?.textContent).toBe("until 1 November 2029");
    expect(await findFaults()).toEqual([]);
    const take = vi.spyOn(door, "exportCertificate");
    await press("signature-export");
    await waitFor(() => expect(take).toHaveBeenCalled());
  });

  it("that ends soon is told on the list, and renewed when it is told to", async () => {
    await begin("soon=1");
    expect((await appear("identity-reminder")).textContent).toContain("ends in 32 days");
    const renew = vi.spyOn(door, "renewIdentity");
    await press("signature-renew");
    expect(renew).not.toHaveBeenCalled();
    await press("signature-renew-accept");
    await waitFor(() => expect(find("signature-until")?.textContent).toBe("until 1 November 2029"));
    expect(find("signature-warning")).toBeNull();
  });

  it("is brought with the password of its file, which is then forgotten", async () => {
    await begin("unsigned=1");
    const bring = vi.spyOn(door, "bringIdentity");
    await press("signature-bring");
    const field = (await appear("signature-password")) as HTMLInputElement;
    field.value = "secret";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
    await press("signature-bring-accept");
    await waitFor(() => expect(bring).toHaveBeenCalledWith("secret"));
    await waitFor(() => expect(find("signature-password")).toBeNull());
    expect(await findFaults()).toEqual([]);
  });
});

describe("a verified file", () => {
  const check = (which: string, verdict: string, answers: string[]) =>
    it(`that is ${which} says so`, async () => {
      wishes = `verify=${which}`;
      await open();
      await press("verify");
      expect((await appear("verdict")).textContent).toBe(verdict);
      const facts = [...document.querySelectorAll<HTMLElement>('[data-testid^="fact:"]')];
      expect(facts.map((each) => each.dataset["answer"])).toEqual(answers);
      expect(await findFaults()).toEqual([]);
    });
  check("sound", "Signed and unchanged", ["yes", "yes", "yes"]);
  check("damaged", "Changed after it was signed", ["no", "yes", "no"]);
  check("unsigned", "Not signed", []);
  check("cut", "The file is not whole", []);
  check("foreign", "Not judged: it cannot be checked here", ["yes", "unknown", "no"]);

  it("that waits for a countersignature is signed, and the new file is shown", async () => {
    wishes = "verify=open";
    await open();
    await press("verify");
    const countersign = vi.spyOn(door, "countersignVerified");
    await appear("awaits-countersignature");
    expect(await findFaults()).toEqual([]);
    await press("countersign");
    await waitFor(() => expect(find("awaits-countersignature")).toBeNull());
    expect(countersign).toHaveBeenCalledWith(0);
    expect(find("verdict")?.textContent).toBe("Signed and unchanged");
  });

  it("is opened by the number of its place", async () => {
    await open();
    await press("verify");
    const inside = vi.spyOn(door, "openVerified");
    await press("open-inside");
    await appear("editor");
    expect(inside).toHaveBeenCalledWith(0);
  });
});

describe("the screening", () => {
  const outcome = () => find("screening")?.dataset["outcome"];

  it("is open until every list is answered, and then asks why none is required", async () => {
    await open();
    await press("open:parent");
    await press("section:screening_questions");
    await appear("screening");
    expect(outcome()).toBe("open");
    expect(find("reason-missing")).toBeNull();
    await press("none:screening.consider");
    await appear("none-said:screening.consider");
    expect(outcome()).toBe("open");
    await press("none:screening.must");
    await waitFor(() => expect(outcome()).toBe("not_required"));
    await appear("reason-missing");
  });

  it("shows an imported result as recorded while ticks are unknown", async () => {
    await openEditor("screening_questions");
    await appear("screening-recorded");
    expect(outcome()).toBe("undetermined");
  });

  it("asks why where the result goes against a tick", async () => {
    await openEditor("screening_questions");
    await press("tick:screening.must:children");
    await waitFor(() => expect(outcome()).toBe("required"));
    await press("choice:screening.result:not_required");
    await appear("reason-missing");
  });
});

describe("keys:", () => {
  const strike = (key: string, marks: KeyboardEventInit = {}) =>
    window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...marks }));

  it("F8 goes to the next question that waits", async () => {
    await openEditor("screening");
    strike("F8");
    await waitFor(() => expect(find("section-name")?.textContent).toBe("DPIA Screening Questions"));
  });

  it("Ctrl+Z takes back what was done, Ctrl+Shift+Z brings it again", async () => {
    await openEditor("about_the_processing");
    const state = () => find("question:processing.people")?.dataset["state"];
    await press("confirm:processing.people");
    await waitFor(() => expect(state()).toBe("answered"));
    strike("z", { ctrlKey: true });
    await waitFor(() => expect(state()).toBe("to_confirm"));
    strike("z", { ctrlKey: true, shiftKey: true });
    await waitFor(() => expect(state()).toBe("answered"));
  });

  it("F9 shows the preview and puts it away, and it is there again next time", async () => {
    await openEditor("retention");
    strike("F9");
    await appear("preview");
    await waitFor(() => expect(find("preview-page")?.textContent).toContain("of 26"));
    expect(localStorage.getItem("previewing")).toBe("true");
    strike("F9");
    await waitFor(() => expect(find("preview")).toBeNull());
    expect(find("tab:guidance")?.getAttribute("aria-selected")).toBe("true");
    strike("F9");
    await appear("preview");
    await press("home");
    await press("open:pupil");
    await appear("preview");
  });

  it("Ctrl+K opens the search", async () => {
    await openEditor("screening");
    strike("k", { ctrlKey: true });
    await appear("command-box");
  });
});

it("a disk that is full is said at once, with the way out", async () => {
  wishes = "full=1";
  await openEditor("decision");
  const field = (await appear("sign-off-name:decision.measures_approved")) as HTMLInputElement;
  field.value = "Ada";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await appear("not-saved");
  expect(find("save-state")?.dataset["kind"]).toBe("not_saved");
  expect(find("save-again")).not.toBeNull();
});
