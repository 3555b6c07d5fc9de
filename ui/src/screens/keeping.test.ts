// Backups, the signature and verified files: what is pressed asks Rust for the right thing.

import { flushSync } from "svelte";
import { describe, expect, it, vi } from "vitest";

import { byTestId } from "../testids";
import { appear, door, find, findFaults, open, press, waitFor } from "./screen";

describe("the backups", () => {
  it("are listed, looked into and restored", async () => {
    await open();
    await press("open-backups");
    await waitFor(() => expect(document.querySelectorAll(byTestId("backup"))).toHaveLength(4));
    expect(await findFaults()).toEqual([]);
    const restore = vi.spyOn(door, "restoreBackup");
    await press("look:assessments-20261120T165811Z.db");
    expect((await appear("look-dialog")).textContent).toContain("Pupil Progress");
    expect(await findFaults()).toEqual([]);
    await press("look-cancel");
    expect(restore).not.toHaveBeenCalled();
    await press("look:assessments-20261120T165811Z.db");
    await press("restore");
    await appear("portfolio");
    expect(restore).toHaveBeenCalledWith("assessments-20261120T165811Z.db", expect.anything());
  });

  it("go to a folder that is chosen, and say what is wrong with it", async () => {
    await open("a folder of backups that is gone");
    expect((await appear("backup-reminder")).textContent).toContain("Stick, cannot be reached");
    await press("open-backups");
    await appear("backup-trouble");
    expect(await findFaults()).toEqual([]);
    await press("backup-choose");
    await waitFor(() => expect(find("backup-folder")?.textContent).toBe("DPIA backups"));
    await press("backup-forget");
    await waitFor(() =>
      expect(find("backup-folder")?.textContent).toBe("In the same folder as the assessments."),
    );
    await press("backup-now");
    await waitFor(() => expect(document.querySelectorAll(byTestId("backup"))).toHaveLength(5));
  });

  it("are the way on where the file is damaged or older", async () => {
    await open("damaged");
    await press("open-backups");
    await appear("backups");
    expect(find("backup-now")).toBeNull();
    await press("home");
    await appear("locked");
    expect(find("go-on-older")).toBeNull();
  });

  it("are not the only way on where the file is older", async () => {
    await open("outdated");
    await appear("locked");
    expect(await findFaults()).toEqual([]);
    const goOn = vi.spyOn(door, "goOnWithOlder");
    await press("go-on-older");
    await appear("portfolio");
    expect(goOn).toHaveBeenCalled();
  });
});

describe("the signature", () => {
  async function begin(scene?: string): Promise<void> {
    await open(scene);
    await press("signature");
    await appear("signature-dialog");
  }

  it("says who signs until when, and exports the certificate", async () => {
    await begin();
    expect(find("identity-reminder")).toBeNull();
    expect(find("signature-until")?.textContent).toBe("until 1 November 2029");
    expect(await findFaults()).toEqual([]);
    const take = vi.spyOn(door, "exportCertificate");
    await press("signature-export");
    await waitFor(() => expect(take).toHaveBeenCalled());
  });

  it("that expires soon is shown on the list, and renewed when it is asked to", async () => {
    await begin("a certificate that ends soon");
    expect((await appear("identity-reminder")).textContent).toContain("expires in 32 days");
    const renew = vi.spyOn(door, "renewIdentity");
    await press("signature-renew");
    expect(renew).not.toHaveBeenCalled();
    await press("signature-renew-accept");
    await waitFor(() => expect(find("signature-until")?.textContent).toBe("until 30 September 2032"));
    expect(find("signature-warning")).toBeNull();
  });

  it("is brought with the password of its file, which is then forgotten", async () => {
    await begin("no identity");
    const bring = vi.spyOn(door, "bringIdentity");
    await press("signature-bring");
    const field = (await appear("signature-password")) as HTMLInputElement;
    field.value = "x";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
    await press("signature-bring-accept");
    await waitFor(() => expect(bring).toHaveBeenCalledWith("x"));
    await waitFor(() => expect(find("signature-password")).toBeNull());
    expect(await findFaults()).toEqual([]);
  });
});

describe("a verified file", () => {
  const check = (which: string, verdict: string, answers: string[]) =>
    it(`that is ${which} says so`, async () => {
      await open(which);
      await press("verify");
      expect((await appear("verdict")).textContent).toBe(verdict);
      const facts = [...document.querySelectorAll<HTMLElement>('[data-testid^="fact:"]')];
      expect(facts.map((each) => each.dataset["answer"])).toEqual(answers);
      expect(await findFaults()).toEqual([]);
    });
  check("a sound file", "Signed and unchanged", ["yes", "yes", "yes"]);
  check("a damaged file", "Changed after it was signed", ["no", "yes", "no"]);
  check("a file that is not signed", "Not signed", []);
  check("a file that was cut off", "The file is incomplete", []);
  check("a foreign file", "Not checked: this program cannot check it", ["yes", "unknown", "no"]);

  it("that waits for a countersignature is signed, and the new file is shown", async () => {
    await open("a file that waits for a countersignature");
    await press("verify");
    const countersign = vi.spyOn(door, "countersignVerified");
    await appear("awaits-countersignature");
    expect(await findFaults()).toEqual([]);
    await press("countersign");
    await waitFor(() => expect(find("awaits-countersignature")).toBeNull());
    expect(countersign).toHaveBeenCalledWith(0);
    expect(find("verdict")?.textContent).toBe("Signed; what was added later is allowed");
  });

  it("is opened by the number of its place", async () => {
    await open("a sound file");
    await press("verify");
    const inside = vi.spyOn(door, "openVerified");
    await press("open-inside");
    await appear("editor");
    expect(inside).toHaveBeenCalledWith(0);
  });
});
