// A door to fixtures, kept in memory. It imitates what Rust answers just far enough to look at every state.

import type { Door } from "../src/ipc/door";
import type {
  Answer,
  AssessmentView,
  Block,
  Content,
  Counts,
  AppError,
  Form,
  Hit,
  ImportView,
  Intent,
  Person,
  Progress,
  Question,
  QuestionState,
  Screening,
  Summary,
  Tick,
  Update,
} from "../src/ipc/bindings";
import { plainRuns, toPlainText } from "../src/rich-text/mapping";
import { makeId } from "../src/state/ids";
import { locateQuestions } from "../src/state/form";
import { pupilProgress, unplaced } from "./answers";
import form20252 from "./fixtures/form-2025.2.json";
import form20261 from "./fixtures/form-2026.1.json";

type State = Pick<Update, "answers" | "unplaced" | "details">;
type Kept = { id: string; form: Form; state: State; past: State[]; future: State[]; changed: string };

const elizabeth: Person = {
  name: "Elizabeth Marsh",
  role: "Data Protection Officer",
  organisation: "Juniper Education",
  email: "dpo@junipereducation.org",
};

export function makeDoor(wishes: URLSearchParams): Door {
  const start = wishes.get("start");
  let person: Person | null = start === "first_run" || wishes.has("nobody") ? null : elizabeth;
  const kept = new Map<string, Kept>();
  const keep = (id: string, form: Form, product: string, answers: Record<string, Answer>, changed: string) =>
    kept.set(id, {
      id,
      form,
      changed,
      state: {
        answers,
        unplaced: id === "pupil" ? unplaced : [],
        details: {
          product,
          date: { state: "known", date: "2025-07-04", has_short_year: false },
          version: null,
          author: null,
          copyright_year: 2023,
        },
      },
      past: [],
      future: [],
    });
  const older = form20252 as unknown as Form;
  const newest = form20261 as unknown as Form;
  const optionsOf = (question: string) => {
    const found = locateQuestions(older).find((each) => each.question.id === question)?.question.kind;
    return found && "options" in found ? found.options.map((option) => option.id) : [];
  };
  const table = locateQuestions(older).find((each) => each.question.kind.type === "table")?.question.kind;
  const columns = table?.type === "table" ? table.columns.map((column) => column.id) : [];
  if (!wishes.has("empty") && start !== "first_run") {
    keep("pupil", older, "Pupil Progress", pupilProgress(optionsOf, columns), "2026-11-22T14:32:00Z");
    keep(
      "sisra",
      { ...older, edition: "2025.1" },
      "Sisra Analytics",
      someAnswers(older, 0.95),
      "2026-11-20T10:00:00Z",
    );
    keep(
      "sonar",
      { ...older, edition: "2024.1" },
      "Sonar Multi-School",
      someAnswers(older, 1),
      "2026-10-02T10:00:00Z",
    );
    keep("tracker", newest, "Sonar Tracker", someAnswers(newest, 0.2), "2026-11-11T10:00:00Z");
    keep("horizons", newest, "Juniper Horizons", someAnswers(newest, 1), "2026-03-20T10:00:00Z");
    keep("parent", newest, "Parent App", {}, "2026-11-01T10:00:00Z");
  }

  const find = (id: string): Kept => {
    const found = kept.get(id);
    if (!found)
      throw { code: "not_found", message: "This assessment is not here.", detail: null } satisfies AppError;
    return found;
  };
  const update = (each: Kept): Update => ({
    revision: each.past.length,
    ...each.state,
    progress: measure(each.form, each.state.answers),
    screening: screen(each.form, each.state.answers),
    changed_since_sign_off: [],
    can_undo: each.past.length > 0,
    can_redo: each.future.length > 0,
    saved_at: new Date().toISOString(),
  });
  const settle = (each: Kept, state: State): Update => {
    each.past.push(each.state);
    each.future = [];
    each.state = state;
    return update(each);
  };
  const answer = (each: Kept, question: string, content: Content, confirmed = false): State => ({
    ...each.state,
    answers: {
      ...each.state.answers,
      [question]: {
        content,
        origin: {
          type: confirmed ? "confirmed" : "typed",
          by: person?.name ?? "",
          at: new Date().toISOString(),
        },
      },
    },
  });
  let drafted: State | null = null;

  return {
    start: async () => {
      if (start && start !== "first_run") {
        const message = "The keychain did not give the key within 20 seconds.";
        return {
          state: "locked",
          failure: {
            code: start as AppError["code"],
            message,
            detail: "org.freedesktop.Secret.Error.IsLocked",
          },
        };
      }
      return { state: "ready", person, is_first_run: start === "first_run" };
    },
    savePerson: async (next) => {
      person = next;
      return null;
    },
    listAssessments: async () => [...kept.values()].map(summarise),
    search: async (words) => [...kept.values()].flatMap((each) => findWords(each, words)),
    createAssessment: async (product) => {
      const id = makeId();
      keep(id, newest, product, {}, new Date().toISOString());
      return id;
    },
    binAssessment: async (id) => {
      kept.delete(id);
      return null;
    },
    restoreAssessment: async () => null,
    openAssessment: async (id): Promise<AssessmentView> => {
      const each = find(id);
      return { id, form: each.form, now: update(each) };
    },
    importFile: async () =>
      wishes.has("here")
        ? {
            type: "already_here",
            assessment: "pupil",
            product: "Pupil Progress",
            here: 41,
            in_bundle: 38,
            ticket: 1,
          }
        : { type: "document", report },
    settleImport: async () => null,
    saveAnswer: async (id, question, content, settles) => {
      await new Promise((resolve) => setTimeout(resolve, Number(wishes.get("slow") ?? 3)));
      if (wishes.has("full")) {
        throw {
          code: "not_saved",
          message: "The disk is full. Keep this window open, free some space, then try again.",
          detail: null,
        } satisfies AppError;
      }
      const each = find(id);
      const next = answer(each, question, content);
      if (settles) {
        const before = drafted;
        drafted = null;
        if (before) each.state = before;
        return settle(each, next);
      }
      drafted ??= each.state;
      each.state = next;
      return update(each);
    },
    edit: async (id, intent) => {
      const each = find(id);
      const next = follow(each, intent, answer);
      return next ? settle(each, next) : update(each);
    },
    undo: async (id) => {
      const each = find(id);
      const before = each.past.pop();
      if (before) {
        each.future.push(each.state);
        each.state = before;
      }
      return update(each);
    },
    redo: async (id) => {
      const each = find(id);
      const after = each.future.pop();
      if (after) {
        each.past.push(each.state);
        each.state = after;
      }
      return update(each);
    },
    addPicture: async () => ({ id: "ab".repeat(32), address: picture }),
    readPicture: async (id) => ({ id, address: picture }),
    exportPdf: async () => ({ name: "Pupil Progress.pdf", bytes: 91_230, pages: 11 }),
    exportBundle: async () => ({ name: "Pupil Progress.dpia", bytes: 32_100, pages: null }),
  };
}

