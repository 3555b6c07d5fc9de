// Backups, the signature and verified files: what is pressed asks Rust for the right thing.

import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import { byTestId } from "../testids";
import { appear, door, find, findFaults, open, press, waitFor, wish } from "./screen";

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
    wish("backups=trouble");
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
    wish("start=damaged");
    await open();
    await press("open-backups");
    await appear("backups");
    expect(find("backup-now")).toBeNull();
    await press("home");
    await appear("locked");
    expect(find("go-on-older")).toBeNull();
  });

  it("are not the only way on where the file is older", async () => {
    wish("start=outdated");
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
    wish(query);
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
      wish(`verify=${which}`);
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
    wish("verify=open");
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
