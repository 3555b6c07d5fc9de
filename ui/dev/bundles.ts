// Bundles that come in and go out: who signed them, how they stand to what is here, and sealed ones.

import type { AppError, Imported, Provenance, Relation } from "../src/ipc/bindings";
import type { Door } from "../src/ipc/door";

const signer = {
  name: "Sam Łęcki, Data Protection Officer, Meadowbank Learning <sam.lecki@meadowbank.example>",
  fingerprint: "9f1c 22ab 7d3e 5a60 1b84 c9f7 60d2 3e15 88aa 4c07 b6d9 f013 7c52 e1a8 0d46 93bf",
  ended: null,
};
const provenances: Record<string, Provenance> = {
  known: { signature: { type: "known", signer }, brings: [] },
  unknown: { signature: { type: "unknown", signer }, brings: [] },
  ended: { signature: { type: "unknown", signer: { ...signer, ended: "2025-03-01T09:00:00Z" } }, brings: [] },
  brings: { signature: { type: "unsigned" }, brings: ["edition 2099.1", "pack meadowbank-2"] },
};
const provenanceOf = (name: string | null): Provenance =>
  provenances[name ?? ""] ?? { signature: { type: "unsigned" }, brings: [] };
const relations: Record<string, Relation> = {
  newer: { type: "newer", by: 3 },
  older: { type: "older", by: 1 },
  origin: { type: "diverged", here: 0, there: 0 },
};

/** What bringing in a file comes to, where a bundle is wished for. */
export const imitateImport = (wishes: URLSearchParams): Imported | null =>
  wishes.has("sealed")
    ? { type: "sealed", name: "Pupil Progress.dpia", ticket: 1 }
    : wishes.has("here")
      ? {
          type: "already_here",
          assessment: "pupil",
          product: "Pupil Progress",
          here: 41,
          in_bundle: 38,
          relation: relations[wishes.get("here") ?? ""] ?? { type: "diverged", here: 5, there: 2 },
          provenance: provenanceOf(wishes.get("from") ?? "known"),
          ticket: 1,
        }
      : wishes.has("from")
        ? {
            type: "asked",
            product: "Pupil Progress",
            provenance: provenanceOf(wishes.get("from")),
            ticket: 1,
          }
        : null;

export const unsealImport: Door["unsealImport"] = async (ticket, passphrase) => {
  if (passphrase !== "open sesame") {
    throw {
      code: "wrong_secret",
      message: "This passphrase does not open the bundle. Type it again, or ask its sender.",
      detail: null,
    } satisfies AppError;
  }
  return {
    type: "asked",
    product: "Pupil Progress",
    provenance: provenanceOf("unknown"),
    ticket: ticket + 1,
  };
};

export const exportSealedBundle: Door["exportSealedBundle"] = async (_id, passphrase) => {
  if (passphrase.length < 15) {
    throw {
      code: "wrong_secret",
      message:
        "A passphrase needs 15 characters or more; this has few. Four or five words that do not belong together are a good one.",
      detail: null,
    } satisfies AppError;
  }
  return { file: { name: "Pupil Progress.dpia", bytes: 52_000, pages: null, signing: "signed" }, place: 1 };
};
