// What was found, said to somebody who has never checked a signature.

import type { Fact, FactAnswer, SignatureFacts, Verdict, Verification } from "../ipc/bindings";

export type FactRow = { id: string; name: string; fact: Fact; explanation: string };

const answers: Record<FactAnswer, string> = {
  yes: "Yes",
  no: "No",
  not_asked: "Not known",
  unknown: "Cannot be determined",
};

export const sayAnswer = (answer: FactAnswer): string => answers[answer];

// Rust decides the verdict. Each one has its words here: one that is missing does not compile.
const verdicts: Record<Verdict, string> = {
  trusted: "Signed and unchanged",
  trusted_with_additions: "Signed; what was added later is allowed",
  signer_not_compared: "Signed and unchanged; signer not known",
  signer_not_compared_with_additions: "Signed; what was added later is allowed; signer not known",
  signer_not_trusted: "Signed; not every signer is trusted",
  added_around: "What was signed is unchanged; something was added around it",
  cut_off: "The file is incomplete",
  changed: "Changed after it was signed",
  broken: "The signature is not valid",
  not_judged: "Not checked: this program cannot check it",
  not_signed: "Not signed",
  unreadable: "Not checked: the file cannot be read",
};

/** The whole in a few words. */
export const sayVerdict = (found: Verification): string => verdicts[found.verdict];

/** Three facts that say nothing of one another. */
export function listFacts(signature: SignatureFacts): FactRow[] {
  const { intact, valid, trusted } = signature;
  const trust: Record<FactAnswer, string> = {
    yes: "it is your own certificate, or one issued with it.",
    no: "it is not your certificate. Compare its fingerprint below with the signer’s, by phone or letter.",
    not_asked:
      "you have no record of whose certificate this is. Compare its fingerprint below with the signer’s, by phone or letter.",
    unknown: "",
  };
  return [
    {
      id: "intact",
      name: "Intact",
      fact: intact,
      explanation: "Whether every byte is unchanged since it was signed.",
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
      explanation: "Whether you know that certificate. A valid signature alone does not show that.",
    },
  ];
}

/** What the file says of the assessment inside it. */
export function sayInside(found: Verification): string {
  if (found.kind === "bundle") return "Every part of the bundle matches its manifest.";
  const said: Record<FactAnswer, string> = {
    yes: "The assessment inside is the one that this document was printed from.",
    no: "The assessment inside is not the one that this document was printed from. It cannot be opened.",
    not_asked: "This document contains no assessment.",
    unknown: "This document does not clearly identify the attached file.",
  };
  return said[found.attachment.answer];
}
