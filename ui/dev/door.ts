// A door to fixtures, kept in memory. It imitates what Rust answers just far enough to look at every state.

import type { Door } from "../src/ipc/door";
import type {
  Answer,
  AppError,
  AssessmentView,
  Brand,
  Content,
  Fact,
  Form,
  IdentityView,
  ImportView,
  MissingLetter,
  Person,
  PreviewView,
  SignatureFacts,
  Update,
  Verification,
  Verified,
} from "../src/ipc/bindings";
import { plainRuns, toPlainText } from "../src/rich-text/mapping";
import { locateQuestions } from "../src/state/form";
import { pupilProgress, unplaced } from "./answers";
import {
  answersSince,
  findWords,
  follow,
  make,
  measure,
  readDay,
  screen,
  someAnswers,
  summarise,
  type Kept,
  type State,
} from "./imitation";
import preview from "./fixtures/preview.json";
import previewAddress from "./fixtures/preview.pdf?url";
import { makeBackups } from "./backups";
import { exportSealedBundle, imitateImport, unsealImport } from "./bundles";
import { makeHistory } from "./history";
import { makeIssuing } from "./issuing";
import { imitateWays, makeKeys } from "./keys";
import form20252 from "./fixtures/form-2025.2.json";
import form20261 from "./fixtures/form-2026.1.json";

const elizabeth: Person = {
  name: "Elizabeth Marsh",
  role: "Data Protection Officer",
  organisation: "Juniper Education",
  email: "dpo@junipereducation.org",
};

const identity: IdentityView = {
  name: "Elizabeth Marsh",
  role: "Data Protection Officer",
  organisation: "Juniper Education",
  email: "dpo@junipereducation.org",
  fingerprint: "5D2A 61F0 9C1B 7E44 0A3C 88D1 4F6E 2B97 C05A 13EE 7B62 D940 6F1C A8B3 2E57 9D04",
  not_after: "2029-11-01T08:00:00Z",
  days_left: 1075,
  life: "in_force",
  origin: "made_here",
  earlier: [],
};
const soon: IdentityView = {
  ...identity,
  not_after: "2026-12-24T08:00:00Z",
  days_left: 32,
  life: "ends_soon",
  earlier: [
    {
      fingerprint: "A1C0 77E2 13B9 4D08 5E61 F2AA 9C33 0B17 64DE 81F5 20C9 7A4B 3E96 D508 1F72 BB60",
      not_after: "2025-12-01T08:00:00Z",
      origin: "brought",
      replaced_at: "2025-11-12T10:00:00Z",
    },
  ],
};

const juniper: Brand = {
  wordmark: "Juniper",
  logo: null,
  accent: "#0b4a50",
  second: "#5b2a6b",
  paper: "#f6f2e9",
  slogan: "WE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN",
  header: "Juniper Data Protection Impact Assessment",
  footer: "WE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN",
  site: "Junipereducation.org",
  copyright_holder: "Juniper Education Services Ltd",
  copyright_text: "All rights reserved. This publication is the intellectual property of Juniper Education.",
};
const isPale = (brand: Brand) => brand.accent.startsWith("#9");
const pale: AppError = {
  code: "refused",
  message:
    "The accent colour #9bc4c4 has a contrast of 1.9 to 1 with white; text needs 4.5 to 1: choose a darker one",
  detail: null,
};

