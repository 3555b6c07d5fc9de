// What crosses the door to Rust, written down once. Every rule about these values lives in Rust; here are shapes only.

// ---- Rich text -------------------------------------------------------------------------------------------------

export type Link = { address: string | null };
export type TextRun = { type: "text"; text: string; bold: boolean; italic: boolean; link: Link | null };
export type Run = TextRun | { type: "break" };
export type ListItem = { blocks: Block[] };
export type Block =
  | { type: "paragraph"; runs: Run[] }
  | { type: "bulleted_list"; items: ListItem[] }
  | { type: "numbered_list"; start: number; items: ListItem[] }
  | { type: "picture"; attachment: string; description: string; caption: string };
export type RichText = { blocks: Block[] };

// ---- The form --------------------------------------------------------------------------------------------------

export type Opt = { id: string; label: string };
export type ColumnKind =
  | { type: "text" }
  | { type: "country" }
  | { type: "link" }
  | { type: "date" }
  | { type: "choice"; options: Opt[] };
export type Column = { id: string; label: string; kind: ColumnKind };
export type QuestionKind =
  | { type: "rich_text"; allows_pictures: boolean }
  | { type: "tick_list"; options: Opt[]; other: string | null }
  | { type: "tick_grid"; options: Opt[]; columns: number }
  | { type: "yes_no"; yes: string; no: string; reasoning: Run[] | null }
  | { type: "table"; columns: Column[] }
  | { type: "date" }
  | { type: "choice"; options: Opt[] }
  | { type: "sign_off" }
  | { type: "risk_register" };
export type Guidance = { title: string; paragraphs: Run[][]; source: string | null };
export type ConditionValue = "yes" | "no" | { option: string };
export type Condition = { question: string; is: ConditionValue };
export type Question = {
  id: string;
  prompt: Run[];
  help: Run[][];
  kind: QuestionKind;
  condition: Condition | null;
  is_addition: boolean;
  guidance: Guidance | null;
};
export type SectionItem =
  | { type: "text"; paragraphs: Run[][] }
  | { type: "question"; question: Question }
  | { type: "risk_map"; register: string }
  | { type: "risk_measures"; register: string }
  | { type: "guidance_notes" }
  | { type: "risk_examples" };
export type Section = { id: string; title: string; is_internal: boolean; items: SectionItem[] };
export type Part = { id: string; title: string; sections: Section[] };
export type ScreeningRule = { lists: string[]; result: string; required: string; not_required: string };
export type ScaleStep = { id: string; label: string };
export type RiskScales = {
  likelihood: ScaleStep[];
  severity: ScaleStep[];
  levels: ScaleStep[];
  /** The level of each pair: a row a severity, a column a likelihood. */
  matrix: string[][];
};
export type RiskExample = { source: string; harm: string; measures: string[] };
export type Form = {
  edition: string;
  pack: string;
  title: string;
  parts: Part[];
  screening: ScreeningRule;
  scales: RiskScales;
  risk_examples: RiskExample[];
};

// ---- Answers ---------------------------------------------------------------------------------------------------

export type Tick = "ticked" | "not_ticked" | "unknown";
export type Cell = { type: "text"; text: string } | { type: "link"; label: string; address: string };
export type Row = { id: string; cells: Record<string, Cell> };
export type Measure = {
  id: string;
  description: string;
  owner: string;
  due: string | null;
  effect: string | null;
};
export type Risk = {
  id: string;
  description: RichText;
  likelihood: string | null;
  severity: string | null;
  measures: Measure[];
  residual_likelihood: string | null;
  residual_severity: string | null;
  approved: boolean | null;
};
export type Value =
  | { type: "rich_text"; text: RichText }
  | { type: "ticks"; ticks: Record<string, Tick>; other: RichText | null }
  | { type: "yes_no"; is_yes: boolean; reasoning: RichText | null }
  | { type: "table"; rows: Row[] }
  | { type: "date"; date: string }
  | { type: "choice"; option: string; reason: RichText | null }
  | { type: "sign_off"; name: string; role: string; date: string | null }
  | { type: "risks"; risks: Risk[] };
export type Content =
  | { state: "unanswered" }
  | { state: "unknown"; stated: RichText | null }
  | { state: "answered"; value: Value }
  | { state: "not_applicable"; reason: RichText }
  | { state: "withheld" };
export type Origin =
  | { type: "typed"; by: string; at: string }
  | { type: "imported"; document: string; at: string }
  | { type: "confirmed"; by: string; at: string };
export type Answer = { content: Content; origin: Origin | null };

// ---- What the window is told -----------------------------------------------------------------------------------

/** A refusal or a failure: a code where somebody acts on it, a sentence, and more for those who want it. */
export type Failure = { code: string; message: string; detail: string | null };
export type Person = { name: string; role: string; organisation: string; email: string };

export type QuestionState = "answered" | "to_confirm" | "open" | "not_asked";
export type SectionState = "answered" | "part_answered" | "to_confirm" | "not_started";
export type SectionProgress = {
  id: string;
  state: SectionState;
  total: number;
  answered: number;
  to_confirm: number;
  to_answer: number;
};
export type Progress = {
  total: number;
  answered: number;
  to_confirm: number;
  to_answer: number;
  sections: SectionProgress[];
  questions: Record<string, QuestionState>;
};

export type ScreeningOutcome = "open" | "required" | "not_required" | "undetermined";
export type Screening = {
  outcome: ScreeningOutcome;
  /** The result somebody recorded, in the form's words, where it is not simply what follows from the ticks. */
  recorded: string | null;
  is_overridden: boolean;
};

export type Unplaced = { id: string; text: RichText; place: string };

export type AssessmentView = {
  id: string;
  title: string;
  edition: string;
  pack: string;
  form: Form;
  revision: number;
  answers: Record<string, Answer>;
  unplaced: Unplaced[];
  progress: Progress;
  screening: Screening;
  can_undo: boolean;
  can_redo: boolean;
  saved_at: string;
};
/** What an edit, an undo or a redo changed. */
export type Update = Omit<AssessmentView, "id" | "edition" | "pack" | "form"> & {
  /** What was done, in words, where it is worth saying: "Loom removed". */
  said: string | null;
};

export type Summary = {
  id: string;
  title: string;
  edition: string;
  changed_at: string;
  next_review: string | null;
  progress: Progress;
  /** The sections in groups, as the form has them: Part 1, Part 2, internal. */
  groups: string[][];
};
export type Hit = {
  assessment: string;
  question: string;
  label: string;
  before: string;
  match: string;
  after: string;
};

export type ReportItem = { where: string; what: string; why: string | null };
export type ImportReport = {
  assessment: string;
  document: string;
  title: string;
  edition: string;
  placed: ReportItem[];
  unknown: ReportItem[];
  unplaced: ReportItem[];
  left_out: ReportItem[];
};
export type Start =
  { state: "ready"; person: Person | null; is_first_run: boolean } | { state: "locked"; failure: Failure };
export type Copy = "internal" | "customer";