type Answering = (each: Kept, question: string, content: Content, confirmed?: boolean) => State;

function follow(each: Kept, intent: Intent, answer: Answering): State | null {
  const ticksNow = (question: string): Record<string, Tick> => {
    const content = each.state.answers[question]?.content ?? { state: "unanswered" };
    if (content.state === "answered" && content.value.type === "ticks") return content.value.ticks;
    const kind = locateQuestions(each.form).find((q) => q.question.id === question)?.question.kind;
    const options = kind && "options" in kind ? kind.options : [];
    return Object.fromEntries(
      options.map((o) => [o.id, content.state === "unknown" ? "unknown" : "not_ticked"]),
    );
  };
  const ticked = (ticks: Record<string, Tick>): Content => ({
    state: "answered",
    value: { type: "ticks", ticks, other: null },
  });
  switch (intent.type) {
    case "set_content":
      return answer(each, intent.question, intent.content);
    case "tick":
      return answer(
        each,
        intent.question,
        ticked({ ...ticksNow(intent.question), [intent.option]: intent.is_ticked ? "ticked" : "not_ticked" }),
      );
    case "tick_none":
    case "confirm": {
      const content = each.state.answers[intent.question]?.content;
      if (content?.state === "unknown" && content.stated) {
        return answer(
          each,
          intent.question,
          { state: "answered", value: { type: "rich_text", text: content.stated } },
          true,
        );
      }
      const ticks = Object.entries(ticksNow(intent.question)).map(
        ([id, tick]) => [id, tick === "ticked" ? "ticked" : "not_ticked"] as const,
      );
      return answer(each, intent.question, ticked(Object.fromEntries(ticks)), true);
    }
    case "answer_yes_no":
      return answer(each, intent.question, {
        state: "answered",
        value: { type: "yes_no", is_yes: intent.is_yes, reasoning: null },
      });
    case "remove_row":
    case "move_row": {
      const content = each.state.answers[intent.question]?.content;
      if (content?.state !== "answered") return null;
      const move = <T extends { id: string }>(items: T[]): T[] => {
        const rest = items.filter((item) => item.id !== intent.row);
        const moved = items.filter((item) => item.id === intent.row);
        return intent.type === "remove_row"
          ? rest
          : [...rest.slice(0, intent.to), ...moved, ...rest.slice(intent.to)];
      };
      const { value } = content;
      if (value.type === "table") {
        return answer(each, intent.question, {
          state: "answered",
          value: { ...value, rows: move(value.rows) },
        });
      }
      return value.type === "risks"
        ? answer(each, intent.question, { state: "answered", value: { ...value, risks: move(value.risks) } })
        : null;
    }
    case "set_details":
      return { ...each.state, details: intent.details };
    case "place_piece":
    case "remove_piece":
      return { ...each.state, unplaced: each.state.unplaced.filter((piece) => piece.id !== intent.piece) };
    case "sign_off": {
      const { name, role, date } = intent;
      return answer(each, intent.question, {
        state: "answered",
        value: { type: "sign_off", name, role, date, signs: null },
      });
    }
    default:
      return null;
  }
}