const yes = (words: string): Fact => ({ answer: "yes", words });
const no = (words: string): Fact => ({ answer: "no", words });
const signature: SignatureFacts = {
  field: "Signature",
  is_timestamp: false,
  who: "Elizabeth Marsh, Data Protection Officer, Juniper Education <dpo@junipereducation.org>",
  intact: yes("every byte is as it was signed"),
  valid: yes("made with the key of its certificate"),
  trusted: yes("it is the certificate named"),
  covers: yes("the whole file"),
  attachment: yes("the one that the document was printed from"),
  claimed: "2026-11-22T09:30:00Z",
  dates: null,
  stamped: null,
  certificate: {
    fingerprint: "5D2A 61F0 9C1B 7E44 0A3C 88D1 4F6E 2B97 C05A 13EE 7B62 D940 6F1C A8B3 2E57 9D04",
    not_before: "2026-11-01T08:00:00Z",
    not_after: "2029-11-01T08:00:00Z",
  },
};
const found: Verification = {
  kind: "pdf",
  verdict: "trusted",
  is_sound: true,
  reason: null,
  product: "Pupil Progress",
  empty_fields: 0,
  awaits_countersignature: false,
  signatures: [signature],
  attachment: yes("the one that the document was printed from"),
};
const verified: Record<string, Verified> = {
  sound: { name: "DPIA Pupil Progress - Example Trust.pdf", place: 0, found },
  damaged: {
    name: "DPIA Pupil Progress - Example Trust.pdf",
    place: 0,
    found: {
      ...found,
      verdict: "changed",
      is_sound: false,
      product: null,
      attachment: no("not the one that the document was printed from"),
      signatures: [
        {
          ...signature,
          intact: no("the content was changed after it was signed; 412 bytes were added after it was signed"),
          trusted: no("another certificate signed"),
          covers: no("the first 90818 bytes; 412 bytes came after"),
          attachment: no("not the one that the document was printed from"),
          dates: "that is after the certificate's life",
        },
      ],
    },
  },
  open: {
    name: "DPIA Pupil Progress - Example Trust.pdf",
    place: 0,
    found: { ...found, awaits_countersignature: true },
  },
  unsigned: {
    name: "Draft.pdf",
    place: 0,
    found: { ...found, verdict: "not_signed", is_sound: false, signatures: [], empty_fields: 1 },
  },
  cut: {
    name: "Download.pdf",
    place: 0,
    found: {
      ...found,
      verdict: "cut_off",
      is_sound: false,
      reason: "The PDF has no end: it was cut off on the way; fetch it or ask for it again",
      product: null,
      signatures: [],
    },
  },
  foreign: {
    name: "Contract.pdf",
    place: 0,
    found: {
      ...found,
      verdict: "not_judged",
      is_sound: false,
      product: null,
      signatures: [
        {
          ...signature,
          valid: {
            answer: "unknown",
            words: "the algorithm 1.2.840.10040.4.3 is not one that can be checked here",
          },
          trusted: no("another certificate signed"),
          stamped: "2026-11-22T09:30:05Z by Example Timestamps, which is not known to be trusted",
        },
      ],
    },
  },
};

const missing: MissingLetter[] = [
  { letter: "世", words: "known as 世界 in its home market", section: "Purpose of the processing" },
  { letter: "界", words: "known as 世界 in its home market", section: "Purpose of the processing" },
];

