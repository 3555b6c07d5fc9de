// Who is at work, as it is typed.

import type { Person } from "../ipc/bindings";

export const nobody: Person = { name: "", role: "", organisation: "", email: "" };

export type PersonTroubles = Partial<Record<keyof Person, string>>;

/** What is missing before a certificate can bear this person's name. */
export function findTroubles(person: Person): PersonTroubles {
  const troubles: PersonTroubles = {};
  if (person.name.trim() === "") troubles.name = "Enter your name: it appears in your signature";
  if (person.email.trim() !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(person.email.trim())) {
    troubles.email = "Enter an email address such as name@school.org";
  }
  return troubles;
}

export function tidy(person: Person): Person {
  const { name, role, organisation, email } = person;
  return { name: name.trim(), role: role.trim(), organisation: organisation.trim(), email: email.trim() };
}
