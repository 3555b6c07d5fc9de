// What every question component is handed.

import type { Content, Question } from "../ipc/bindings";

export type QuestionProps = {
  question: Question;
  content: Content;
  /** The element that names the field, and the one that helps with it. */
  labelledby: string;
  describedby: string | undefined;
  /** Something was typed: kept at once, a history entry comes later. */
  ontype: (content: Content) => void;
  /** Something was chosen: one act, one history entry. */
  onchoose: (content: Content) => void;
  /** The field was left. */
  onleave: () => void;
};
