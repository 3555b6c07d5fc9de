// The assessment that is open: what Rust last said of it, the edits under way, and where one is.

import { toFailure, type Door } from "../ipc/door";
import type { AssessmentView, Content, HistoryTrouble, Intent, Update } from "../ipc/bindings";
import { Edits } from "./edits.svelte";
import { locateQuestions, nextWaiting, sectionsOf, stateOf } from "./form";
import { session } from "./session.svelte";

export type Filter = "all" | "to_confirm" | "open";
export type PanelTab = "guidance" | "unplaced" | "history" | "preview";

export class OpenAssessment {
  readonly id: string;
  readonly edits: Edits;
  said = $state.raw<Update>() as Update;
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
  #turn = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(view: AssessmentView, door: Door) {
    this.id = view.id;
    this.form = view.form;
    this.said = view.now;
    this.#door = door;
    this.located = locateQuestions(view.form);
    this.sections = sectionsOf(view.form);
    this.edits = new Edits(new Date(view.now.saved_at), async (question, content, settles) => {
      const update = await door.saveAnswer(this.id, question, content, settles);
      this.said = update;
      return update;
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

  /** What a field shows: what was typed here last, else what Rust last said. */
  content(question: string): Content {
    return this.edits.shown.get(question) ?? this.said.answers[question]?.content ?? { state: "unanswered" };
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
    await session.attempt(async () => (this.historyTrouble = await this.#door.findHistoryTrouble(this.id)));
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
    return this.#inTurn(async () => {
      this.said = await this.#door.edit(this.id, intent);
      this.edits.saved(this.said.saved_at);
    });
  }

  readonly readPicture = async (attachment: string): Promise<string> =>
    (await this.#door.readPicture(attachment)).address;
  readonly addPicture = async (): Promise<string | null> => {
    const picture = await session.attempt(() => this.#door.addPicture(this.id));
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
        session.say(toFailure(thrown).message, "trouble");
        return false;
      }
    });
    this.#queue = turn;
    return turn;
  }

  /** Shows what came of it, and where: a change out of sight is brought into view. */
  #take(update: Update): void {
    const before = this.said;
    this.said = update;
    this.edits.saved(update.saved_at);
    const changed = this.located.find(({ question: { id } }) => {
      const [was, is] = [before.answers[id]?.content, update.answers[id]?.content];
      return JSON.stringify(was) !== JSON.stringify(is);
    });
    if (changed && changed.section.id !== this.sectionId) this.goTo(changed.question.id);
  }
}
