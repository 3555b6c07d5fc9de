// Every screen mounted: axe finds nothing.

import { describe, expect, it, vi } from "vitest";

import { appear, door, find, findFaults, open, openEditor, press, typeIn, waitFor, wish } from "./screen";

describe("axe finds nothing on", () => {
  const check = (name: string, query: string, act: () => Promise<unknown>) =>
    it(name, async () => {
      wish(query);
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
