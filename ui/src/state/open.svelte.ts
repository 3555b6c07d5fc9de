// The assessment that is open: what Rust last said of it, the edits under way, and where one is.

import { toFailure, type Door } from "../ipc/door";
import type { Answer, AssessmentView, Content, HistoryTrouble, Intent, Update } from "../ipc/bindings";
import { Edits } from "./edits.svelte";
import { locateQuestions, nextWaiting, sectionsOf, stateOf } from "./form";
import type { Notifier } from "./notifier";

/** What Rust last said of the assessment. */
export type Said = Omit<Update, "details" | "answers" | "unplaced"> & {
  details: NonNullable<Update["details"]>;
  answers: Partial<Record<string, Answer>>;
  unplaced: NonNullable<Update["unplaced"]>;
};

const NOTHING: Pick<Said, "details" | "answers" | "unplaced"> = {
  details: { product: "", date: { state: "unanswered" }, version: null, author: null, copyright_year: null },
  answers: {},
  unplaced: [],
};

/** What is said now, where this was said before and an update says what changed. */
function follow(before: Pick<Said, "details" | "answers" | "unplaced">, update: Update): Said {
  const changed = Object.entries(update.answers).map(([question, answer]) => [question, answer ?? undefined]);
  return {
    ...update,
    details: update.details ?? before.details,
    answers: { ...before.answers, ...(Object.fromEntries(changed) as Said["answers"]) },
    unplaced: update.unplaced ?? before.unplaced,
  };
}

export type Filter = "all" | "to_confirm" | "open";
export type PanelTab = "guidance" | "unplaced" | "history" | "preview";

export class OpenAssessment {
  readonly id: string;
  readonly edits: Edits;
  said = $state.raw<Said>() as Said;
  form;
  readonly located;
  readonly sections;

  sectionId = $state("");
  questionId = $state<string | null>(null);
  /** A question to bring into view and to put the caret in; counted, so that the same one can be asked for again. */
  target = $state.raw<{ question: string; turn: number } | null>(null);
  filter = $state<Filter>("all");
  tab = $state<PanelTab>("guidance");

  /** Why its history does not hold, where it does not. */
  historyTrouble = $state.raw<HistoryTrouble | null>(null);
  #isHistoryChecked = false;
  readonly #door: Door;
  readonly #notifier: Notifier;
  #turn = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(view: AssessmentView, door: Door, notifier: Notifier) {
    this.id = view.id;
    this.form = view.form;
    this.said = follow(NOTHING, view.now);
    this.#door = door;
    this.#notifier = notifier;
    this.located = locateQuestions(view.form);
    this.sections = sectionsOf(view.form);
    this.edits = new Edits(new Date(view.now.saved_at), view.typed, async (question, typed, settles) => {
      const saved = await door.saveAnswer(this.id, question, typed, settles);
      if (saved.update) this.said = follow(this.said, saved.update);
      return saved;
    });
    const first = this.located[0];
    this.sectionId = first?.section.id ?? this.sections[0]?.section.id ?? "";
    this.questionId = first?.question.id ?? null;
  }

  /** The section shown, and its part. A form has at least one. */
  get place() {
    return this.sections.find((each) => each.section.id === this.sectionId) ?? this.sections[0];
  }
  get current() {
    return this.located.find((each) => each.question.id === this.questionId);
  }

  /** What Rust last said of a question. */
  content(question: string): Content {
    return this.said.answers[question]?.content ?? { state: "unanswered" };
  }
  /** What was typed into a question since. */
  fields(question: string) {
    return this.edits.shown.get(question);
  }
  state(question: string) {
    return stateOf(this.said.progress, question);
  }

  goToSection(id: string): void {
    this.sectionId = id;
    this.questionId = this.located.find((each) => each.section.id === id)?.question.id ?? null;
    this.target = null;
  }

  goTo(question: string): void {
    const place = this.located.find((each) => each.question.id === question);
    if (!place) return;
    this.sectionId = place.section.id;
    this.questionId = question;
    this.#turn += 1;
    this.target = { question, turn: this.#turn };
  }

  /** An address inside the form, such as "#appendix_a": a part or a section. */
  goToAddress(address: string): void {
    const id = address.replace(/^#/, "");
    const section = this.sections.find((each) => each.section.id === id || each.part.id === id);
    if (section) this.goToSection(section.section.id);
  }

  /** Asks whether the history holds, once for as long as it is open. */
  async checkHistory(): Promise<void> {
    if (this.#isHistoryChecked) return;
    this.#isHistoryChecked = true;
    await this.#notifier.attempt(
      async () => (this.historyTrouble = await this.#door.findHistoryTrouble(this.id)),
    );
  }

  nextWaiting() {
    return nextWaiting(this.located, this.said.progress, this.questionId);
  }

  undo(): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.said.can_undo) this.#take(await this.#door.undo(this.id));
    });
  }

  redo(): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.said.can_redo) this.#take(await this.#door.redo(this.id));
    });
  }

  /** Gives a question again the answer that it had after the entry of this number. */
  bringBack(question: string, number: number): Promise<boolean> {
    return this.#inTurn(async () => this.#take(await this.#door.bringBack(this.id, question, number)));
  }

  /** Does one thing; false where it could not be done, which is said. */
  act(intent: Intent): Promise<boolean> {
    return this.#inTurn(async () => this.follow(await this.#door.edit(this.id, intent)));
  }

  /** Does one thing to a row or a risk, by its key. */
  actOnRow(key: string, intent: (row: string) => Intent): Promise<boolean> {
    return this.#inTurn(async () => {
      const row = this.edits.keys.idOf(key);
      if (row !== null) this.follow(await this.#door.edit(this.id, intent(row)));
    });
  }

  /** Shows what came of an act. */
  follow(update: Update): void {
    this.said = follow(this.said, update);
    this.edits.saved(update.saved_at);
    for (const question of Object.keys(update.answers)) this.edits.drop(question);
  }

  readonly readPicture = async (attachment: string): Promise<string> =>
    (await this.#door.readPicture(attachment)).address;
  readonly addPicture = async (): Promise<string | null> => {
    const picture = await this.#notifier.attempt(() => this.#door.addPicture(this.id));
    return picture?.id ?? null;
  };

  /** What was typed goes first, then this, one after the other. */
  #inTurn(act: () => Promise<void>): Promise<boolean> {
    const turn = this.#queue.then(async () => {
      if (!(await this.edits.flush())) return false;
      try {
        await act();
        return true;
      } catch (thrown) {
        this.#notifier.say(toFailure(thrown).message, "trouble");
        return false;
      }
    });
    this.#queue = turn;
    return turn;
  }

  /** Shows what came of it, and where: a change out of sight is brought into view. */
  #take(update: Update): void {
    this.follow(update);
    const changed = this.located.find(({ question: { id } }) => id in update.answers);
    if (changed && changed.section.id !== this.sectionId) this.goTo(changed.question.id);
  }
}