export function makeDoor(wishes: URLSearchParams): Door {
  const start = wishes.get("start");
  let person: Person | null = start === "first_run" || wishes.has("nobody") ? null : elizabeth;
  const kept = new Map<string, Kept>();
  const keep = (
    id: string,
    form: Form,
    product: string,
    answers: Partial<Record<string, Answer>>,
    changed: string,
  ) =>
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
  const update = (each: Kept, before?: State): Update => ({
    revision: each.past.length,
    ...each.state,
    answers: answersSince(each, before),
    progress: measure(each.form, each.state.answers),
    screening: screen(each.form, each.state.answers),
    changed_since_sign_off: [],
    can_undo: each.past.length > 0,
    can_redo: each.future.length > 0,
    saved_at: new Date().toISOString(),
  });
  const settle = (each: Kept, state: State): Update => {
    const before = each.state;
    each.past.push(before);
    each.future = [];
    each.state = state;
    return update(each, before);
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
  let brand = juniper;
  let finishExport: (value: unknown) => void = () => undefined;
  let isCancelled = false;

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
          ways: imitateWays(wishes),
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
      const id = crypto.randomUUID();
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
      return { id, form: each.form, now: update(each), typed: {} };
    },
    watchGiven: async () => undefined,
    importGivenFile: async () => null,
    importFile: async () => imitateImport(wishes) ?? { type: "document", report },
    settleImport: async () => null,
    unsealImport,
    readDay: async (day) => {
      const date = readDay(day);
      if (date) return date;
      throw { code: "refused", message: "Write day, month and year.", detail: null } satisfies AppError;
    },
    saveAnswer: async (id, question, typed, settles) => {
      await new Promise((resolve) => setTimeout(resolve, Number(wishes.get("slow") ?? 3)));
      if (wishes.has("full")) {
        throw {
          code: "not_saved",
          message: "The disk is full. Keep this window open, free some space, then try again.",
          detail: null,
        } satisfies AppError;
      }
      const each = find(id);
      const { content, new_ids } = make(each, question, typed);
      const saved = { saved_at: new Date().toISOString(), new_ids, is_whole: true, update: null };
      return settles ? { ...saved, update: settle(each, answer(each, question, content)) } : saved;
    },
    edit: async (id, intent) => {
      const each = find(id);
      const next = follow(each, intent, answer);
      return next ? settle(each, next) : update(each);
    },
    undo: async (id) => {
      const each = find(id);
      const now = each.state;
      const before = each.past.pop();
      if (before) {
        each.future.push(now);
        each.state = before;
      }
      return update(each, now);
    },
    redo: async (id) => {
      const each = find(id);
      const now = each.state;
      const after = each.future.pop();
      if (after) {
        each.past.push(now);
        each.state = after;
      }
      return update(each, now);
    },
    drawPreview: async () => {
      if (wishes.has("undrawn"))
        throw {
          code: "refused",
          message: "The brand's accent cannot be read on white.",
          detail: null,
        } satisfies AppError;
      return preview as PreviewView;
    },
    takePreview: async () => (await globalThis.fetch(previewAddress)).arrayBuffer(),
    addPicture: async () => ({ id: "ab".repeat(32), address: picture }),
    readPicture: async (id) => ({ id, address: picture }),
    findMissingLetters: async () => (wishes.has("letters") ? missing : []),
    exportPdf: async (_id, _request, stages) => {
      stages.onmessage("drawing");
      if (wishes.has("slowly")) await new Promise((resolve) => (finishExport = resolve));
      return isCancelled
        ? null
        : { file: { name: "Pupil Progress.pdf", bytes: 91_230, pages: 11, signing: null }, place: 0 };
    },
    cancelExport: async () => {
      isCancelled = true;
      finishExport(undefined);
    },
    exportSealedBundle,
    exportBundle: async () => ({
      file: { name: "Pupil Progress.dpia", bytes: 32_100, pages: null, signing: "signed" },
      place: 1,
    }),
    showInFolder: async () => null,
    verifyFile: async () => verified[wishes.get("verify") ?? "sound"] ?? null,
    countersignVerified: async () => verified["sound"] ?? null,
    openVerified: async () => ({ type: "bundle", assessment: "pupil" }),
    readIdentity: async () => (wishes.has("unsigned") ? null : wishes.has("soon") ? soon : identity),
    bringIdentity: async () => ({ ...identity, origin: "brought" as const }),
    renewIdentity: async () => ({ ...identity, earlier: soon.earlier }),
    exportCertificate: async () => ({ name: "certificate.pem", bytes: 1_104, pages: null, signing: null }),
    readLog: async () => "2026-11-30T09:00:00Z started 0.3.0 linux x86_64\n",
    about: async () => ({
      version: "0.1.0",
      notices:
        "DPIA Editor is made with the work of others. Thank you.\n\n" +
        Array.from(
          { length: 80 },
          (_, at) => `package-${at} 1.0.${at} — MIT — https://example.org/package-${at}`,
        ).join("\n"),
    }),
    readBrand: async () => ({ brand, logo: null, standard: brand }),
    saveBrand: async (next) => {
      if (isPale(next)) throw pale;
      brand = next;
      return { brand, logo: null, standard: juniper };
    },
    drawBrand: async (next) => {
      if (isPale(next)) throw pale;
      return { number: 1, pages: 6, places: [] };
    },
    takeLogo: async () => ({ id: "ab".repeat(32), address: picture }),
    ...makeKeys(wishes),
    ...makeBackups(wishes),
    ...makeHistory(wishes, { find, settle, answer }),
    ...makeIssuing(wishes, (id) => find(id).state.details.product),
  };
}

const prompts = locateQuestions(form20252 as unknown as Form);
const report: ImportView = {
  assessment: "pupil",
  document: "2025-07-04-pupil-progress.txt",
  product: "Pupil Progress",
  edition: "2025.2",
  questions_found: 29,
  questions_asked: 30,
  remarks: [],
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