function stateOf(form: Form, answers: Record<string, Answer>, question: Question): QuestionState {
  const content = answers[question.id]?.content ?? { state: "unanswered" };
  if (question.id === form.screening.result) {
    const { result_state } = screen(form, answers);
    return result_state === "to_confirm"
      ? "to_confirm"
      : ["open", "reason_missing"].includes(result_state)
        ? "open"
        : "answered";
  }
  switch (content.state) {
    case "unanswered":
      return "open";
    case "unknown":
      return "to_confirm";
    case "answered":
      return content.value.type === "ticks" && Object.values(content.value.ticks).includes("unknown")
        ? "to_confirm"
        : "answered";
    default:
      return "answered";
  }
}

function measure(form: Form, answers: Record<string, Answer>): Progress {
  const count = (states: QuestionState[]): Counts => ({
    answered: states.filter((state) => state === "answered").length,
    to_confirm: states.filter((state) => state === "to_confirm").length,
    open: states.filter((state) => state === "open").length,
  });
  const sections = form.parts
    .flatMap((part) => part.sections)
    .map((section) => {
      const questions = section.items.flatMap((item) =>
        item.type === "question"
          ? [{ question: item.question.id, state: stateOf(form, answers, item.question) }]
          : [],
      );
      return {
        section: section.id,
        is_internal: section.is_internal,
        counts: count(questions.map((each) => each.state)),
        questions,
      };
    })
    .filter((section) => section.questions.length > 0);
  return {
    counts: count(sections.flatMap((section) => section.questions.map((each) => each.state))),
    sections,
  };
}

function screen(form: Form, answers: Record<string, Answer>): Screening {
  let [ticked, unknown, open] = [0, 0, 0];
  for (const list of form.screening.lists) {
    const content = answers[list]?.content ?? { state: "unanswered" };
    if (content.state === "answered" && content.value.type === "ticks") {
      ticked += Object.values(content.value.ticks).filter((tick) => tick === "ticked").length;
      unknown += Object.values(content.value.ticks).filter((tick) => tick === "unknown").length;
    } else if (content.state === "unknown") unknown += 6;
    else open += 1;
  }
  const outcome = ticked > 0 ? "required" : open > 0 ? "open" : unknown > 0 ? "undetermined" : "not_required";
  const content = answers[form.screening.result]?.content;
  const recorded = content?.state === "answered" && content.value.type === "choice" ? content.value : null;
  const follows =
    outcome === "required"
      ? form.screening.required
      : outcome === "not_required"
        ? form.screening.not_required
        : null;
  const result = recorded?.option ?? follows;
  const hasReason = (recorded?.reason?.blocks.length ?? 0) > 0;
  const result_state = recorded
    ? follows === null
      ? "recorded"
      : follows === recorded.option
        ? outcome === "required" || hasReason
          ? "follows"
          : "reason_missing"
        : hasReason
          ? "overridden"
          : "reason_missing"
    : outcome === "required"
      ? "follows"
      : outcome === "not_required"
        ? "reason_missing"
        : "open";
  return { outcome, ticked, unknown, result, result_state };
}

