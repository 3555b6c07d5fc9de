// The brand while it is changed: each change is drawn at once, and kept when it is asked to.

import { toFailure, type Door } from "../ipc/door";
import type { Brand, BrandView, Picture } from "../ipc/bindings";
import type { OpenPdf } from "../report/pdf";
import type { Drawn } from "../report/preview.svelte";

export const DRAW_AFTER = 250;

type BrandDoor = Pick<Door, "saveBrand" | "drawBrand" | "takePreview" | "takeLogo">;

export class BrandSettings {
  brand = $state.raw<Brand>() as Brand;
  logo = $state.raw<Picture | null>(null);
  drawn = $state.raw<Drawn | null>(null);
  /** Why it cannot be used as it is now. */
  trouble = $state.raw<string | null>(null);
  readonly standard: Brand;

  #kept = $state.raw<Brand>() as Brand;
  readonly #door: BrandDoor;
  readonly #openPdf: (bytes: ArrayBuffer) => Promise<OpenPdf>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(view: BrandView, door: BrandDoor, openPdf: (bytes: ArrayBuffer) => Promise<OpenPdf>) {
    this.brand = this.#kept = view.brand;
    this.logo = view.logo;
    this.standard = view.standard;
    this.#door = door;
    this.#openPdf = openPdf;
    void this.#draw();
  }

  get isChanged(): boolean {
    return JSON.stringify(this.brand) !== JSON.stringify(this.#kept);
  }

  change(part: Partial<Brand>): void {
    this.brand = { ...this.brand, ...part };
    if (part.logo === null) this.logo = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#draw(), DRAW_AFTER);
  }

  async chooseLogo(): Promise<void> {
    const picture = await this.#door.takeLogo();
    if (!picture) return;
    this.logo = picture;
    this.change({ logo: picture.id });
  }

  /** Keeps it; false where it was refused, which is shown. */
  async save(): Promise<boolean> {
    try {
      const view = await this.#door.saveBrand(this.brand);
      this.brand = this.#kept = view.brand;
      this.trouble = null;
      return true;
    } catch (thrown) {
      this.trouble = toFailure(thrown).message;
      return false;
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.drawn?.pdf.close();
  }

  async #draw(): Promise<void> {
    const asked = this.brand;
    try {
      const view = await this.#door.drawBrand(asked);
      if (view === null || this.#isClosed) return;
      const pdf = await this.#openPdf(await this.#door.takePreview(view.number));
      if (this.#isClosed) {
        pdf.close();
        return;
      }
      const before = this.drawn;
      this.drawn = { pdf, places: view.places };
      before?.pdf.close();
      if (asked === this.brand) this.trouble = null;
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== "stale" && asked === this.brand) this.trouble = failure.message;
    }
  }
}

/** "#0b4a50" as it was typed, with or without its "#"; null where it is no colour yet. */
export function readColour(typed: string): string | null {
  const digits = /^\s*#?([0-9a-f]{6})\s*$/i.exec(typed)?.[1];
  return digits ? `#${digits.toLowerCase()}` : null;
}
