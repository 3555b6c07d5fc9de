// The history, imitated: ?history=broken (it does not hold), ?history=none (nothing was changed yet).

import type { Door } from "../src/ipc/door";
import type {
  AppError,
  Answer,
  Comparison,
  Content,
  HistoryTrouble,
  HistoryView,
  PastAnswer,
  Piece,
  Step,
  Update,
} from "../src/ipc/bindings";
import type { Kept, State } from "./imitation";

type HistoryCalls =
  | "pastAnswers"
  | "bringBack"
  | "readHistory"
  | "keepVersion"
  | "compareMoments"
  | "findHistoryTrouble"
  | "exportHistory"
  | "exportComparison"
  | "exportWithoutHistory";

type Hands = {
  find: (id: string) => Kept;
  settle: (each: Kept, state: State) => Update;
  answer: (each: Kept, question: string, content: Content) => State;
};

const trouble: HistoryTrouble = {
  number: 8,
  words: "Entry 8 of the history does not follow the one before it: one of them was altered.",
};
const same = (text: string): Piece => ({ kind: "same", text });
const removed = (text: string): Piece => ({ kind: "removed", text });
const added = (text: string): Piece => ({ kind: "added", text });

const days = ["2026-11-22", "2026-11-20", "2026-11-19"];
const asked = ["purpose.aims", "disclosure.recipients", "processing.data", "retention.periods"];
const steps: Step[] = Array.from({ length: 24 }, (_, at) => ({
  number: 24 - at,
  person: at % 7 === 5 ? "Tom Okafor" : "Elizabeth Marsh",
  at: `${days[Math.floor(at / 8)]}T${String(16 - (at % 8)).padStart(2, "0")}:12:00Z`,
  is_undo: at === 3,
  questions: at === 6 ? [] : [asked[at % asked.length] ?? ""],
  besides: at === 6 ? ["Version “Sent to the board” kept"] : [],
}));
const view: HistoryView = {
  versions: [
    {
      number: 18,
      name: "Sent to the board",
      is_sign_off: false,
      person: "Elizabeth Marsh",
      at: "2026-11-22T10:12:00Z",
      changes_since: 6,
    },
    {
      number: 9,
      name: "Signed off: DPIA Screening Questions",
      is_sign_off: true,
      person: "Elizabeth Marsh",
      at: "2026-11-20T09:12:00Z",
      changes_since: 14,
    },
  ],
  steps,
};
const comparison: Comparison = {
  from: { number: 18, at: "2026-11-22T10:12:00Z", name: "Sent to the board" },
  to: { number: 24, at: "2026-11-22T16:12:00Z", name: null },
  changes: 6,
  places: [
    {
      question: null,
      section: "What stands on the cover",
      words: "What stands on the cover",
      differences: [{ type: "words", label: "Version", pieces: [added("2")] }],
    },
    {
      question: "processing.data",
      section: "About the Processing",
      words: "What data will be processed?",
      differences: [
        { type: "state", before: "To be confirmed", after: "Answered" },
        { type: "tick", label: "Information about behaviour", before: "to be confirmed", after: "ticked" },
      ],
    },
    {
      question: "retention.periods",
      section: "Retention",
      words: "How long will the data be kept?",
      differences: [
        {
          type: "words",
          label: "",
          pieces: [
            same("The data of a school is kept for "),
            removed("six years"),
            added("ninety days"),
            same(" after its contract ends, and is then deleted"),
            added(" from every backup as well"),
            same("."),
          ],
        },
      ],
    },
    {
      question: "disclosure.recipients",
      section: "Disclosure and Sharing",
      words: "Who will the data be shared with?",
      differences: [
        {
          type: "row",
          fate: "changed",
          name: "HubSpot",
          cells: [{ label: "Country", pieces: [removed("EU"), added("US")] }],
        },
        {
          type: "row",
          fate: "added",
          name: "Mailgun",
          cells: [
            { label: "Name", pieces: [added("Mailgun")] },
            { label: "Purpose", pieces: [added("Sends reports by e-mail")] },
          ],
        },
        { type: "row", fate: "removed", name: "Loom", cells: [{ label: "Name", pieces: [removed("Loom")] }] },
        { type: "row", fate: "moved", name: "Google", cells: [] },
      ],
    },
    {
      question: "purpose.aims",
      section: "Purpose of the Processing",
      words: "What do you want to achieve?",
      differences: [{ type: "setting" }],
    },
  ],
};
const written = (name: string) => ({ file: { name, bytes: 18_000, pages: null, signing: null }, place: 7 });

export function makeHistory(
  wishes: URLSearchParams,
  { find, settle, answer }: Hands,
): Pick<Door, HistoryCalls> {
  const kept = [...view.versions];
  const shown = (): HistoryView =>
    wishes.get("history") === "none" ? { versions: [], steps: [] } : { versions: [...kept], steps };
  return {
    pastAnswers: async (id, question) => {
      const each = find(id);
      const found: PastAnswer[] = [];
      [each.state, ...each.past.toReversed()].forEach((state, index) => {
        const content: Answer["content"] = state.answers[question]?.content ?? { state: "unanswered" };
        const words =
          content.state === "answered" ? JSON.stringify(content.value).match(/"text":"[^"]+"/g) : null;
        const lines = words?.map((text) => text.slice(8, -1)) ?? [content.state.replace("_", " ")];
        const number = each.past.length - index;
        const [person, at] = number === 0 ? [null, null] : ["Elizabeth Marsh", "2026-11-20T14:32:00Z"];
        const answer = { number, person, at, is_undo: false, lines, content };
        if (JSON.stringify(found.at(-1)?.content) === JSON.stringify(content)) found.pop();
        found.push(answer);
      });
      return found;
    },
    bringBack: async (id, question, number) => {
      const each = find(id);
      const then = [...each.past, each.state][number]?.answers[question]?.content ?? { state: "unanswered" };
      return settle(each, answer(each, question, then));
    },
    readHistory: async () => shown(),
    keepVersion: async (id, name) => {
      if (name.trim() === "")
        throw { code: "refused", message: "A version needs a name", detail: null } satisfies AppError;
      const at = new Date().toISOString();
      const version = { number: 25, name, is_sign_off: false, person: "Elizabeth Marsh", at };
      kept.unshift({ ...version, changes_since: 0 });
      const each = find(id);
      return settle(each, each.state);
    },
    compareMoments: async (_id, from, to) =>
      wishes.get("history") === "none" || JSON.stringify(from) === JSON.stringify(to)
        ? { ...comparison, changes: 0, places: [] }
        : comparison,
    findHistoryTrouble: async () => (wishes.get("history") === "broken" ? trouble : null),
    exportHistory: async () => written("Pupil Progress history.csv"),
    exportComparison: async () => written("Pupil Progress changes.csv"),
    exportWithoutHistory: async () => written("Pupil Progress.dpia"),
  };
}
