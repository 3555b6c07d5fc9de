// The window as a whole: which screen is shown, who is at work, what was just said.

import { dialogs } from "../components/dialogs.svelte";
import { door, listen } from "./connection";
import { toFailure } from "../ipc/door";
import type {
  AppError,
  BrandView,
  Exported,
  Resolution,
  Signing,
  Imported,
  ImportView,
  Person,
  Start,
  UnlockWays,
  UnlockWith,
  Verified,
} from "../ipc/bindings";
import type { Notifier } from "./notifier";
import { OpenAssessment } from "./open.svelte";
import { countOf } from "./words";

export type Screen =
  | { name: "starting" }
  | { name: "locked"; failure: AppError; ways: UnlockWays }
  | { name: "first_run" }
  | { name: "portfolio" }
  | { name: "import_report"; report: ImportView }
  | { name: "settings"; view: BrandView }
  | { name: "keys"; makesKey: boolean }
  | { name: "backups"; isLocked: boolean }
  | { name: "verified"; verified: Verified }
  | { name: "editor"; open: OpenAssessment }
  | { name: "issuing"; open: OpenAssessment }
  | { name: "history"; open: OpenAssessment };

export type Toast = {
  id: number;
  words: string;
  tone: "done" | "trouble";
  undo?: (() => void) | undefined;
  /** Whether it can still be undone, where that may end. */
  canUndo?: (() => boolean) | undefined;
  /** Something else that can be done about it. */
  also?: { words: string; act: () => void } | undefined;
};

/** What is said of a bundle that was written. */
const signingWords: Record<Signing, string> = {
  signed: ", signed",
  not_in_force: ", not signed: your certificate is not valid",
  no_identity: ", not signed",
};

const noWays: UnlockWays = { recovery_key: false, passphrase: false, new_passphrase: false, key_file: false };

export type Theme = "system" | "light" | "dark";
export const TOAST_STAYS = 8_000;

class Session implements Notifier {
  screen = $state.raw<Screen>({ name: "starting" });
  person = $state.raw<Person | null>(null);
  toasts = $state.raw<Toast[]>([]);
  theme = $state<Theme>("system");
  /** A bundle that waits for an answer: its assessment is here already, nobody known vouches for it, or it is encrypted. */
  asked = $state.raw<Extract<Imported, { type: "already_here" | "asked" | "encrypted" | "partly" }> | null>(
    null,
  );
  #lastToast = 0;

  /** Files that were given to the program are brought in one after the other. */
  #isReceiving = false;
  /** On the first run: who is at work is known, and the recovery key was kept or left for later. */
  #isIntroduced = false;

  async start(): Promise<void> {
    // Where nothing can be heard, what is given is asked for at the list of assessments.
    void door.watchGiven(listen(() => void this.receiveGiven())).catch(() => undefined);
    void door.watchClosing(listen(() => void this.close())).catch(() => undefined);
    this.setTheme((localStorage.getItem("theme") as Theme | null) ?? "system");
    this.screen = { name: "starting" };
    try {
      this.enter(await door.start());
    } catch (thrown) {
      this.screen = { name: "locked", failure: toFailure(thrown), ways: noWays };
    }
  }

  /** The window is to close: what was typed is saved first. Where it cannot be, the window stays and the save state says so. */
  async close(): Promise<void> {
    const { screen } = this;
    await door.finishClosing(!("open" in screen) || (await screen.open.edits.flush()));
  }

