// Keys and recovery, imitated: ?keys=none (no recovery key yet), ?keys=passphrase (no keychain), ?keys=recovered (the
// keychain could not take the key back), ?ways=recovery|both|none for a start that is locked.

import type { Door } from "../src/ipc/door";
import type { AppError, KeysView, UnlockWays } from "../src/ipc/bindings";

type KeyCalls =
  | "unlock"
  | "chooseKeyFile"
  | "readKeys"
  | "makeRecoveryKey"
  | "saveRecoveryKey"
  | "printRecoveryKey"
  | "confirmRecoveryKey"
  | "forgetRecoveryKey"
  | "setPassphrase"
  | "removePassphrase"
  | "keepInKeychain"
  | "exchangeKeys";

const groups = ["006H", "M9SM", "8575", "PT3N", "GA7S", "SADP", "RF8D", "VTQQ", "70PW"];
const asked = [2, 6];
const made_at = "2026-11-22T12:00:00Z";
const kept: KeysView = {
  opened_by: "keychain",
  has_keychain: true,
  keychain_trouble: null,
  recovery: { made_at, is_confirmed: true },
  passphrase: null,
};
const states: Record<string, KeysView> = {
  none: { ...kept, recovery: null },
  passphrase: {
    ...kept,
    opened_by: "passphrase",
    has_keychain: false,
    recovery: { made_at, is_confirmed: false },
    passphrase: { made_at },
  },
  recovered: {
    ...kept,
    opened_by: "recovery_key",
    keychain_trouble: "The keychain is locked. Unlock it, then try again.",
    passphrase: { made_at },
  },
};

const none: UnlockWays = { recovery_key: false, passphrase: false, new_passphrase: false, key_file: false };

/** What else opens, where the start is locked. */
export function imitateWays(wishes: URLSearchParams): UnlockWays {
  const file = { ...none, key_file: wishes.get("start")?.startsWith("key_file") ?? false };
  switch (wishes.get("ways")) {
    case "recovery":
      return { ...file, recovery_key: true };
    case "both":
      return { ...file, recovery_key: true, passphrase: true };
    case "first_run":
      return { ...file, new_passphrase: true };
    default:
      return file;
  }
}

const wrong = (message: string): AppError => ({ code: "wrong_secret", message, detail: null });
const bare = (words: string) => words.toUpperCase().replace(/[^0-9A-Z]/g, "");

export function makeKeys(wishes: URLSearchParams): Pick<Door, KeyCalls> {
  let keys = states[wishes.get("keys") ?? (wishes.get("start") === "first_run" ? "none" : "")] ?? kept;
  return {
    unlock: async (by, typed) => {
      if (by === "recovery_key" && bare(typed) !== groups.join(""))
        throw wrong(
          "This recovery key was mistyped somewhere. Compare each group with your sheet, then try again.",
        );
      if (by === "passphrase" && typed !== "four words that differ")
        throw wrong(
          "This passphrase does not open the database. Nothing was changed. Type it again; small and capital letters differ.",
        );
      if (by === "new_passphrase" && typed.length < 15)
        throw wrong(
          `A passphrase needs 15 characters or more; this has ${typed.length}. Four or five words that do not belong together are a good one.`,
        );
      return { state: "ready", person: null, is_first_run: by === "new_passphrase" };
    },
    chooseKeyFile: async () => ({
      state: "locked",
      failure: {
        code: "key_missing",
        message: "The keychain no longer holds the key of this database.",
        detail: null,
      },
      ways: { ...none, recovery_key: true },
    }),
    readKeys: async () => keys,
    makeRecoveryKey: async () => {
      if (!keys.recovery?.is_confirmed) keys = { ...keys, recovery: { made_at, is_confirmed: false } };
      return { groups, asked, made_at, sheet: `Recovery key of DPIA Editor\n\n${groups.join("   ")}\n` };
    },
    saveRecoveryKey: async () => ({
      name: "DPIA Editor recovery key.txt",
      bytes: 1_200,
      pages: null,
      signing: null,
    }),
    printRecoveryKey: async () => null,
    confirmRecoveryKey: async (typed) => {
      for (const [at, group] of asked.entries()) {
        if (bare(typed[at] ?? "") !== groups[group])
          throw wrong(`Group ${group + 1} is another. Compare it with your sheet, then type it again.`);
      }
      keys = { ...keys, recovery: { made_at, is_confirmed: true } };
      return keys;
    },
    forgetRecoveryKey: async () => null,
    setPassphrase: async (typed) => {
      if (typed.length < 15)
        throw wrong(
          `A passphrase needs 15 characters or more; this has ${typed.length}. Four or five words that do not belong together are a good one.`,
        );
      keys = { ...keys, passphrase: { made_at } };
      return keys;
    },
    removePassphrase: async () => {
      keys = { ...keys, passphrase: null };
      return keys;
    },
    exchangeKeys: async (passphrase) => {
      if (passphrase !== null && passphrase.length < 15)
        throw wrong(`A passphrase needs 15 characters or more; this has ${passphrase.length}.`);
      keys = { ...keys, recovery: null };
      return { state: "ready", person: null, is_first_run: false };
    },
    keepInKeychain: async () => {
      keys = { ...keys, has_keychain: true, keychain_trouble: null };
      return keys;
    },
  };
}
