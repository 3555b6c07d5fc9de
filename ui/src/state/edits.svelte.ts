// From keystroke to disk. The first key goes at once, and then one call is under way at a time, so that what was typed later
// never lands before what was typed earlier. A history entry is asked for at a pause, on leaving the field, or after 30 s of
// typing on. What is not acknowledged stays here, and is sent again.

import { SvelteMap, SvelteSet } from "svelte/reactivity";

import { toFailure } from "../ipc/door";
import type { AppError, Saved, Typed } from "../ipc/bindings";
import { Keys, toFields, toTyped, type Fields } from "./fields";

export const SETTLE_AFTER_PAUSE = 2_000;
export const SETTLE_AT_LATEST = 30_000;
export const SAY_SAVING_AFTER = 400;

export type SaveState =
  { kind: "saved"; at: Date } | { kind: "saving" } | { kind: "not_saved"; since: Date; failure: AppError };

type Send = (
  question: string,
  typed: Typed,
  settles: boolean,
) => Promise<Pick<Saved, "saved_at" | "new_ids" | "is_whole">>;
type Timer = ReturnType<typeof setTimeout>;

/** What was typed into a question and is no answer yet, or not wholly. */
type Draft = {
  fields: Fields;
  /** Typed since it was last sent. */
  isUnsent: boolean;
  /** A history entry is due. */
  isSettling: boolean;
  pause: Timer | undefined;
  latest: Timer | undefined;
};

export class Edits {
  /** What the fields show instead of what Rust last said. */
  readonly shown = new SvelteMap<string, Fields>();
  readonly keys = new Keys();
  saveState = $state.raw<SaveState>({ kind: "saved", at: new Date() });

  readonly #send: Send;
  readonly #drafts = new Map<string, Draft>();
  /** The questions with edits that have no history entry yet. */
  readonly #unsettled = new SvelteSet<string>();
  #lastSaved: Date;
  #isBusy = false;
  #hasFailed = false;
  #waiting: (() => void)[] = [];

  constructor(savedAt: Date, typed: Partial<Record<string, Typed>>, send: Send) {
    this.#send = send;
    this.#lastSaved = savedAt;
    this.saveState = { kind: "saved", at: savedAt };
    for (const [question, left] of Object.entries(typed)) {
      if (left) this.#begin(question, toFields(left, this.keys));
    }
  }

  /** Something was typed that has no history entry yet. */
  get isTyping(): boolean {
    return this.#unsettled.size > 0;
  }

  /** Something was typed. */
  type(question: string, fields: Fields): void {
    const draft = this.#drafts.get(question) ?? this.#begin(question, fields);
    draft.fields = fields;
    draft.isUnsent = true;
    this.#unsettled.add(question);
    this.shown.set(question, fields);
    clearTimeout(draft.pause);
    draft.pause = setTimeout(() => this.settle(question), SETTLE_AFTER_PAUSE);
    draft.latest ??= setTimeout(() => this.settle(question), SETTLE_AT_LATEST);
    this.#hasFailed = false;
    this.#proceed();
  }

  /** Something was chosen: one act, one history entry. */
  choose(question: string, fields: Fields): void {
    this.type(question, fields);
    this.settle(question);
  }

  /** The field was left, or a pause came. */
  settle(question: string): void {
    const draft = this.#drafts.get(question);
    if (!draft || !this.#unsettled.has(question)) return;
    clearTimeout(draft.pause);
    clearTimeout(draft.latest);
    draft.latest = undefined;
    draft.isSettling = true;
    this.#proceed();
  }

  /** Settles all there is and waits; false where it could not be saved. */
  async flush(): Promise<boolean> {
    for (const question of this.#drafts.keys()) this.settle(question);
    while (this.isTyping && !this.#hasFailed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return !this.isTyping;
  }

  /** After a failure. */
  async retry(): Promise<boolean> {
    this.#hasFailed = false;
    this.#proceed();
    return this.flush();
  }

  /** Something else was saved, such as an undo. */
  saved(at: string): void {
    this.#lastSaved = new Date(at);
    this.saveState = { kind: "saved", at: this.#lastSaved };
  }

  /** Something else gave the question another answer: what was left of typing it is gone. */
  drop(question: string): void {
    if (this.#unsettled.has(question)) return;
    this.#drafts.delete(question);
    this.shown.delete(question);
  }

  #begin(question: string, fields: Fields): Draft {
    const draft: Draft = { fields, isUnsent: false, isSettling: false, pause: undefined, latest: undefined };
    this.#drafts.set(question, draft);
    this.shown.set(question, fields);
    return draft;
  }

  #proceed(): void {
    if (this.#isBusy || this.#hasFailed) return;
    const drafts = [...this.#drafts];
    const next = drafts.find(([, draft]) => draft.isSettling) ?? drafts.find(([, draft]) => draft.isUnsent);
    if (next) void this.#transmit(...next);
  }

  async #transmit(question: string, draft: Draft): Promise<void> {
    const settles = draft.isSettling;
    const { typed, fresh } = toTyped(draft.fields, this.keys);
    this.#isBusy = true;
    draft.isUnsent = false;
    draft.isSettling = false;
    const slow = setTimeout(() => {
      if (this.saveState.kind === "saved") this.saveState = { kind: "saving" };
    }, SAY_SAVING_AFTER);
    try {
      const { saved_at, new_ids, is_whole } = await this.#send(question, typed, settles);
      this.keys.learn(fresh, new_ids);
      this.saved(saved_at);
      if (settles && !draft.isUnsent && !draft.isSettling) {
        clearTimeout(draft.pause);
        clearTimeout(draft.latest);
        this.#unsettled.delete(question);
        if (is_whole) this.drop(question);
      }
    } catch (thrown) {
      draft.isUnsent = true;
      draft.isSettling ||= settles;
      this.#hasFailed = true;
      this.saveState = { kind: "not_saved", since: this.#lastSaved, failure: toFailure(thrown) };
    } finally {
      clearTimeout(slow);
      this.#isBusy = false;
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#proceed();
  }
}