  /** Opens the assessments with what was typed; the trouble with what was typed, where that is the trouble. */
  async unlock(by: UnlockWith, typed: string): Promise<string | undefined> {
    const ways = this.screen.name === "locked" ? this.screen.ways : noWays;
    try {
      this.enter(await door.unlock(by, typed));
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === "wrong_secret") return failure.message;
      this.screen = { name: "locked", failure, ways };
    }
    return undefined;
  }

  /** Asks for a copy of the key file, and starts with it. */
  async chooseKeyFile(): Promise<void> {
    await this.attempt(async () => {
      const start = await door.chooseKeyFile();
      if (start) this.enter(start);
    });
  }

  /** Shows what a start came to. */
  enter(start: Start): void {
    if (start.state === "locked") {
      this.screen = { name: "locked", failure: start.failure, ways: start.ways };
      return;
    }
    this.person = start.person;
    if (start.is_first_run) this.screen = { name: "first_run" };
    else this.goHome();
  }

  async savePerson(person: Person): Promise<void> {
    await door.savePerson(person);
    this.person = person;
  }

  openBackups(): void {
    this.screen = { name: "backups", isLocked: this.screen.name === "locked" };
  }

  /** The first run has asked what it had to: what was given may take the place of a first assessment. */
  introduce(): void {
    this.#isIntroduced = true;
    void this.receiveGiven();
  }

  goHome(): void {
    this.screen = { name: "portfolio" };
    void this.receiveGiven();
  }

  /**
   * Brings in what was given to the program, at its start or by another start since. Where somebody is in the middle of
   * something, it waits until they are back at the list of assessments.
   */
  async receiveGiven(): Promise<void> {
    if (this.#isReceiving) return;
    this.#isReceiving = true;
    try {
      if (await this.#canReceive()) {
        let imported: Imported | null | undefined;
        do {
          imported = await this.attempt(() => door.importGivenFile());
          await this.#receive(imported ?? null);
        } while (imported && !this.asked);
      }
    } finally {
      this.#isReceiving = false;
    }
  }

  async #canReceive(): Promise<boolean> {
    const screen = this.screen;
    switch (screen.name) {
      case "starting":
      case "locked":
        // The list of assessments comes next.
        return false;
      case "first_run":
        return this.#isIntroduced && this.asked === null;
      case "portfolio":
      case "verified":
      case "import_report":
      case "editor":
      case "history": {
        const isBusy = this.asked !== null || dialogs.isOpen;
        if (!isBusy && (!("open" in screen) || (await screen.open.edits.flush()))) return true;
        break;
      }
      case "settings":
      case "keys":
      case "backups":
      case "issuing":
        break;
    }
    this.say("The file you opened will be imported when you return to your assessments");
    return false;
  }

  async open(id: string, question?: string | null): Promise<void> {
    await this.attempt(async () => {
      const open = new OpenAssessment(await door.openAssessment(id), door, this);
      if (question) open.goTo(question);
      this.screen = { name: "editor", open };
    });
  }

  /** Shows the whole history of the assessment that is open; what was typed is settled first. */
  async openHistory(open: OpenAssessment): Promise<void> {
    if (await open.edits.flush()) this.screen = { name: "history", open };
  }

  async createAssessment(product: string): Promise<void> {
    await this.attempt(async () => this.open(await door.createAssessment(product)));
  }

  async importFile(): Promise<void> {
    await this.attempt(async () => this.#receive(await door.importFile()));
  }

  async openSettings(): Promise<void> {
    await this.attempt(async () => {
      this.screen = { name: "settings", view: await door.readBrand() };
    });
  }

  /** Shows the keys; with a new recovery key at once, where one is to be kept. */
  openKeys(makesKey = false): void {
    this.screen = { name: "keys", makesKey };
  }

  async verifyFile(): Promise<void> {
    await this.attempt(async () => {
      const verified = await door.verifyFile();
      if (verified) this.screen = { name: "verified", verified };
    });
  }

  async openVerified(place: number): Promise<void> {
    await this.attempt(async () => this.#receive(await door.openVerified(place)));
  }

  /** Countersigns a file that was verified, and shows what is known of the new one. */
  async countersign(place: number): Promise<void> {
    await this.attempt(async () => {
      const verified = await door.countersignVerified(place);
      if (!verified) return;
      this.screen = { name: "verified", verified };
      this.say(`${verified.name} written, countersigned`);
    });
  }

  /** Answers what becomes of the bundle that was asked about. */
  async settleImport(resolution: Resolution): Promise<void> {
    const asked = this.asked;
    this.asked = null;
    if (asked) {
      try {
        await this.#receive(await door.settleImport(asked.ticket, resolution));
      } catch (thrown) {
        // The bundle waits on, so it can be answered again.
        this.asked = asked;
        this.say(toFailure(thrown).message, "trouble");
      }
    }
    await this.receiveGiven();
  }

  /** Opens the encrypted bundle that waits; the trouble with what was typed, where that is the trouble. */
  async decryptImport(passphrase: string): Promise<string | undefined> {
    const asked = this.asked;
    if (!asked) return undefined;
    try {
      const imported = await door.decryptImport(asked.ticket, passphrase);
      this.asked = null;
      await this.#receive(imported);
      await this.receiveGiven();
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code === "wrong_secret") return failure.message;
      this.asked = null;
      this.say(failure.message, "trouble");
    }
    return undefined;
  }

  /** Leaves the bundle that waits as it is. */
  leaveImport(): void {
    this.asked = null;
    void this.receiveGiven();
  }

  async #receive(imported: Imported | null): Promise<void> {
    switch (imported?.type) {
      case undefined:
        return;
      case "document":
        this.screen = { name: "import_report", report: imported.report };
        return;
      case "bundle":
        await this.open(imported.assessment);
        return;
      case "already_here":
      case "asked":
      case "encrypted":
      case "partly":
        this.asked = imported;
        return;
    }
  }

  /** Does it, and says so where it fails. */
  async attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (thrown) {
      this.say(toFailure(thrown).message, "trouble");
      return undefined;
    }
  }

  say(words: string, tone: Toast["tone"] = "done", undo?: () => void, also?: Toast["also"]): void {
    this.#show({ words, tone, undo, also });
  }

  /** Says what was done to an assessment; it can be undone from here until something else is done or typed, or it is left. */
  sayDone(words: string, open: OpenAssessment, undo: () => void = () => void open.undo()): void {
    const { revision } = open.said;
    const canUndo = () =>
      "open" in this.screen &&
      this.screen.open === open &&
      open.said.revision === revision &&
      !open.edits.isTyping;
    this.#show({ words, tone: "done", undo, canUndo });
  }

  #show(toast: Omit<Toast, "id">): void {
    this.#lastToast += 1;
    this.toasts = [...this.toasts.slice(-2), { ...toast, id: this.#lastToast }];
  }

  /** Hears that something waits for a backup, and says so. */
  hearWaiting(): ReturnType<typeof listen<null>> {
    return listen<null>(() => this.say("A backup is running. This starts when it is finished."));
  }

  /** A file was written, and can be shown where it lies. */
  sayWritten({ file, place }: Exported): void {
    const pages = file.pages ? `, ${countOf(file.pages, "page")}` : "";
    const words = `${file.name} written${pages}${file.signing ? signingWords[file.signing] : ""}`;
    const show = () => void this.attempt(() => door.showInFolder(place));
    this.say(words, "done", undefined, { words: "Show in folder", act: show });
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem("theme", theme);
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }
}

export const session = new Session();
