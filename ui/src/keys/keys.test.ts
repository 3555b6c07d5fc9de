// Keys and recovery: axe finds nothing, each trouble has its way on, and what is typed is asked of Rust and forgotten.

import { flushSync } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";

import { appear, door, find, findFaults, open, press, typeIn as type, waitFor } from "../screens/screen";
import { byTestId } from "../testids";

const KEY = "006H-M9SM-8575-PT3N-GA7S-SADP-RF8D-VTQQ-70PW";
const WORDS = "four words that differ";

afterEach(() => vi.useRealTimers());

const expectNoFaults = async () => expect(await findFaults()).toEqual([]);
const filled = () => document.querySelectorAll("main button.filled").length;

describe("a start that is locked", () => {
  const check = (scene: string, title: string, ways: string[]) =>
    it(`shows the way on: ${scene}`, async () => {
      await open(scene);
      const shown = await appear("locked");
      expect(shown.querySelector("h1")?.textContent).toContain(title);
      const known = [
        "try-again",
        "unlock-passphrase",
        "unlock-recovery-key",
        "passphrase-new",
        "choose-key-file",
        "only-way",
      ];
      expect(known.filter((name) => find(name))).toEqual(ways);
      expect(filled(), "one filled button a screen").toBe(1);
      expect(find("failure")?.hasAttribute("open") ?? false, "what Rust said is folded away").toBe(false);
      await expectNoFaults();
    });
  check("no keychain", "No keychain was found", ["try-again", "unlock-recovery-key"]);
  check("no keychain, first run", "No keychain was found", ["try-again", "passphrase-new"]);
  check("keychain locked, two ways", "The keychain is locked", ["try-again", "unlock-passphrase"]);
  check("keychain locked", "The keychain is locked", ["try-again"]);
  check("key missing", "The key is not in the keychain", ["try-again", "unlock-recovery-key"]);
  check("key missing, no other way", "The key is not in the keychain", ["try-again", "only-way"]);
  check("passphrase needed", "Enter your passphrase", ["unlock-passphrase"]);
  check("recovery key needed", "Enter your recovery key", ["unlock-recovery-key"]);
  check("key file missing", "The key file is missing", ["try-again", "choose-key-file"]);
  check("key file damaged", "The key file is damaged", ["try-again", "choose-key-file"]);
  check("damaged", "The assessments file is damaged", ["try-again"]);
  check("outdated", "The assessments file is not the latest", ["try-again"]);

  it("says what happened in Rust's words where the code decides nothing", async () => {
    const message = "The computer gave no random numbers. Nothing was changed. Try again.";
    await open("key missing", (door) => {
      const { start } = door;
      door.start = async () => {
        const locked = await start();
        if (locked.state !== "locked") throw new Error(locked.state);
        return { ...locked, failure: { code: "environment", message, detail: null } };
      };
    });
    expect((await appear("way")).textContent).toBe(message);
    expect(find("failure")).toBeNull();
  });

  it("opens with the recovery key, and tells a wrong one under the field", async () => {
    await open("key missing");
    const unlock = vi.spyOn(door, "unlock");
    await type("unlock-recovery-key", KEY.replace("8575", "7575"));
    await press("unlock-accept");
    await waitFor(() => expect(find("unlock-form")?.textContent).toContain("contains a typing error"));
    await expectNoFaults();
    await type("unlock-recovery-key", KEY.toLowerCase());
    expect(find("unlock-form")?.textContent).not.toContain("mistyped");
    await press("unlock-accept");
    await appear("portfolio");
    expect(unlock).toHaveBeenLastCalledWith("recovery_key", KEY.toLowerCase());
  });

  it("opens with the passphrase, or with the recovery key instead", async () => {
    await open("passphrase needed");
    const unlock = vi.spyOn(door, "unlock");
    expect(((await appear("unlock-passphrase")) as HTMLInputElement).type).toBe("password");
    await type("unlock-passphrase", "other");
    await press("unlock-by-recovery-key");
    await press("unlock-by-passphrase");
    expect((find("unlock-passphrase") as HTMLInputElement).value, "what was typed is forgotten").toBe("");
    await type("unlock-passphrase", "wrong words");
    await press("unlock-accept");
    await waitFor(() => expect(find("unlock-form")?.textContent).toContain("does not open the database"));
    await type("unlock-passphrase", WORDS);
    await press("unlock-accept");
    await appear("portfolio");
    expect(unlock).toHaveBeenLastCalledWith("passphrase", WORDS);
  });

  it("is asked only once while it opens", async () => {
    let finish: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (finish = resolve));
    const asked = vi.fn();
    await open("passphrase needed", (door) => {
      const unlock = door.unlock;
      door.unlock = async (by, typed) => {
        asked();
        await answered;
        return unlock(by, typed);
      };
    });
    await type("unlock-passphrase", WORDS);
    await press("unlock-accept");
    await press("unlock-accept");
    expect(find("unlock-accept")?.textContent).toContain("Opening…");
    expect(asked).toHaveBeenCalledTimes(1);
    finish();
    await appear("portfolio");
  });

  it("shows another trouble that comes up on the way in", async () => {
    await open("passphrase needed", (door) => {
      door.unlock = async () => {
        throw { code: "already_open", message: "Open elsewhere.", detail: null };
      };
    });
    await type("unlock-passphrase", WORDS);
    await press("unlock-accept");
    await waitFor(() => expect(find("locked")?.dataset["code"]).toBe("already_open"));
  });

  it("begins with a passphrase where there is no keychain", async () => {
    await open("no keychain, first run");
    const unlock = vi.spyOn(door, "unlock");
    await type("passphrase-new", "too short");
    await type("passphrase-again", "too shorr");
    await press("passphrase-accept");
    await waitFor(() => expect(find("locked")?.textContent).toContain("do not match"));
    expect(unlock).not.toHaveBeenCalled();
    await type("passphrase-again", "too short");
    await press("passphrase-accept");
    await waitFor(() => expect(find("locked")?.textContent).toContain("15 characters; this one has 9"));
    await type("passphrase-new", WORDS);
    await type("passphrase-again", WORDS);
    await press("passphrase-show");
    expect((find("passphrase-new") as HTMLInputElement).type).toBe("text");
    await press("passphrase-accept");
    await appear("first-run");
    expect(unlock).toHaveBeenLastCalledWith("new_passphrase", WORDS);
  });

  it("goes on with a copy of the key file", async () => {
    await open("key file missing");
    await press("choose-key-file");
    await appear("unlock-recovery-key");
    expect(find("locked")?.dataset["code"]).toBe("key_missing");
  });

  it("says what it waits for where the keychain takes long", async () => {
    vi.useFakeTimers();
    await open("desk", (door) => (door.start = () => new Promise(() => undefined)));
    flushSync();
    expect(find("starting-waits")).toBeNull();
    vi.advanceTimersByTime(2_500);
    flushSync();
    expect(find("starting-waits")?.textContent).toContain("Waiting for the keychain");
  });
});

