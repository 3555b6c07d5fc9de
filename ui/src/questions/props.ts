// What every question component is handed.

import type { Content, Question } from "../ipc/bindings";
import type { Fields } from "../state/fields";

export type QuestionProps = {
  question: Question;
  /** The answer, as Rust last said it. */
  content: Content;
  /** What was typed over it since. */
  fields: Fields | undefined;
  /** The element that names the field, and the one that helps with it. */
  labelledby: string;
  describedby: string | undefined;
  /** Something was typed: kept at once, a history entry comes later. */
  ontype: (fields: Fields) => void;
  /** Something was chosen: one act, one history entry. */
  onchoose: (fields: Fields) => void;
  /** The field was left. */
  onleave: () => void;
};
