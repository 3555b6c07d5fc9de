// Pupil Progress, as an import would have left it.

import type { Answer, Block, Content, Row, Unplaced } from "../src/ipc/bindings";

const at = "2026-11-22T13:20:00Z";
const imported = (content: Content): Answer => ({
  content,
  origin: { type: "imported", document: "2025-07-04-pupil-progress.txt", at },
});
const paragraph = (text: string): Block => ({
  type: "paragraph",
  runs: [{ type: "text", text, bold: false, italic: false, link: null }],
});
const prose = (...blocks: (string | Block)[]): Answer =>
  imported({
    state: "answered",
    value: {
      type: "rich_text",
      text: { blocks: blocks.map((block) => (typeof block === "string" ? paragraph(block) : block)) },
    },
  });
const unknown = imported({ state: "unknown", stated: null });
const bullets = (...items: (string | Block[])[]): Block => ({
  type: "bulleted_list",
  items: items.map((item) => ({ blocks: typeof item === "string" ? [paragraph(item)] : item })),
});
const ticks = (all: string[], ticked: string[]): Answer =>
  imported({
    state: "answered",
    value: {
      type: "ticks",
      ticks: Object.fromEntries(all.map((id) => [id, ticked.includes(id) ? "ticked" : "not_ticked"])),
      other: null,
    },
  });

type Recipient = [name: string, purpose: string, country: string, label: string, address?: string];
const recipients: Recipient[] = [
  [
    "Pupil Progress",
    "To provide student performance tracking application",
    "UK",
    "Privacy & Policy Hub - Pupil Progress",
  ],
  [
    "Groupcall Exporter",
    "Facilitates transfer of data from MIS to Pupil Progress",
    "UK",
    "Xporter on Demand For Schools",
  ],
  [
    "AWS",
    "Hosts Pupil Progress app",
    "UK",
    "",
    "https://docs.aws.amazon.com/whitepapers/latest/navigating-gdpr-compliance/aws-data-processing-addendum-dpa.html",
  ],
  ["FRAM", "Development and support of Pupil Progress", "EU", "Privacy Policy FRAM"],
  [
    "Google",
    "Transfer and handle comms in Pupil Progress app",
    "EU",
    "",
    "https://policies.google.com/privacy?hl=en",
  ],
  ["HubSpot", "Records Pupil Progress customer info", "EU", "", "https://legal.hubspot.com/"],
  ["Product Fruits", "Support for Pupil Progress", "EU", "", "https://productfruits.com/docs/"],
  [
    "Intercom",
    "Support for Pupil Progress",
    "EU",
    "",
    "https://www.intercom.com/legal/data-processing-agreement",
  ],
  [
    "Loom",
    "Support for Pupil Progress",
    "US",
    "",
    "https://support.loom.com/hc/en-us/articles/360002228758-GDPR-compliance",
  ],
  ["Typeform", "Support for Pupil Progress", "EU", "Security & privacy standards at Typeform – Help Center"],
  ["Thinkific", "Hosts the Pupil Progress Academy for support", "CA", "", "https://www.thinkific.com/dpa/"],
];
const rows = (columns: string[]): Row[] =>
  recipients.map(([name, purpose, country, label, address], index) => ({
    id: `row-${index}`,
    cells: Object.fromEntries([
      [columns[0], { type: "text", text: name }],
      [columns[1], { type: "text", text: purpose }],
      [columns[2], { type: "text", text: country }],
      [columns[3], { type: "link", label: label || (address ?? ""), address: address ?? null }],
    ]),
  }));

