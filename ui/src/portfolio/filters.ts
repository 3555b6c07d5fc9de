// What the side list picks out, by the counts that Rust keeps.

import type { IconName } from "../components/icons";
import type { Summary } from "../ipc/bindings";

export type FilterId = "all" | "to_confirm" | "to_answer" | "answered";

export const filters: Record<FilterId, { words: string; icon: IconName; has: (each: Summary) => boolean }> = {
  all: { words: "All assessments", icon: "inbox", has: () => true },
  to_confirm: { words: "To confirm", icon: "question", has: ({ counts }) => counts.to_confirm > 0 },
  to_answer: { words: "To answer", icon: "pencil", has: ({ counts }) => counts.open > 0 },
  answered: {
    words: "Answered",
    icon: "check",
    has: ({ counts }) => counts.open === 0 && counts.to_confirm === 0,
  },
};
