// Issuing on fixtures: schools, what they hold, and a run that takes its time.
// ?clients=none · ?failing=1 (a file in the way, the disk full at the end) · ?slow=200 (each copy)

import type { Door } from "../src/ipc/door";
import type { AppError, ClientsRead, Holding, IssueResult, ListedClient } from "../src/ipc/bindings";

type IssuingDoor = Pick<
  Door,
  | "openIssuing"
  | "saveClient"
  | "removeClient"
  | "importClients"
  | "importClientsBy"
  | "nameCopy"
  | "issueCopies"
  | "cancelIssuing"
>;

const schools: [name: string, reference: string, held?: number][] = [
  ["Birchwood Community Academy", "JE-1042", 41],
  ["École Sainte-Thérèse", "JE-1107", 38],
  ["Hazel Grove Primary School", "JE-1001", 41],
  ["Hill School", "JE-1016"],
  ["Liceum Ogólnokształcące im. Żółkiewskiego", "JE-1220", 41],
  ["Oak and Ash Federation of Church of England and Community Primary Schools", "JE-1099", 35],
  ["St Mary’s C of E Primary School", "", 41],
  ["Vale Academy", "JE-1015"],
  ["Ysgol Gyfun Gŵyr", "JE-1203", 38],
  ["Ysgol Tŷ Coch", "JE-1204"],
  ["Zespół Szkół nr 1 w Łodzi", "JE-1221", 41],
];

export function makeIssuing(wishes: URLSearchParams, productOf: (id: string) => string): IssuingDoor {
  const revision = 41;
  const refuse = (message: string): AppError => ({ code: "refused", message, detail: null });
  let clients: ListedClient[] = [];
  let holdings: Holding[] = [];
  let pattern = "DPIA {product} - {client}";
  let isCancelled = false;
  const hold = (client: ListedClient, held: number, at: string): Holding => ({
    client: client.id,
    name: client.name,
    email: client.email,
    reference: client.reference,
    revision: held,
    at,
    file: `DPIA Pupil Progress - ${client.name}.pdf`,
    sha256: "9f2c47d1".repeat(8),
    certificate: "51be03aa".repeat(8),
    is_outdated: held < revision,
    earlier:
      held === 38
        ? [
            {
              revision: 12,
              at: "2025-07-04T10:00:00Z",
              sha256: "00c41d7e".repeat(8),
              certificate: "51be03aa".repeat(8),
            },
          ]
        : [],
  });
  if (wishes.get("clients") !== "none") {
    clients = schools.map(([name, reference], index) => ({
      id: `client-${index}`,
      name,
      reference,
      email: index % 3 === 0 ? "" : `office@school${index}.example`,
    }));
    holdings = clients.flatMap((client, index) => {
      const held = schools[index]?.[2];
      return held
        ? [hold(client, held, held < revision ? "2026-03-04T10:00:00Z" : "2026-11-20T10:00:00Z")]
        : [];
    });
    const closed = { id: "closed", name: "Elm Lodge School (closed)", email: "", reference: "JE-0990" };
    holdings.push(hold(closed, 12, "2025-07-04T10:00:00Z"));
  }
  const nameOf = (id: string, wanted: string, client: ListedClient | undefined) => {
    const unknown = /\{(?!product\}|client\}|reference\}|date\})([^}]*)\}/.exec(wanted);
    if (unknown) {
      throw refuse(`There is no field {${unknown[1]}}: use {product}, {client}, {reference} or {date}.`);
    }
    if (!/\{(client|reference)\}/.test(wanted)) {
      throw refuse("The pattern gives every client the same name: put {client} or {reference} into it.");
    }
    const name = wanted
      .replaceAll("{product}", productOf(id))
      .replaceAll("{client}", client?.name ?? "Hill School")
      .replaceAll("{reference}", client?.reference ?? "S-101")
      .replaceAll("{date}", "2026-11-22");
    return `${name}.pdf`;
  };

  const imported: ClientsRead = {
    type: "imported",
    added: ["Coleg Siôn"],
    changed: ["Hill School: e-mail address office@hill.example added"],
    unchanged: 9,
    remarks: ["The file is not in UTF-8 and was read as Windows-1252: look at names with accents."],
  };
  return {
    openIssuing: async () => ({ clients, pattern, revision, holdings }),
    saveClient: async (id, client) => {
      if (client.name.trim() === "")
        throw refuse("The name is empty. Write the name of the school or trust.");
      const saved = { ...client, id: id ?? crypto.randomUUID() };
      clients = [...clients.filter((known) => known.id !== id), saved].sort((one, two) =>
        one.name.localeCompare(two.name),
      );
      return saved;
    },
    removeClient: async (id) => {
      clients = clients.filter((client) => client.id !== id);
      return null;
    },
    importClients: async () => {
      clients = [
        ...clients,
        { id: crypto.randomUUID(), name: "Coleg Siôn", email: "", reference: "JE-1301" },
      ];
      return { read: imported, place: 0 };
    },
    importClientsBy: async () => imported,
    nameCopy: async (id, wanted, client) =>
      nameOf(
        id,
        wanted,
        clients.find((known) => known.id === client),
      ),
    issueCopies: async (_id, order, goesOn, progress) => {
      pattern = order.pattern;
      isCancelled = false;
      const served = clients.filter((client) => order.clients.includes(client.id));
      const result: IssueResult = {
        folder: "Schools, autumn 2026",
        issued: 0,
        kept: 0,
        failed: [],
        missing_letters: [],
        left: 0,
        is_cancelled: false,
        stopped: null,
      };
      for (const [index, client] of served.entries()) {
        await new Promise((resolve) => setTimeout(resolve, Number(wishes.get("slow") ?? 2)));
        if (isCancelled || (wishes.has("failing") && !goesOn && index === served.length - 1)) {
          result.left = served.length - index;
          result.is_cancelled = isCancelled;
          if (!isCancelled) {
            const message = `DPIA Pupil Progress - ${client.name}.pdf was not written. The disk is full: free some space, then try again.`;
            result.stopped = { code: "not_saved", message, detail: null };
          }
          break;
        }
        if (wishes.has("failing") && index === 1) {
          const reason = `DPIA Pupil Progress - ${client.name}.pdf is in this folder and is not the copy that was issued: move it elsewhere, then issue again.`;
          result.failed.push({ name: client.name, reason });
        } else {
          result.issued += 1;
          holdings = holdings.filter((held) => held.client !== client.id);
          holdings.push(hold(client, revision, "2026-11-22T14:40:00Z"));
        }
        progress.onmessage({ done: index + 1, of: served.length, name: client.name });
      }
      return { result, place: 7 };
    },
    cancelIssuing: async () => {
      isCancelled = true;
    },
  };
}
