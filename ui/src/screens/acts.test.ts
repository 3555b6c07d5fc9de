// The editor and its exports: what is pressed asks Rust for the right thing.

import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import { dialogs } from "../components/dialogs.svelte";
import type { AppError } from "../ipc/bindings";
import type { Door } from "../ipc/door";
import { byTestId } from "../testids";
import { appear, door, find, findFaults, open, openEditor, press, waitFor } from "./screen";

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
  async function begin(scene?: string, change?: (door: Door) => void): Promise<void> {
    await openEditor("screening", scene, change);
    await press("export-pdf");
    await appear("export-dialog");
  }

  it("asks for what was chosen, internal sections only where they were ticked", async () => {
    await begin();
    expect(dialogs.isOpen).toBe(true);
    const exportPdf = vi.spyOn(door, "exportPdf");
    await press("export-copy:customer");
    const client = (await appear("export-client")) as HTMLInputElement;
    client.value = " Example Trust ";
    client.dispatchEvent(new Event("input", { bubbles: true }));
    await press("export-section:decision");
    expect((await appear("export-sections-warning")).textContent).toContain(
      "The client will see internal sections",
    );
    await press("export-signature:open_to_countersignature");
    await press("export-accept");
    await waitFor(() => expect(exportPdf).toHaveBeenCalled());
    expect(exportPdf.mock.calls[0]?.[1]).toEqual({
      copy: { type: "customer", client: "Example Trust", included: ["decision"] },
      extent: "whole",
      signature: "open_to_countersignature",
      missing_characters: "refuse",
    });
    const show = vi.spyOn(door, "showInFolder");
    await press("toast-also");
    await waitFor(() => expect(show).toHaveBeenCalledWith(1));
  });

  it("shows the letters that cannot be printed, and goes on only when it is asked to", async () => {
    await begin("letters");
    const exportPdf = vi.spyOn(door, "exportPdf");
    await press("export-accept");
    expect((await appear("missing-letters")).textContent).toContain("2 characters are not available");
    expect(exportPdf).not.toHaveBeenCalled();
    expect(await findFaults()).toEqual([]);
    await press("export-accept");
    await waitFor(() => expect(exportPdf).toHaveBeenCalled());
    expect(exportPdf.mock.calls[0]?.[1].missing_characters).toBe("allow");
  });

  it("says what it is doing, and stops when it is asked to", async () => {
    let stop: (nothing: null) => void = () => undefined;
    await begin("desk", (door) => {
      door.exportPdf = (_id, _request, stages) => {
        stages.onmessage("drawing");
        return new Promise((resolve) => (stop = resolve));
      };
      door.cancelExport = async () => stop(null);
    });
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

  it("is drawn as it is changed, and kept when it is asked to", async () => {
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
    expect((await appear("brand-trouble")).textContent).toContain("1.9:1");
    expect(await findFaults()).toEqual([]);
    await write("brand:accent", "#0b4a50");
    await waitFor(() => expect(find("brand-trouble")).toBeNull());
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
  await openEditor("decision", "desk", (door) => {
    door.saveAnswer = async () => {
      throw { code: "not_saved", message: "The disk is full.", detail: null } satisfies AppError;
    };
  });
  const field = (await appear("sign-off-name:decision.measures_approved")) as HTMLInputElement;
  field.value = "Ada";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await appear("not-saved");
  expect(find("save-state")?.dataset["kind"]).toBe("not_saved");
  expect(find("save-again")).not.toBeNull();
});
