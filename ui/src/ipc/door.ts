// The only door to Rust. Every command the window may ask for stands here, and nothing else in the window calls Tauri.

import type {
  AssessmentView,
  Content,
  Copy,
  Failure,
  Hit,
  ImportAnswer,
  Imported,
  Intent,
  Person,
  Picture,
  Start,
  Summary,
  Update,
  Written,
} from "./types";

export interface Door {
  /** Unlocks the store, or says why it cannot be. May be asked again. */
  start(): Promise<Start>;
  savePerson(person: Person): Promise<void>;

  listAssessments(): Promise<Summary[]>;
  search(words: string): Promise<Hit[]>;
  createAssessment(product: string): Promise<string>;
  binAssessment(id: string): Promise<void>;
  restoreAssessment(id: string): Promise<void>;
  openAssessment(id: string): Promise<AssessmentView>;

  /** Asks for a document or a bundle in a native dialog; null where the dialog was left. */
  importFile(): Promise<Imported | null>;
  /** Answers what becomes of a bundle whose assessment is here already. */
  settleImport(ticket: number, answer: ImportAnswer): Promise<Imported | null>;

  /** Makes what is typed durable; `settles` asks for a history entry as well. */
  saveAnswer(id: string, question: string, content: Content, settles: boolean): Promise<Update>;
  /** Does one thing, in one history entry. */
  edit(id: string, intent: Intent): Promise<Update>;
  undo(id: string): Promise<Update>;
  redo(id: string): Promise<Update>;

  /** Asks for a picture in a native dialog; null where the dialog was left. */
  addPicture(id: string): Promise<Picture | null>;
  readPicture(attachment: string): Promise<Picture>;

  /** Asks for a place in a native dialog; null where the dialog was left. */
  exportPdf(id: string, copy: Copy, signs: boolean): Promise<Written | null>;
  exportBundle(id: string): Promise<Written | null>;
}

/** What was thrown, as a failure to show: Rust throws these, and a fault of our own is told as one. */
export function toFailure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
    const { code, message, detail } = thrown as Partial<Failure>;
    return { code: code ?? "unexpected", message: String(message), detail: detail ?? null };
  }
  return { code: "unexpected", message: String(thrown), detail: null };
}
