// When the preview is drawn again: at a pause in what changes, or after a while of changes without one. One drawing is
// under way at a time, so the newest words are drawn next and nothing queues up; what was drawn stays until then.

import { toFailure, type Door } from "../ipc/door";
import type { AppError, Beginning, PreviewCopy } from "../ipc/bindings";
import type { OpenPdf } from "./pdf";

export const DRAW_AFTER_PAUSE = 300;
export const DRAW_AT_LATEST = 1_500;

export type Drawn = { pdf: OpenPdf; places: Beginning[] };
type Timer = ReturnType<typeof setTimeout>;

export class Preview {
  copy = $state.raw<PreviewCopy>("internal");
  drawn = $state.raw<Drawn | null>(null);
  /** What is drawn is what is written. */
  isCurrent = $state(false);
  failure = $state.raw<AppError | null>(null);

  readonly #id: string;
  readonly #door: Pick<Door, "drawPreview" | "takePreview">;
  readonly #openPdf: (bytes: ArrayBuffer) => Promise<OpenPdf>;
  #pause: Timer | undefined;
  #latest: Timer | undefined;
  #isBusy = false;
  #isWanted = false;
  #isClosed = false;

  constructor(
    id: string,
    door: Pick<Door, "drawPreview" | "takePreview">,
    openPdf: (bytes: ArrayBuffer) => Promise<OpenPdf>,
  ) {
    this.#id = id;
    this.#door = door;
    this.#openPdf = openPdf;
  }

  show(copy: PreviewCopy): void {
    this.copy = copy;
    this.isCurrent = false;
    this.#want();
  }

  /** Something was written. */
  noteChange(): void {
    this.isCurrent = false;
    if (this.drawn === null && !this.#isBusy) {
      this.#want();
      return;
    }
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#want(), DRAW_AFTER_PAUSE);
    this.#latest ??= setTimeout(() => this.#want(), DRAW_AT_LATEST);
  }

  close(): void {
    this.#isClosed = true;
    this.#rest();
    this.drawn?.pdf.close();
    this.drawn = null;
  }

  #rest(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#latest);
    this.#pause = this.#latest = undefined;
  }

  #want(): void {
    this.#rest();
    this.#isWanted = true;
    if (!this.#isBusy) void this.#draw();
  }

  async #draw(): Promise<void> {
    this.#isBusy = true;
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      const copy = this.copy;
      try {
        const view = await this.#door.drawPreview(this.#id, copy);
        if (view === null) continue;
        const pdf = await this.#openPdf(await this.#door.takePreview(view.number));
        if (this.#isClosed) {
          pdf.close();
          break;
        }
        const before = this.drawn;
        this.drawn = { pdf, places: view.places };
        before?.pdf.close();
        this.failure = null;
      } catch (thrown) {
        const failure = toFailure(thrown);
        if (failure.code !== "stale") this.failure = failure;
      }
    }
    this.#isBusy = false;
    this.isCurrent = this.failure === null && this.#pause === undefined;
  }
}
