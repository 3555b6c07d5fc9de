// Backups as Rust would tell of them.

import type { BackupEntry, BackupsView, Start } from "../src/ipc/bindings";
import type { Door } from "../src/ipc/door";

type BackupDoor = Pick<
  Door,
  | "listBackups"
  | "makeBackup"
  | "chooseBackupFolder"
  | "forgetBackupFolder"
  | "lookIntoBackup"
  | "restoreBackup"
  | "goOnWithOlder"
>;

const entry = (made_at: string, kind: BackupEntry["kind"] = "made"): BackupEntry => ({
  name: `${kind}-${made_at}`,
  made_at,
  kilobytes: 1_284,
  kind,
});

/** With `backups=none` there are none, with `backups=trouble` the folder is gone. */
export function makeBackups(wishes: URLSearchParams): BackupDoor {
  const wish = wishes.get("backups");
  let chosen: string | null = wish === "trouble" ? "Stick" : null;
  let backups =
    wish === "none"
      ? []
      : [
          entry("2026-11-21T14:32:05Z"),
          entry("2026-11-20T16:58:11Z"),
          entry("2026-10-30T17:02:40Z"),
          entry("2026-11-12T09:10:00Z", "set_aside"),
        ];
  const view = (): BackupsView => ({
    chosen,
    backups,
    trouble:
      wish === "trouble"
        ? {
            code: "not_saved",
            message:
              "The folder of the backups, Stick, cannot be reached. Bring it back, or choose another. A backup was made in the folder of the assessments instead.",
            detail: null,
          }
        : null,
  });
  const ready: Start = { state: "ready", person: null, is_first_run: false };
  return {
    listBackups: async () => view(),
    makeBackup: async () => {
      backups = [entry("2026-11-22T10:00:00Z"), ...backups];
      return view();
    },
    chooseBackupFolder: async () => {
      chosen = "DPIA backups";
      return view();
    },
    forgetBackupFolder: async () => {
      chosen = null;
      return view();
    },
    lookIntoBackup: async (name) => {
      const found = backups.find((each) => each.name === name);
      if (!found) throw { code: "not_found", message: "This backup is not here any more.", detail: null };
      return {
        entry: found,
        assessments: [
          { product: "Pupil Progress", revision: 112, changed_at: "2026-11-21T14:30:00Z", is_binned: false },
          { product: "Sonar", revision: 58, changed_at: "2026-11-19T11:04:00Z", is_binned: false },
          { product: "Sonar (draft)", revision: 3, changed_at: "2026-09-02T08:00:00Z", is_binned: true },
        ],
      };
    },
    restoreBackup: async () => ready,
    goOnWithOlder: async () => ready,
  };
}