export function pupilProgress(
  options: (question: string) => string[],
  columns: string[],
): Record<string, Answer> {
  return {
    "screening.description": prose(
      "Juniper will resell Pupil Progress to new and existing secondary school customers. Pupil Progress is an application which provides real-time tracking and monitoring of secondary education students for schools and trusts across all subjects and qualifications.",
    ),
    "screening.consider": unknown,
    "screening.must": unknown,
    "screening.result": imported({
      state: "answered",
      value: { type: "choice", option: "required", reason: null },
    }),
    "processing.data": unknown,
    "processing.people": imported({
      state: "answered",
      value: {
        type: "ticks",
        ticks: Object.fromEntries(
          options("processing.people").map((id, index) => [id, index === 1 ? "ticked" : "unknown"]),
        ),
        other: null,
      },
    }),
    "processing.people_description": prose(
      "Juniper customer data will be processed to provide access to the application, which will contain data relating to students.",
      "The students attend secondary schools and are aged 11 to 18. The school is the controller; Juniper acts on its instructions",
    ),
    "processing.expectations": prose(
      "Yes, customers will expect data to be processed in the ways envisaged to meet the requirements of the contract in place with Juniper for use of the application.",
    ),
    "purpose.aims": prose(
      "The aim is to meet the requirements of the contract in place with Juniper and its customers for use of the Pupil Progress application.",
    ),
    "responsibility.beneficiaries": prose(
      "The commercial and operations teams will process data within Juniper in order to onboard and support customers. Juniper will benefit commercially and financially. Customers will benefit from real-time tracking and monitoring of students across all subjects and qualifications.",
    ),
    "nature.description": prose(
      "The data within the application will be provided by the customer via their MIS. They will use the application to monitor, analyse and report on student performance.",
    ),
    "it_systems.description": prose(
      "Data will be fed into the Pupil Progress cloud application from customers' MIS application using Groupcall Exporter.",
    ),
    "disclosure.shared": unknown,
    "disclosure.recipients": imported({ state: "answered", value: { type: "table", rows: rows(columns) } }),
    "consultation.views": prose("Internal consultation will take place within Juniper."),
    "consultation.internal": prose("Group Data Protection Officer (GDPO)."),
    "necessity.alternatives": unknown,
    "rights.responsible": prose(
      "Juniper customers are the data controllers and are responsible for data subjects' rights requests.",
    ),
    "privacy.notice_sufficient": unknown,
    "lawful_basis.article_6": ticks(options("lawful_basis.article_6"), []),
    "lawful_basis.special_category": unknown,
    "lawful_basis.article_9": ticks(options("lawful_basis.article_9"), [
      options("lawful_basis.article_9").find((id) => id.includes("public_interest")) ?? "",
    ]),
    "minimisation.purpose_limits": prose("Standard contractual clauses."),
    "minimisation.adequate_relevant": prose(
      "Customers are entirely responsible for the data uploaded to the application.",
    ),
    "accuracy.measures": prose(
      "Customers are entirely responsible for maintaining the data within the application.",
    ),
    "retention.periods": prose(
      "Juniper processes existing customer data for 8 years and will delete all terminating customer data within 90 days. Pupil Progress processes all ‘active’ data (data that has been provided and is linked to active accounts on a verified licence) until the following:",
      bullets(
        "If your subscription or trial subscription licence has run out, access to the live platform is revoked for all users after a 90 day period.",
        [
          paragraph(
            "Subsequently, platform data is retained until one of the following conditions has been met;",
          ),
          bullets(
            "If the subscription expiry date is between the 1st of September and the 31st of March, the live platform data will be securely deleted in the following August.",
            "If the subscription expiry date is between the 1st of April and the 31st of August, the live platform data will be securely deleted in the following January.",
          ),
        ],
        "We also operate a rolling backup that retains information for 90 further days following live platform deletion.",
      ),
      "For example, if a subscription expired on the 22nd of February 2027, the live platform data would be deleted on a date within August such as 31st August 2027. The rolling backup would then retain the information for 90 further days until the 29th of November 2027.",
      "We provide a way for you to download a complete copy of all Personal Data held on Pupil Progress before termination.",
    ),
    "security.measures": prose({
      type: "paragraph",
      runs: [
        { type: "text", text: "Please refer to ", bold: false, italic: false, link: null },
        {
          type: "text",
          text: "Pupil Progress App: How we keep your data safe",
          bold: false,
          italic: false,
          link: { address: null },
        },
      ],
    }),
    "risk.register": {
      origin: { type: "typed", by: "Elizabeth Marsh", at },
      content: {
        state: "answered",
        value: {
          type: "risks",
          risks: [
            {
              id: "risk-1",
              source: "Staff accounts without a second factor",
              harm: "Pupils’ results and behaviour notes are read by somebody who should not",
              likelihood: "possible",
              severity: "severe",
              measures: [
                {
                  id: "m-1",
                  description: "Second factor for every staff account",
                  owner: "Head of IT",
                  due: "2027-01-31",
                  effect: "reduced",
                },
                {
                  id: "m-2",
                  description: "Accounts of leavers close the same day",
                  owner: "Operations",
                  due: null,
                  effect: null,
                },
              ],
              residual_likelihood: "remote",
              residual_severity: "severe",
              is_approved: null,
            },
            {
              id: "risk-2",
              source: "Transfer to a country without adequacy",
              harm: "Families cannot use their rights against a recipient abroad",
              likelihood: "probable",
              severity: "significant",
              measures: [],
              residual_likelihood: null,
              residual_severity: null,
              is_approved: null,
            },
          ],
        },
      },
    },
  };
}

export const unplaced: Unplaced[] = [
  {
    id: "piece-1",
    text: {
      blocks: [
        paragraph("If there are no alternative solutions, see the note from the governors of 12 May."),
      ],
    },
    place: {
      line: 212,
      heading: "Assessing the processing's necessity and proportionality",
      question: "necessity.alternatives",
    },
  },
  {
    id: "piece-2",
    text: { blocks: [paragraph("*Delete one option")] },
    place: { line: 88, heading: "DPIA Screening Questions", question: null },
  },
];
