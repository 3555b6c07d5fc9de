// From keystroke to disk. Drafts leave at most every 120 ms and never wait for a pause; a history entry is asked for at a
// pause, on leaving the field, or after 30 s of typing on. One call is under way at a time, so what was typed later
// never lands before what was typed earlier. What is not acknowledged stays here, and is sent again.

import { SvelteMap } from "svelte/reactivity";

import { toFailure } from "../ipc/door";
import type { Content, AppError } from "../ipc/bindings";

export const DRAFT_EVERY = 120;
export const SETTLE_AFTER_PAUSE = 2_000;
export const SETTLE_AT_LATEST = 30_000;
export const SAY_SAVING_AFTER = 400;

export type SaveState =
  { kind: "saved"; at: Date } | { kind: "saving" } | { kind: "not_saved"; since: Date; failure: AppError };

type Send = (question: string, content: Content, settles: boolean) => Promise<{ saved_at: string }>;
type Timer = ReturnType<typeof setTimeout>;

/** A question's edits that have no history entry yet. */
type Draft = {
  content: Content;
  /** Typed since it was last sent. */
  isUnsent: boolean;
  /** A history entry is due. */
  isSettling: boolean;
  pause: Timer | undefined;
  latest: Timer | undefined;
};

export class Edits {
  /** What the fields show instead of what Rust last said. */
  readonly shown = new SvelteMap<string, Content>();
  saveState = $state.raw<SaveState>({ kind: "saved", at: new Date() });

  readonly #send: Send;
  readonly #drafts = new Map<string, Draft>();
  #lastSaved: Date;
  #lastSent = Number.NEGATIVE_INFINITY;
  #isBusy = false;
  #hasFailed = false;
  #next: Timer | undefined;
  #waiting: (() => void)[] = [];

  constructor(savedAt: Date, send: Send) {
    this.#send = send;
    this.#lastSaved = savedAt;
    this.saveState = { kind: "saved", at: savedAt };
  }

  /** Something was typed. */
  type(question: string, content: Content): void {
    const draft = this.#drafts.get(question) ?? this.#begin(question, content);
    draft.content = content;
    draft.isUnsent = true;
    this.shown.set(question, content);
    clearTimeout(draft.pause);
    draft.pause = setTimeout(() => this.settle(question), SETTLE_AFTER_PAUSE);
    draft.latest ??= setTimeout(() => this.settle(question), SETTLE_AT_LATEST);
    this.#hasFailed = false;
    this.#proceed();
  }

  /** Something was chosen: one act, one history entry. */
  choose(question: string, content: Content): void {
    this.type(question, content);
    this.settle(question);
  }

  /** The field was left, or a pause came. */
  settle(question: string): void {
    const draft = this.#drafts.get(question);
    if (!draft) return;
    clearTimeout(draft.pause);
    clearTimeout(draft.latest);
    draft.latest = undefined;
    draft.isSettling = true;
    this.#proceed();
  }

  /** Settles all there is and waits; false where it could not be saved. */
  async flush(): Promise<boolean> {
    for (const question of this.#drafts.keys()) this.settle(question);
    while (this.#drafts.size > 0 && !this.#hasFailed) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#drafts.size === 0;
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

  #begin(question: string, content: Content): Draft {
    const draft: Draft = { content, isUnsent: true, isSettling: false, pause: undefined, latest: undefined };
    this.#drafts.set(question, draft);
    return draft;
  }

  #proceed(): void {
    if (this.#isBusy || this.#hasFailed) return;
    clearTimeout(this.#next);
    for (const [question, draft] of this.#drafts) {
      if (draft.isSettling) {
        void this.#transmit(question, draft);
        return;
      }
    }
    for (const [question, draft] of this.#drafts) {
      if (!draft.isUnsent) continue;
      const wait = this.#lastSent + DRAFT_EVERY - Date.now();
      if (wait > 0) this.#next = setTimeout(() => this.#proceed(), wait);
      else void this.#transmit(question, draft);
      return;
    }
  }

  async #transmit(question: string, draft: Draft): Promise<void> {
    const settles = draft.isSettling;
    this.#isBusy = true;
    this.#lastSent = Date.now();
    draft.isUnsent = false;
    draft.isSettling = false;
    const slow = setTimeout(() => {
      if (this.saveState.kind === "saved") this.saveState = { kind: "saving" };
    }, SAY_SAVING_AFTER);
    try {
      const { saved_at } = await this.#send(question, draft.content, settles);
      this.saved(saved_at);
      if (settles && !draft.isUnsent && !draft.isSettling) {
        clearTimeout(draft.pause);
        clearTimeout(draft.latest);
        this.#drafts.delete(question);
        this.shown.delete(question);
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
