// What was found, said to somebody who has never checked a signature.

import type { Fact, FactAnswer, SignatureFacts, Verification } from "../ipc/bindings";

export type FactRow = { id: string; name: string; fact: Fact; explanation: string };

const answers: Record<FactAnswer, string> = {
  yes: "Yes",
  no: "No",
  not_asked: "Not known",
  unknown: "Cannot be told",
};

export const sayAnswer = (answer: FactAnswer): string => answers[answer];

/** The whole in a few words. */
export function sayVerdict(found: Verification): string {
  const { signatures } = found;
  if (signatures.length === 0) return "Not signed";
  const some = (name: "intact" | "valid" | "trusted", answer: FactAnswer) =>
    signatures.some((each) => each[name].answer === answer);
  if (some("intact", "no")) return "Changed after it was signed";
  if (some("valid", "no")) return "The signature does not hold";
  if (some("trusted", "no")) return "Signed and unchanged, by somebody else";
  if (some("trusted", "not_asked")) return "Signed and unchanged; the signer is not known here";
  return "Signed and unchanged";
}

/** Three facts that say nothing of one another. */
export function listFacts(signature: SignatureFacts): FactRow[] {
  const { intact, valid, trusted } = signature;
  const trust: Record<FactAnswer, string> = {
    yes: "it is your own certificate, or it was issued by it.",
    no: "it is another certificate than yours. Compare its fingerprint below with the one that the signer tells you, by telephone or letter.",
    not_asked:
      "nothing here says whose certificate this is. Compare its fingerprint below with the one that the signer tells you, by telephone or letter.",
    unknown: "",
  };
  return [
    {
      id: "intact",
      name: "Intact",
      fact: intact,
      explanation: "Whether every byte is as it was when it was signed.",
    },
    {
      id: "valid",
      name: "Valid",
      fact: valid,
      explanation: "Whether the signature was made with the key of the certificate it names.",
    },
    {
      id: "trusted",
      name: "Trusted",
      fact: { answer: trusted.answer, words: trust[trusted.answer] },
      explanation: "Whether that certificate is one you know. A valid signature alone does not say so.",
    },
  ];
}

/** What the file says of the assessment inside it. */
export function sayInside(found: Verification): string {
  if (found.kind === "bundle") return "Every part of the bundle is as its manifest says.";
  const said: Record<FactAnswer, string> = {
    yes: "The assessment inside is the one that this document was printed from.",
    no: "The assessment inside is not the one that this document was printed from. It cannot be opened.",
    not_asked: "This document carries no assessment.",
    unknown: "This document carries a file, and does not say in one way only which it should be.",
  };
  return said[found.attachment.answer];
}
