// The only door to Rust. Every command the window may ask for stands here, and nothing else in the window calls Tauri.

import type {
  AssessmentView,
  Content,
  Copy,
  Failure,
  Hit,
  ImportReport,
  Person,
  Start,
  Summary,
  Update,
} from "./types";

export interface Door {
  /** Unlocks the store, or says why it cannot be. May be asked again. */
  start(): Promise<Start>;
  savePerson(person: Person): Promise<void>;

  listAssessments(): Promise<Summary[]>;
  search(words: string): Promise<Hit[]>;
  createAssessment(title: string): Promise<string>;
  renameAssessment(id: string, title: string): Promise<Update>;
  openAssessment(id: string): Promise<AssessmentView>;

  /** Asks for a document or bundle in a native dialog; null where the dialog was left. */
  importFile(): Promise<ImportReport | null>;

  /** Makes what is typed durable; `settles` asks for a history entry as well. */
  saveAnswer(id: string, question: string, content: Content, settles: boolean): Promise<Update>;
  removeUnplaced(id: string, unplaced: string): Promise<Update>;
  undo(id: string): Promise<Update>;
  redo(id: string): Promise<Update>;

  /** Asks for a picture in a native dialog; the attachment's id, or null. */
  addPicture(id: string): Promise<string | null>;
  /** A stored picture as a data address. */
  readPicture(id: string, attachment: string): Promise<string>;

  /** Asks for a place in a native dialog; the file written, or null. */
  exportPdf(id: string, copy: Copy, client: string): Promise<string | null>;
  exportBundle(id: string, copy: Copy): Promise<string | null>;
}

/** What was thrown, as a failure to show: Rust throws these, and a fault of our own is told as one. */
export function toFailure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
    const { code, message, detail } = thrown as Partial<Failure>;
    return { code: code ?? "unexpected", message: String(message), detail: detail ?? null };
  }
  return { code: "unexpected", message: String(thrown), detail: null };
}
