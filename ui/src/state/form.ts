// Finding one's way in a form: which section holds a question, what comes next. Order only; what counts as open is
// Rust's word.

import type { Form, Part, Progress, Question, QuestionState, Section } from "../ipc/bindings";

export type Located = { question: Question; section: Section; part: Part; number: number; of: number };

export function questionsOf(section: Section): Question[] {
  return section.items.flatMap((item) => (item.type === "question" ? [item.question] : []));
}

/** Every question with the section it is in and its number there, in the order of the form. */
export function locateQuestions(form: Form): Located[] {
  return form.parts.flatMap((part) =>
    part.sections.flatMap((section) => {
      const questions = questionsOf(section);
      return questions.map((question, index) => ({
        question,
        section,
        part,
        number: index + 1,
        of: questions.length,
      }));
    }),
  );
}

/** The sections to move through: all that hold something to write or to look at. */
export function sectionsOf(form: Form): { section: Section; part: Part }[] {
  return form.parts.flatMap((part) => part.sections.map((section) => ({ section, part })));
}

export function stateOf(progress: Progress, question: string): QuestionState {
  for (const section of progress.sections) {
    const found = section.questions.find((each) => each.question === question);
    if (found) return found.state;
  }
  return "open";
}

/** The next question that waits for somebody after this one, going round at the end. */
export function nextWaiting(
  located: Located[],
  progress: Progress,
  after: string | null,
): Located | undefined {
  const states = new Map(
    progress.sections.flatMap((section) => section.questions.map((q) => [q.question, q.state])),
  );
  const waits = (each: Located) => ["open", "to_confirm"].includes(states.get(each.question.id) ?? "");
  const here = located.findIndex((each) => each.question.id === after);
  return [...located.slice(here + 1), ...located.slice(0, here + 1)].find(waits);
}

/** Whether the section needs the width of a table. */
export function isWide(section: Section): boolean {
  return section.items.some(
    (item) =>
      item.type === "risk_map" ||
      item.type === "risk_measures" ||
      (item.type === "question" &&
        (item.question.kind.type === "table" || item.question.kind.type === "risk_register")),
  );
}
