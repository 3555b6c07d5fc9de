// The history of an assessment as its screen shows it: versions, entries by day, and what differs between two moments.
import type { Comparison, HistoryView, Moment } from "../ipc/bindings";
import { door } from "../state/connection";
import type { OpenAssessment } from "../state/open.svelte";
import { session } from "../state/session.svelte";
import { sayMoment } from "../state/words";

/** A moment as somebody chooses it: an entry by its number, now, or the end of a day. */
export type Choice = { id: string; label: string };

export const NOW = "now";
export const DAY = "day";

export class History {
  view = $state.raw<HistoryView | null>(null);
  comparison = $state.raw<Comparison | null>(null);
  from = $state("0");
  to = $state(NOW);
  fromDay = $state<string | null>(null);
  toDay = $state<string | null>(null);
  readonly #open: OpenAssessment;
  #asked = 0;

  constructor(open: OpenAssessment) {
    this.#open = open;
  }

  /** What can be compared: the versions, how it began, now, and any day. */
  get choices(): Choice[] {
    const versions = (this.view?.versions ?? []).map(({ number, name, at }) => ({
      id: String(number),
      label: `${name}, ${sayMoment(at)}`,
    }));
    return [
      { id: NOW, label: "Now" },
      ...versions,
      { id: "0", label: "When created" },
      { id: DAY, label: "A day…" },
    ];
  }

  /** Reads it for the first time: the last version is compared with now. */
  async begin(): Promise<void> {
    this.view = await door.readHistory(this.#open.id);
    this.from = String(this.view.versions[0]?.number ?? 0);
    await this.compare();
  }

  /** Reads it again after something was done. */
  async again(): Promise<void> {
    this.view = await door.readHistory(this.#open.id);
    await this.compare();
  }

  /** Asks what differs; nothing is shown while a day is not chosen yet. */
  async compare(): Promise<void> {
    const [from, to] = [momentOf(this.from, this.fromDay), momentOf(this.to, this.toDay)];
    const turn = (this.#asked += 1);
    if (!from || !to) {
      this.comparison = null;
      return;
    }
    const found = await door.compareMoments(this.#open.id, from, to);
    if (turn === this.#asked) this.comparison = found;
  }

  async keep(name: string): Promise<void> {
    this.#open.follow(await door.keepVersion(this.#open.id, name));
    await this.again();
  }

  async export(): Promise<void> {
    const [from, to] = [momentOf(this.from, this.fromDay), momentOf(this.to, this.toDay)];
    if (!from || !to) return;
    const exported = await door.exportComparison(this.#open.id, from, to);
    if (exported) session.sayWritten(exported);
  }
}

/** The end of a day is that of this machine's clock. */
function momentOf(id: string, day: string | null): Moment | null {
  if (id === NOW) return { type: "now" };
  if (id !== DAY) return { type: "entry", number: Number(id) };
  return day === null ? null : { type: "time", at: new Date(`${day}T23:59:59.999`).toISOString() };
}
