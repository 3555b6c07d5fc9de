// What Rust would answer, imitated just far enough to look at every state. Rough on purpose: the rules are Rust's.

import type {
  Answer,
  Block,
  Cell,
  Content,
  Counts,
  Form,
  Hit,
  Intent,
  Progress,
  Question,
  QuestionState,
  Screening,
  Summary,
  Tick,
  Typed,
  Update,
  Value,
} from "../src/ipc/bindings";
import { toPlainText } from "../src/rich-text/mapping";
import { locateQuestions } from "../src/state/form";
import type { Said } from "../src/state/open.svelte";

export type State = Pick<Said, "answers" | "unplaced" | "details">;
export type Kept = { id: string; form: Form; state: State; past: State[]; future: State[]; changed: string };

type Answering = (each: Kept, question: string, content: Content, confirmed?: boolean) => State;

export function follow(each: Kept, intent: Intent, answer: Answering): State | null {
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
      const value = {
        name: "Elizabeth Marsh",
        role: "Data Protection Officer",
        date: "2026-11-22",
        signs: null,
      };
      return answer(each, intent.question, { state: "answered", value: { type: "sign_off", ...value } });
    }
  }
}

export const readDay = (day: string): string | null => {
  const [, dd, mm, yyyy] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(day.trim()) ?? [];
  return yyyy ? `${yyyy}-${mm?.padStart(2, "0")}-${dd?.padStart(2, "0")}` : null;
};

/** The answer that typing makes, and the ids of what had none. */
export function make(each: Kept, question: string, typed: Typed): { content: Content; new_ids: string[] } {
  const new_ids: string[] = [];
  const idOf = (id: string | null): string => {
    if (id === null) new_ids.push(crypto.randomUUID());
    return id ?? new_ids.at(-1) ?? "";
  };
  const answered = (value: Value): Content => ({ state: "answered", value });
  const now = each.state.answers[question]?.content ?? { state: "unanswered" };
  const content = ((): Content => {
    switch (typed.type) {
      case "words":
        return answered({ type: "rich_text", text: typed.text });
      case "reasons":
        return now.state === "answered" && now.value.type === "yes_no"
          ? answered({ ...now.value, reasoning: typed.text })
          : { state: "unknown", stated: typed.text };
      case "choice":
        return answered({ type: "choice", option: typed.option ?? "required", reason: typed.reasons });
      case "day": {
        const date = readDay(typed.day);
        return date ? answered({ type: "date", date, has_short_year: false }) : { state: "unanswered" };
      }
      case "rows":
        return answered({
          type: "table",
          rows: typed.rows.map(({ id, cells }) => ({
            id: idOf(id),
            cells: Object.fromEntries(
              Object.entries(cells).map(([column, cell]): [string, Cell] =>
                cell?.type === "day"
                  ? [column, { type: "date", date: readDay(cell.day) ?? "" }]
                  : [column, cell as Cell],
              ),
            ),
          })),
        });
      case "risks":
        return answered({
          type: "risks",
          risks: typed.risks.map(({ id, measures, ...rest }) => ({
            ...rest,
            id: idOf(id),
            measures: measures.map((measure) => ({
              ...measure,
              id: idOf(measure.id),
              due: readDay(measure.due),
            })),
          })),
        });
      case "sign_off":
        return answered({
          type: "sign_off",
          name: typed.name,
          role: typed.role,
          date: readDay(typed.day),
          signs: null,
        });
      case "not_applicable":
        return { state: "not_applicable", reason: typed.reason };
      case "nothing":
        return { state: "unanswered" };
      case "as_before":
        return each.past.at(-1)?.answers[question]?.content ?? { state: "unanswered" };
    }
  })();
  return { content, new_ids };
}

/** All answers, or those that changed since. */
export function answersSince(each: Kept, before: State | undefined): Update["answers"] {
  const questions = locateQuestions(each.form).map(({ question }) => question.id);
  const differs = (question: string) => each.state.answers[question] !== before?.answers[question];
  return Object.fromEntries(
    questions.filter(differs).map((question) => [question, each.state.answers[question] ?? null]),
  );
}

function stateOf(form: Form, answers: Partial<Record<string, Answer>>, question: Question): QuestionState {
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

export function measure(form: Form, answers: Partial<Record<string, Answer>>): Progress {
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

export function screen(form: Form, answers: Partial<Record<string, Answer>>): Screening {
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

export function summarise(each: Kept): Summary {
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

export function findWords(each: Kept, words: string): Hit[] {
  return Object.entries(each.state.answers).flatMap(([question, answer]): Hit[] => {
    const content = answer?.content ?? { state: "unanswered" };
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
export function someAnswers(form: Form, share: number): Partial<Record<string, Answer>> {
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
