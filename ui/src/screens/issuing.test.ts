// Issuing to schools: what is pressed asks Rust for the right thing.

import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import type { AppError } from "../ipc/bindings";
import type { Door } from "../ipc/door";
import { byTestId } from "../testids";
import { appear, door, find, findFaults, open, press, waitFor } from "./screen";

describe("issuing to schools", () => {
  const openIssuing = async (scene = "desk", change?: (door: Door) => void, assessment = "pupil") => {
    await open(scene, change);
    await press(`open:${assessment}`);
    await press("section:screening");
    await press("more");
    await press("issue");
    await appear("issuing");
    await waitFor(() => expect(find("issue-accept")).not.toBeNull());
  };
  const rows = () => [...document.querySelectorAll<HTMLElement>(byTestId("client"))];
  /** Issues, though the assessment is not finished. */
  const issueAnyway = async () => {
    await press("issue-accept");
    await press("unfinished-accept");
  };
  const type = (name: string, words: string) => {
    const field = find(name) as HTMLInputElement;
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
  };

  it("has no fault that axe finds, without clients", async () => {
    await openIssuing("no clients", undefined, "parent");
    await appear("no-clients");
    expect(await findFaults()).toEqual([]);
    await press("add-client");
    await appear("client-dialog");
    expect(await findFaults()).toEqual([]);
  });

  it("has no fault that axe finds, with clients and while a run goes on", async () => {
    await openIssuing("desk", (door) => {
      door.issueCopies = () => new Promise(() => undefined);
    });
    await waitFor(() => expect(rows()).toHaveLength(11));
    await press("held");
    await press("import-clients");
    await appear("clients-imported");
    expect(await findFaults()).toEqual([]);
    await press("choose-shown");
    await press("issue-accept");
    await appear("unfinished-dialog");
    expect(await findFaults()).toEqual([]);
    await press("unfinished-accept");
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
    expect(find("unfinished")?.textContent).toMatch(/\d+ questions? to answer/);
    await press("unfinished-cancel");
    expect(issue).not.toHaveBeenCalled();
    await issueAnyway();
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
    await issueAnyway();
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
    await openIssuing("a file in the way", (door) => {
      const { issueCopies } = door;
      door.issueCopies = async (id, order, goesOn, progress) => {
        const copies = await issueCopies(id, order, goesOn, progress);
        if (goesOn || !copies) return copies;
        const stopped: AppError = { code: "not_saved", message: "The disk is full.", detail: null };
        return { ...copies, result: { ...copies.result, left: 1, stopped } };
      };
    });
    await waitFor(() => expect(rows()).toHaveLength(11));
    await press("choose-shown");
    await issueAnyway();
    await appear("issue-result");
    expect(find("issue-stopped")?.textContent).toContain("The disk is full");
    expect(find("issue-failed")?.textContent).toContain("move it elsewhere");
    const show = vi.spyOn(door, "showInFolder");
    await press("issue-show");
    await waitFor(() => expect(show).toHaveBeenCalledWith(0));
    const issue = vi.spyOn(door, "issueCopies");
    await press("issue-go-on");
    await waitFor(() => expect(issue.mock.calls[0]?.[2]).toBe(true));
  });

  it("ends a run after the copy at hand", async () => {
    let stop: () => void = () => undefined;
    await openIssuing("a run that is cancelled", (door) => {
      const { issueCopies } = door;
      const stopped = new Promise<void>((resolve) => (stop = resolve));
      door.issueCopies = async (...order) => {
        await stopped;
        return issueCopies(...order);
      };
      door.cancelIssuing = async () => stop();
    });
    await waitFor(() => expect(rows()).toHaveLength(11));
    await press("choose-shown");
    await issueAnyway();
    await press("issue-cancel");
    await appear("issue-result");
    expect(find("issue-words")?.textContent).toContain("7 left");
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
    await openIssuing("no clients", undefined, "parent");
    await press("add-client");
    await press("client-accept");
    await waitFor(() => expect(find("client-dialog")?.textContent).toContain("The name is empty"));
    type("client-name", "Ysgol Gŵyr");
    await press("client-accept");
    await waitFor(() => expect(find("chosen-count")?.textContent).toBe("1 of 1 chosen"));
  });
});