describe("the first run", () => {
  const begin = async () => {
    await open("first run");
    await press("later");
    await appear("recovery-key");
  };

  it("shows a recovery key once, and is content when two of its groups are typed back", async () => {
    await begin();
    expect(find("recovery-key")?.textContent.replace(/\s/g, "")).toContain("1006H2M9SM38575");
    expect(filled()).toBe(1);
    await expectNoFaults();
    const save = vi.spyOn(door, "saveRecoveryKey");
    await press("recovery-save");
    await waitFor(() => expect(save).toHaveBeenCalled());
    const print = vi.spyOn(door, "printRecoveryKey");
    await press("recovery-print");
    await waitFor(() => expect(print).toHaveBeenCalled());
    await press("recovery-continue");
    await appear("recovery-asked");
    expect(find("recovery-key"), "the key is out of sight").toBeNull();
    await expectNoFaults();
    await type("recovery-group:2", "8575");
    await type("recovery-group:6", "8575");
    await press("recovery-confirm");
    await waitFor(() => expect(find("recovery-asked")?.textContent).toContain("Group 7 does not match"));
    await type("recovery-group:6", "rf8d");
    const forget = vi.spyOn(door, "forgetRecoveryKey");
    await press("recovery-confirm");
    await appear("new-product");
    expect(forget).toHaveBeenCalled();
    await press("later");
    await appear("open-keys");
    await waitFor(() => expect(find("recovery-reminder")).toBeNull());
  });

  it("that leaves the key for later is reminded on the list and with the keys, until it is done", async () => {
    await begin();
    const forget = vi.spyOn(door, "forgetRecoveryKey");
    await press("recovery-later");
    await appear("new-product");
    expect(forget).toHaveBeenCalled();
    await press("later");
    await appear("recovery-reminder");
    await expectNoFaults();
    await press("open-keys");
    await appear("recovery-reminder");
    expect(find("recovery-state")?.textContent).toContain("never confirmed");
    await press("home");
    await press("recovery-now");
    await appear("recovery-key");
    await press("recovery-continue");
    await type("recovery-group:2", "8575");
    await type("recovery-group:6", "RF8D");
    await press("recovery-confirm");
    await waitFor(() => expect(find("recovery-state")?.textContent).toContain("since 22 November 2026"));
    expect(find("recovery-reminder")).toBeNull();
    await press("home");
    await appear("portfolio");
    await waitFor(() => expect(find("recovery-reminder")).toBeNull());
  });
});

