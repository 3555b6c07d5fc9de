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
export type Cell =
  | { type: "text"; text: string }
  | { type: "link"; label: string; address: string | null }
  | { type: "date"; date: string }
  | { type: "choice"; option: string };
export type Row = { id: string; cells: Record<string, Cell> };
export type Effect = "eliminated" | "reduced" | "accepted";
export type Measure = {
  id: string;
  description: string;
  owner: string;
  due: string | null;
  effect: Effect | null;
};
export type Risk = {
  id: string;
  source: string;
  harm: string;
  likelihood: string | null;
  severity: string | null;
  measures: Measure[];
  residual_likelihood: string | null;
  residual_severity: string | null;
  is_approved: boolean | null;
};
export type Value =
  | { type: "rich_text"; text: RichText }
  | { type: "ticks"; ticks: Record<string, Tick>; other: RichText | null }
  | { type: "yes_no"; is_yes: boolean; reasoning: RichText | null }
  | { type: "table"; rows: Row[] }
  | { type: "date"; date: string; has_short_year: boolean }
  | { type: "choice"; option: string; reason: RichText | null }
  | { type: "sign_off"; name: string; role: string; date: string | null; signs: string | null }
  | { type: "risks"; risks: Risk[] };
export type Content =
  | { state: "unanswered" }
  | { state: "unknown"; stated: RichText | null }
  | { state: "answered"; value: Value }
  | { state: "not_applicable"; reason: string }
  | { state: "withheld" };
export type Origin =
  | { type: "typed"; by: string; at: string }
  | { type: "imported"; document: string; at: string }
  | { type: "confirmed"; by: string; at: string };
export type Answer = { content: Content; origin: Origin | null };

export type Place = { line: number; heading: string; question: string | null };
export type Unplaced = { id: string; text: RichText; place: Place };
export type DocumentDate =
  | { state: "unanswered" }
  | { state: "unknown"; as_written: string }
  | { state: "known"; date: string; has_short_year: boolean };
export type Details = {
  product: string;
  date: DocumentDate;
  version: string | null;
  author: string | null;
  copyright_year: number | null;
};

// ---- How far it is ---------------------------------------------------------------------------------------------

export type QuestionState = "answered" | "to_confirm" | "open" | "not_asked" | "withheld";
export type QuestionProgress = { question: string; state: QuestionState };
export type Counts = { answered: number; to_confirm: number; open: number };
export type SectionProgress = {
  section: string;
  is_internal: boolean;
  counts: Counts;
  questions: QuestionProgress[];
};
export type Progress = { counts: Counts; sections: SectionProgress[] };

export type Outcome = "open" | "required" | "not_required" | "undetermined";
export type ResultState = "follows" | "recorded" | "overridden" | "reason_missing" | "to_confirm" | "open";
export type Screening = {
  outcome: Outcome;
  ticked: number;
  unknown: number;
  result: string | null;
  result_state: ResultState;
};

// ---- What the window is told -----------------------------------------------------------------------------------

/** A refusal or a failure: a code where somebody acts on it, a sentence, and more for those who want it. */
export type Failure = { code: string; message: string; detail: string | null };
export type Person = { name: string; role: string; organisation: string; email: string };

/** What an edit, an undo or a redo may have changed. */
export type Update = {
  revision: number;
  details: Details;
  answers: Record<string, Answer>;
  unplaced: Unplaced[];
  progress: Progress;
  screening: Screening;
  /** Sign-offs after which something was changed. */
  changed_since_sign_off: string[];
  can_undo: boolean;
  can_redo: boolean;
  saved_at: string;
};
export type AssessmentView = { id: string; form: Form; now: Update };

/** Something to do to an assessment; what it means is Rust's to say. */
export type Intent =
  | { type: "set_content"; question: string; content: Content }
  | { type: "tick"; question: string; option: string; is_ticked: boolean }
  | { type: "tick_none"; question: string }
  | { type: "confirm"; question: string }
  | { type: "answer_yes_no"; question: string; is_yes: boolean }
  | { type: "add_row"; question: string; at: number | null; cells: Record<string, Cell> }
  | { type: "replace_row"; question: string; row: Row }
  | { type: "add_risk"; question: string; source: string; harm: string }
  | { type: "replace_risk"; question: string; risk: Risk }
  | { type: "remove_row"; question: string; row: string }
  | { type: "move_row"; question: string; row: string; to: number }
  | { type: "set_details"; details: Details }
  | { type: "place_piece"; piece: string; question: string }
  | { type: "remove_piece"; piece: string }
  | { type: "sign_off"; question: string; name: string; role: string; date: string };

/** One section's counts in the list, in the groups of the form: Part 1, Part 2, internal. */
export type Summary = {
  id: string;
  product: string;
  edition: string;
  changed_at: string;
  next_review: string | null;
  counts: Counts;
  groups: Counts[][];
};
export type Hit = {
  assessment: string;
  /** None where the words stand elsewhere, such as in the product's name. */
  question: string | null;
  label: string;
  before: string;
  found: string;
  after: string;
};

export type ReportItem = { place: string; words: string; reason: string | null };
export type ImportView = {
  assessment: string;
  document: string;
  product: string;
  edition: string;
  placed: ReportItem[];
  unknown: ReportItem[];
  unplaced: ReportItem[];
  differences: ReportItem[];
  left_out: ReportItem[];
};
export type Imported =
  | { type: "document"; report: ImportView }
  | { type: "bundle"; assessment: string }
  | {
      type: "already_here";
      assessment: string;
      product: string;
      here: number;
      in_bundle: number;
      ticket: number;
    };
/** What becomes of a bundle whose assessment is here already. */
export type ImportAnswer = "replace" | "keep_both" | "leave";

export type Start =
  { state: "ready"; person: Person | null; is_first_run: boolean } | { state: "locked"; failure: Failure };
export type Written = { name: string; bytes: number; pages: number | null };
export type Picture = { id: string; address: string };
export type Copy = { type: "internal" } | { type: "customer"; client: string };
