// Issuing one assessment: the clients, which of them are chosen, and the run. The rules are Rust's.

import { SvelteSet } from "svelte/reactivity";

import { toFailure } from "../ipc/door";
import type {
  Client,
  ClientsImported,
  ClientsRead,
  ColumnTitles,
  CopyKind,
  Holding,
  IssueProgress,
  IssueResult,
  IssuingView,
  ListedClient,
  MissingCharacters,
  MissingLetter,
  ReadClients,
  Remembered,
} from "../ipc/bindings";
import { door, listen } from "../state/connection";

export type Filter = "all" | "outdated" | "none";

/** A client with the copy that it holds. */
export type Row = { client: ListedClient; held: Holding | undefined };

export type Run =
  | { kind: "none" }
  | { kind: "going"; progress: IssueProgress | null; isEnding: boolean }
  | { kind: "ended"; result: IssueResult; place: Remembered };

/** A list of clients whose columns have to be named. */
export type ColumnsAsked = Extract<ClientsRead, { type: "columns_needed" }> & { place: Remembered };

export class Issuing {
  readonly id: string;
  #view = $state.raw<IssuingView>({ clients: [], pattern: "", revision: 0, holdings: [] });
  readonly chosen = new SvelteSet<string>();
  words = $state("");
  filter = $state<Filter>("all");
  pattern = $state("");
  /** The name that the pattern gives, or why it gives none. */
  example = $state.raw<{ name: string } | { trouble: string }>({ name: "" });
  /** Internal sections that go along all the same. */
  included = $state.raw<ReadonlySet<string>>(new Set());
  /** Each copy has an empty field that the client may sign. */
  isOpen = $state(false);
  /** Letters that would be printed as boxes, shown before anything is written. */
  letters = $state.raw<MissingLetter[]>([]);
  run = $state.raw<Run>({ kind: "none" });
  imported = $state.raw<ClientsImported | null>(null);
  /** A list whose columns have to be named before it is read. */
  columnsAsked = $state.raw<ColumnsAsked | null>(null);
  #missing: MissingCharacters = "refuse";
  #asked = 0;
  #isClosed = false;