describe("the keys", () => {
  it("that are replaced are shown, and kept where that is cancelled", async () => {
    await open();
    await press("open-keys");
    await press("recovery-make");
    await appear("recovery-key");
    await expectNoFaults();
    expect(find("keys")?.textContent).toContain("works until you confirm this one");
    await press("recovery-later");
    await waitFor(() => expect(find("recovery-state")?.textContent).toContain("since 22 November 2026"));
  });

  it("have a passphrase that is set, changed and removed", async () => {
    await open();
    await press("open-keys");
    const set = vi.spyOn(door, "setPassphrase");
    await press("passphrase-set");
    await expectNoFaults();
    await type("passphrase-new", WORDS);
    await type("passphrase-again", WORDS);
    await press("passphrase-accept");
    await waitFor(() => expect(find("passphrase-state")?.textContent).toContain("since 22 November 2026"));
    expect(set).toHaveBeenCalledWith(WORDS);
    expect(find("passphrase-set")?.textContent).toContain("Change");
    const remove = vi.spyOn(door, "removePassphrase");
    await press("passphrase-remove");
    await appear("passphrase-removal");
    expect(remove).not.toHaveBeenCalled();
    await press("passphrase-remove-accept");
    await waitFor(() => expect(find("passphrase-state")?.textContent).toContain("You have none"));
  });

  it("that nothing else opens are kept, with the reason", async () => {
    await open("passphrase");
    await press("open-keys");
    await press("passphrase-remove");
    await press("passphrase-remove-accept");
    const said = () =>
      [...document.querySelectorAll(byTestId("toast"))].map((toast) => toast.textContent).join();
    await waitFor(() => expect(said()).toContain("Nothing else opens"));
    await waitFor(() => expect(find("passphrase-state")?.textContent).toContain("since"));
  });

  it("are given to a keychain that could not take them before", async () => {
    await open("recovered");
    await appear("keychain-reminder");
    await press("keychain-look");
    expect((await appear("keychain-state")).textContent).toContain("The keychain is locked");
    await expectNoFaults();
    await press("keychain-keep");
    await waitFor(() => expect(find("keychain-state")?.textContent).toContain("It has the key"));
  });

  it("are exchanged, and a new recovery key is shown at once", async () => {
    await open();
    await press("open-keys");
    const exchange = vi.spyOn(door, "exchangeKeys");
    await press("exchange");
    await appear("exchange-accept");
    await expectNoFaults();
    await press("exchange-accept");
    await appear("recovery-key");
    expect(exchange).toHaveBeenCalledWith(null, expect.anything());
  });

  it("under a passphrase are exchanged with a new one, which is judged before anything is done", async () => {
    await open("passphrase");
    await press("open-keys");
    await press("exchange");
    await type("passphrase-new", "short");
    await type("passphrase-again", "short");
    await press("exchange-accept");
    await waitFor(() => expect(document.body.textContent).toContain("15 characters; this one has 5"));
    expect(find("recovery-key")).toBeNull();
    await expectNoFaults();
    await type("passphrase-new", "four others that differ");
    await type("passphrase-again", "four others that differ");
    await press("exchange-accept");
    await appear("recovery-key");
  });
});
