// The door as Tauri opens it. Each method is one command; names and shapes are Rust's.

import { invoke } from "@tauri-apps/api/core";

import type { Door } from "./door";

export const tauriDoor: Door = {
  start: () => invoke("start"),
  savePerson: (person) => invoke("save_person", { person }),
  listAssessments: () => invoke("list_assessments"),
  search: (words) => invoke("search", { words }),
  createAssessment: (product) => invoke("create_assessment", { product }),
  binAssessment: (id) => invoke("bin_assessment", { id }),
  restoreAssessment: (id) => invoke("restore_assessment", { id }),
  openAssessment: (id) => invoke("open_assessment", { id }),
  importFile: () => invoke("import_file"),
  settleImport: (ticket, answer) => invoke("settle_import", { ticket, answer }),
  saveAnswer: (id, question, content, settles) => invoke("save_answer", { id, question, content, settles }),
  edit: (id, intent) => invoke("edit", { id, intent }),
  undo: (id) => invoke("undo", { id }),
  redo: (id) => invoke("redo", { id }),
  addPicture: (id) => invoke("add_picture", { id }),
  readPicture: (attachment) => invoke("read_picture", { attachment }),
  exportPdf: (id, copy, signs) => invoke("export_pdf", { id, copy, isSigned: signs }),
  exportBundle: (id) => invoke("export_bundle", { id }),
};