  readonly revision = $derived(this.#view.revision);
  readonly rows = $derived<Row[]>(
    this.#view.clients.map((client) => ({
      client,
      held: this.#view.holdings.find((held) => held.client === client.id || isSame(held, client)),
    })),
  );
  /** Copies of those that are no longer on the list. */
  readonly gone = $derived(this.#view.holdings.filter((held) => !this.rows.some((row) => row.held === held)));
  readonly shown = $derived(this.rows.filter((row) => matches(row, this.words) && fits(row, this.filter)));
  readonly counts = $derived<Record<Filter, number>>({
    all: this.rows.length,
    outdated: this.rows.filter((row) => fits(row, "outdated")).length,
    none: this.rows.filter((row) => fits(row, "none")).length,
  });

  constructor(id: string) {
    this.id = id;
  }

  /** The screen is gone: what comes late is for nobody. */
  close(): void {
    this.#isClosed = true;
  }

  async load(): Promise<void> {
    const view = await door.openIssuing(this.id);
    if (this.#isClosed) return;
    this.#view = view;
    if (this.pattern === "") this.pattern = this.#view.pattern;
    const known = new Set(this.#view.clients.map((client) => client.id));
    for (const id of this.chosen) if (!known.has(id)) this.chosen.delete(id);
    await this.tryPattern();
  }

  /** Asks what the pattern makes of the first client chosen; a late answer to an earlier question is dropped. */
  async tryPattern(): Promise<void> {
    const asked = (this.#asked += 1);
    const first = this.rows.find((row) => this.chosen.has(row.client.id)) ?? this.rows[0];
    let example: typeof this.example;
    try {
      example = { name: await door.nameCopy(this.id, this.pattern, first?.client.id ?? null) };
    } catch (thrown) {
      example = { trouble: toFailure(thrown).message };
    }
    if (asked === this.#asked) this.example = example;
  }

  choose(id: string, isChosen: boolean): void {
    if (isChosen) this.chosen.add(id);
    else this.chosen.delete(id);
  }

  chooseShown(): void {
    for (const row of this.shown) this.chosen.add(row.client.id);
  }

  /** Keeps a client. A new one is chosen at once: it was typed to be served. */
  async save(id: string | null, client: Client): Promise<void> {
    const saved = await door.saveClient(id, client);
    if (id === null) this.chosen.add(saved.id);
    await this.load();
  }

  async remove(id: string): Promise<void> {
    await door.removeClient(id);
    await this.load();
  }

  async importClients(): Promise<void> {
    const chosen = await door.importClients();
    if (chosen) await this.#receiveClients(chosen);
  }

  /** Reads the list that was chosen by the columns that were named. */
  async importClientsBy(columns: ColumnTitles): Promise<void> {
    const asked = this.columnsAsked;
    if (!asked) return;
    const read = await door.importClientsBy(asked.place, columns);
    this.columnsAsked = null;
    await this.#receiveClients({ read, place: asked.place });
  }

  async #receiveClients({ read, place }: ReadClients): Promise<void> {
    switch (read.type) {
      case "columns_needed":
        this.columnsAsked = { ...read, place };
        return;
      case "imported":
        this.imported = read;
        await this.load();
    }
  }

  /** Looks for letters that no font has, in the assessment and in the names chosen; true where some were found. */
  async findLetters(): Promise<boolean> {
    const names = this.rows.filter((row) => this.chosen.has(row.client.id)).map((row) => row.client.name);
    const copy: CopyKind = { type: "customer", client: names.join(", "), included: [...this.included] };
    this.letters = await door.findMissingLetters(this.id, {
      copy,
      extent: "whole",
      signature: "certified",
      missing_characters: "refuse",
    });
    return this.letters.length > 0;
  }

  /** Issues to those chosen; `goesOn` where the last run ended early. */
  async issue(goesOn: boolean): Promise<void> {
    if (this.run.kind === "going") return;
    // The person who was shown which characters are missing, and issues all the same, agrees to boxes in their place.
    if (!goesOn) this.#missing = this.letters.length > 0 ? "allow" : "refuse";
    const before = this.run;
    this.run = { kind: "going", progress: null, isEnding: false };
    const progress = listen<IssueProgress>((told) => {
      if (this.run.kind === "going") this.run = { ...this.run, progress: told };
    });
    try {
      const order = {
        clients: [...this.chosen],
        pattern: this.pattern,
        included: [...this.included],
        is_open: this.isOpen,
        missing_characters: this.#missing,
      };
      const ended = await door.issueCopies(this.id, order, goesOn, progress);
      this.run = ended ? { kind: "ended", ...ended } : before;
    } catch (thrown) {
      this.run = before;
      throw thrown;
    } finally {
      await this.load();
    }
  }

  async cancel(): Promise<void> {
    if (this.run.kind !== "going") return;
    this.run = { ...this.run, isEnding: true };
    await door.cancelIssuing();
  }
}

function fits({ held }: Row, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "outdated":
      return held?.is_outdated ?? false;
    case "none":
      return held === undefined;
  }
}

function matches({ client }: Row, words: string): boolean {
  const text = fold(`${client.name} ${client.reference} ${client.email}`);
  return fold(words)
    .split(" ")
    .every((word) => text.includes(word));
}

/** A copy that was issued before its client was on the list. */
function isSame(held: Holding, client: ListedClient): boolean {
  return held.client === null && fold(held.name) === fold(client.name) && held.reference === client.reference;
}

/** Without case and without marks, so that "Gwyr" finds "Gŵyr" and "lodz" finds "Łódź". */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/ł/giu, "l").toLowerCase().trim();
}
