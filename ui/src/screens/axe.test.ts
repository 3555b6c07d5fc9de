// Every screen mounted: axe finds nothing.

import { describe, expect, it, vi } from "vitest";

import { appear, door, find, findFaults, open, openEditor, press, typeIn, waitFor } from "./screen";

describe("axe finds nothing on", () => {
  const check = (name: string, scene: string, act: (scene: string) => Promise<unknown>) =>
    it(name, async () => {
      await act(scene);
      expect(await findFaults()).toEqual([]);
    });
  const section = (name: string) => (scene: string) => openEditor(name, scene);

  check("the first run", "first run", async (scene) => {
    await open(scene);
    await appear("first-run");
  });
  check("a locked keychain", "keychain locked", async (scene) => {
    await open(scene);
    await appear("locked");
  });
  check("the portfolio", "desk", async (scene) => {
    await open(scene);
    await appear("open:pupil");
  });
  check("an empty portfolio", "nothing yet", async (scene) => {
    await open(scene);
    await appear("empty");
  });
  check("what the program is made of", "desk", async (scene) => {
    await open(scene);
    door.about = async () => ({ version: "0.1.0", notices: "package-7 1.0.7 — MIT — https://example.org/7" });
    door.readLog = async () => "2026-11-30T09:00:00Z started 0.3.0\n";
    await press("open-about");
    await appear("notices");
    expect(find("about")?.textContent).toContain("DPIA Editor 0.1.0");
    expect(find("notices")?.textContent).toContain("package-7 1.0.7 — MIT");
  });
  for (const [name, shown, offers] of [
    ["a newer bundle", "newer", ["import-keep-both", "import-replace"]],
    ["an older bundle", "older", ["import-keep-both"]],
    ["a bundle that diverged", "diverged", ["import-keep-both"]],
    ["a bundle of another beginning", "diverged", ["import-keep-both"]],
  ] as const) {
    check(`a bundle that is here already: ${name}`, name, async (scene) => {
      await open(scene);
      await press("import");
      await appear("already-here");
      expect(find("relation")?.dataset["relation"]).toBe(shown);
      for (const act of ["import-keep-both", "import-replace"] as const)
        expect(find(act) !== null, act).toBe((offers as readonly string[]).includes(act));
    });
  }
  for (const [name, signature, words] of [
    ["a bundle of somebody unknown", "unknown", "Anyone can claim a name"],
    ["a bundle of a certificate that ended", "unknown", "whether it signed before that cannot be determined"],
    ["a bundle of nobody", "unsigned", "its origin cannot be checked"],
    ["a bundle with its own edition", "unsigned", "edition 2099.1, pack meadowbank-2"],
  ] as const) {
    check(`a bundle that is asked about first: ${name}`, name, async (scene) => {
      await open(scene);
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
  check("an encrypted bundle that is opened", "an encrypted bundle", async (scene) => {
    await open(scene);
    await press("import");
    await appear("ask-passphrase");
    await typeIn("decrypt-passphrase", "open says me");
    await press("decrypt-accept");
    await waitFor(() => expect(find("ask-passphrase")?.textContent).toContain("does not open the bundle"));
    await typeIn("decrypt-passphrase", "open sesame, said the forty");
    await press("decrypt-accept");
    await appear("ask-first");
    expect(find("ask-passphrase")).toBeNull();
  });
  check("a bundle that is encrypted", "desk", async (scene) => {
    await openEditor("about_the_processing", scene);
    const encrypt = vi.spyOn(door, "exportEncryptedBundle");
    await press("more");
    await press("export-encrypted");
    await appear("encrypt-dialog");
    await typeIn("passphrase-new", "walnut harbour seven lanterns");
    await typeIn("passphrase-again", "walnut harbour seven lantern");
    await press("encrypt-accept");
    await waitFor(() => expect(find("encrypt-dialog")?.textContent).toContain("do not match"));
    expect(encrypt).not.toHaveBeenCalled();
    await typeIn("passphrase-again", "walnut harbour seven lanterns");
    await press("encrypt-accept");
    await waitFor(() => expect(encrypt).toHaveBeenCalledWith("pupil", "walnut harbour seven lanterns"));
    await waitFor(() => expect(find("encrypt-dialog")).toBeNull());
    await waitFor(() => expect(document.body.textContent).toContain("Pupil Progress.dpia written, signed"));
    const unsigned = { name: "Pupil Progress.dpia", bytes: 1, pages: null, signing: "not_in_force" } as const;
    vi.spyOn(door, "exportBundle").mockResolvedValue({ file: unsigned, place: 1 });
    await press("more");
    await press("export-bundle");
    await waitFor(() =>
      expect(document.body.textContent).toContain("written, not signed: your certificate is not valid"),
    );
  });
  check("the history of a question, an earlier answer of which is brought back", "desk", async (scene) => {
    await openEditor("about_the_processing", scene);
    await press("tick:processing.data:performance");
    await waitFor(() => expect(find("undo")?.getAttribute("aria-disabled")).not.toBe("true"));
    await press("tab:history");
    await appear("past:0");
    await waitFor(() => expect(find("past-answers")?.children).toHaveLength(2));
    const bring = vi.spyOn(door, "bringBack");
    await press("bring-back:0");
    await waitFor(() => expect(bring).toHaveBeenCalledWith("pupil", "processing.data", 0));
    await waitFor(() => expect(find("past:8")?.textContent).toContain("This is the answer now."));
  });
  check("the versions, what changed, and a version kept", "desk", async (scene) => {
    await openEditor("about_the_processing", scene);
    await press("more");
    await press("open-history");
    await appear("changed:retention.periods");
    const compare = vi.spyOn(door, "compareMoments");
    const bring = vi.spyOn(door, "bringBack");
    expect(find("compare-from")).toHaveProperty("value", "4");
    expect(find("changed:retention.periods")?.textContent).toContain(
      "[removed: six years.][added: ninety days.]",
    );
    await press("compare-bring-back:retention.periods");
    await waitFor(() => expect(bring).toHaveBeenCalledWith("pupil", "retention.periods", 4));
    await press("compare-version:2");
    await waitFor(() =>
      expect(compare).toHaveBeenCalledWith("pupil", { type: "entry", number: 2 }, { type: "now" }),
    );
    await press("keep-version");
    await press("keep-accept");
    await waitFor(() => expect(find("keep-dialog")?.textContent).toContain("A version needs a name"));
    const name = find("version-name") as HTMLInputElement;
    name.value = "For the board";
    name.dispatchEvent(new Event("input", { bubbles: true }));
    await press("keep-accept");
    await waitFor(() => expect(find("version:8")?.textContent).toContain("For the board"));
    await press("history-back");
    await appear("editor");
  });
  check("a history that does not hold", "a history that does not hold", async (scene) => {
    await openEditor("about_the_processing", scene);
    expect((await appear("history-trouble")).textContent).toContain("Entry 4 of the history");
    const written = vi.spyOn(door, "exportWithoutHistory");
    await press("trouble-export");
    await waitFor(() => expect(written).toHaveBeenCalledWith("pupil"));
  });
  check("an import report", "a document", async (scene) => {
    await open(scene);
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
    check(`the section ${name}`, "desk", section(name));
  }
  check("the preview", "desk", async (scene) => {
    await openEditor("retention", scene);
    await press("toggle-preview");
    await appear("page:0");
  });
  check("the export dialog", "desk", async (scene) => {
    await openEditor("screening", scene);
    await press("export-pdf");
    await appear("export-dialog");
  });
});