function summarise(each: Kept): Summary {
  const progress = measure(each.form, each.state.answers);
  const groups = each.form.parts.map((part) =>
    progress.sections
      .filter((s) => !s.is_internal && part.sections.some((section) => section.id === s.section))
      .map((s) => s.counts),
  );
  const internal = progress.sections.filter((s) => s.is_internal).map((s) => s.counts);
  return {
    id: each.id,
    product: each.state.details.product,
    edition: each.form.edition,
    changed_at: each.changed,
    next_review: { sonar: "2026-04-19", sisra: "2026-05-06", horizons: "2027-03-20" }[each.id] ?? null,
    counts: progress.counts,
    groups: [...groups, internal].filter((group) => group.length > 0),
  };
}

function findWords(each: Kept, words: string): Hit[] {
  return Object.entries(each.state.answers).flatMap(([question, { content }]): Hit[] => {
    if (content.state !== "answered" || content.value.type !== "rich_text") return [];
    const text = toPlainText(content.value.text);
    const label = locateQuestions(each.form).find((q) => q.question.id === question)?.section.title ?? "";
    return [...text.matchAll(new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi"))].map(
      (match) => ({
        assessment: each.id,
        question,
        label,
        before: `…${text.slice(Math.max(0, match.index - 50), match.index)}`,
        found: match[0],
        after: `${text.slice(match.index + match[0].length, match.index + 60)}…`,
      }),
    );
  });
}

/** Answers to the first share of a form's questions. */
function someAnswers(form: Form, share: number): Record<string, Answer> {
  const located = locateQuestions(form);
  const words: Block = {
    type: "paragraph",
    runs: [
      {
        type: "text",
        text: "Post contract the data is deleted within 90 days.",
        bold: false,
        italic: false,
        link: null,
      },
    ],
  };
  return Object.fromEntries(
    located.slice(0, Math.round(located.length * share)).map(({ question }) => {
      const { kind } = question;
      const content: Content =
        kind.type === "tick_list" || kind.type === "tick_grid"
          ? {
              state: "answered",
              value: {
                type: "ticks",
                ticks: Object.fromEntries(
                  kind.options.map((o, i) => [o.id, i === 0 ? "ticked" : "not_ticked"]),
                ),
                other: null,
              },
            }
          : { state: "answered", value: { type: "rich_text", text: { blocks: [words] } } };
      return [question.id, { content, origin: null }];
    }),
  );
}

const prompts = locateQuestions(form20252 as unknown as Form);
const report: ImportView = {
  assessment: "pupil",
  document: "2025-07-04-pupil-progress.txt",
  product: "Pupil Progress",
  edition: "2025.2",
  placed: prompts
    .slice(0, 18)
    .map(({ question }) => ({ place: plainRuns(question.prompt), words: "An answer.", reason: null })),
  unknown: [
    {
      place: "DPIA Screening Questions",
      words: "You should consider carrying out a DPIA…",
      reason: "No option bears a mark.",
    },
    {
      place: "Disclosure and Sharing",
      words: "Will the data be shared with any other people/organisations…",
      reason: "Neither Yes nor No is marked.",
    },
  ],
  unplaced: unplaced.map((piece) => ({
    place: `Line ${piece.place.line}`,
    words: toPlainText(piece.text),
    reason: null,
  })),
  differences: [
    {
      place: "Line 70",
      words: "Use innovative technology or technology in innovate ways",
      reason: "The edition says “innovative ways”.",
    },
  ],
  left_out: [{ place: "Line 14", words: "Part 1.....\t3", reason: "A line of the contents page" }],
};

const picture =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNkYPj/n4EIwDiqkL4KAYeTCQEfbQ+1AAAAAElFTkSuQmCC";
