// Longer than 500 lines because it lists the states of all screens, a line or two each, which belong together.
// The screens that `npm run look` opens: the size and theme, what the fixtures are asked for, and what a person does to get
// there. `like` takes the way of another.

const test = (id) => `[data-testid="${id}"]`;
const openPupil = async (page) => {
  await page.click(test("open:pupil"));
  await page.waitForSelector(test("editor"));
};
const goTo = (section) => async (page) => {
  await openPupil(page);
  await page.click(test(`section:${section}`));
  await page.waitForTimeout(80);
};

const showPreview = (section) => async (page) => {
  await goTo(section)(page);
  await page.keyboard.press("F9");
  await page.waitForSelector(`${test("pages")} canvas`);
  await page.waitForTimeout(400);
};

const exportCustomer = async (page) => {
  await openPupil(page);
  await page.click(test("export-pdf"));
  await page.click(test("export-copy:customer"));
  await page.click(`${test("export-sections")} summary`);
  await page.click(`label:has([data-testid^="export-section:"])`);
};

const openSettings = async (page) => {
  await page.click(test("open-settings"));
  await page.waitForSelector(`${test("pages")} canvas`);
  await page.waitForTimeout(300);
};

const toRecoveryKey = async (page) => {
  await page.click(test("later"));
  await page.waitForSelector(test("recovery-key"));
};
const askGroups = async (page) => {
  await toRecoveryKey(page);
  await page.click(test("recovery-continue"));
  await page.fill(test("recovery-group:2"), "8575");
  await page.fill(test("recovery-group:6"), "rf8x");
  await page.click(test("recovery-confirm"));
  await page.waitForTimeout(80);
};
const typeWrongly = async (page) => {
  await page.fill(test("unlock-recovery-key"), "006h m9sm 8575");
  await page.click(test("unlock-accept"));
  await page.waitForTimeout(80);
};
const makeKey = async (page) => {
  await page.click(test("open-keys"));
  await page.click(test("recovery-make"));
  await page.waitForSelector(test("recovery-key"));
};
const exchangeKeys = async (page) => {
  await page.click(test("open-keys"));
  await page.click(test("exchange"));
};
const setPassphrase = async (page) => {
  await page.click(test("open-keys"));
  await page.click(test("passphrase-set"));
  await page.fill(test("passphrase-new"), "too short");
  await page.fill(test("passphrase-again"), "too short");
  await page.click(test("passphrase-accept"));
  await page.waitForTimeout(80);
};
const openBackups = (page) => page.click(test("open-backups"));

const verify = (page) => page.click(test("verify"));

const goToIssuing = async (page) => {
  await openPupil(page);
  await page.click(test("more"));
  await page.click(test("issue"));
  await page.waitForSelector(test("issuing"));
};
const openHistory = async (page) => {
  await openPupil(page);
  await page.click(test("more"));
  await page.click(test("open-history"));
  await page.waitForSelector(test("compare-count"));
};
const issueAll = async (page) => {
  await goToIssuing(page);
  await page.click(test("choose-shown"));
  await page.click(test("issue-accept"));
};

/** Every screen by its name: how it is asked for, and the way to it. */
const sealBundle = async (page) => {
  await openPupil(page);
  await page.click(test("more"));
  await page.click(test("export-sealed"));
  await page.waitForSelector(test("seal-dialog"));
};

export const screens = {
  "first-run": { query: "start=first_run" },
  "first-run-2": { query: "start=first_run", act: toRecoveryKey },
  "first-run-2-dark": { dark: true, query: "start=first_run", act: toRecoveryKey },
  "first-run-2-asked": { query: "start=first_run", act: askGroups },
  "first-run-2-asked-dark": { dark: true, query: "start=first_run", act: askGroups },
  "first-run-3": {
    query: "start=first_run",
    act: async (page) => {
      await toRecoveryKey(page);
      await page.click(test("recovery-later"));
    },
  },
  locked: { query: "start=keychain_locked" },
  "locked-recovery": { query: "start=keychain_locked&ways=recovery" },
  "locked-recovery-dark": { dark: true, query: "start=key_missing&ways=recovery", act: typeWrongly },
  "locked-both": { query: "start=passphrase_needed&ways=both" },
  "locked-both-dark": { dark: true, query: "start=passphrase_needed&ways=both" },
  "locked-alone": { query: "start=key_missing" },
  "locked-file": { query: "start=key_file_missing" },
  "locked-first-run": { query: "start=keychain_missing&ways=first_run" },
  "locked-first-run-dark": { dark: true, query: "start=keychain_missing&ways=first_run" },
  "locked-small": { size: { width: 683, height: 425 }, query: "start=keychain_missing&ways=first_run" },
  keys: { act: (page) => page.click(test("open-keys")) },
  "keys-dark": { dark: true, act: (page) => page.click(test("open-keys")) },
  "keys-none": { query: "keys=none", act: (page) => page.click(test("open-keys")) },
  "keys-recovered": { query: "keys=recovered", act: (page) => page.click(test("open-keys")) },
  "keys-recovered-dark": {
    dark: true,
    query: "keys=recovered",
    act: (page) => page.click(test("open-keys")),
  },
  "keys-new": { act: makeKey },
  "keys-new-dark": { dark: true, act: makeKey },
  "keys-small": {
    size: { width: 683, height: 425 },
    query: "keys=none",
    act: async (page) => {
      await page.click(test("recovery-now"));
      await page.waitForSelector(test("recovery-key"));
    },
  },
  "keys-passphrase": { act: setPassphrase },
  "keys-exchange": { size: { width: 1366, height: 1100 }, act: exchangeKeys },
  "keys-exchange-passphrase": {
    dark: true,
    size: { width: 1100, height: 1300 },
    query: "keys=passphrase",
    act: exchangeKeys,
  },
  "keys-printed": {
    act: async (page) => {
      await makeKey(page);
      await page.emulateMedia({ media: "print" });
    },
  },
  "portfolio-reminded": { query: "keys=none" },
  "portfolio-reminded-dark": { dark: true, query: "keys=none" },
  portfolio: {},
  "portfolio-dark": { dark: true },
  empty: { query: "empty=1&nobody=1" },
  search: {
    act: async (page) => {
      await page.fill(test("search"), "delete");
      await page.waitForSelector(test("found-count"));
    },
  },
  backups: { act: openBackups },
  "backups-dark": { dark: true, query: "backups=trouble", act: openBackups },
  "backups-look": {
    act: async (page) => {
      await openBackups(page);
      await page.click(test("look:made-2026-11-20T16:58:11Z"));
    },
  },
  damaged: { query: "start=damaged" },
  outdated: { query: "start=outdated", dark: true },
  signature: { query: "soon=1", act: (page) => page.click(test("signature")) },
  "signature-dark": { dark: true, query: "soon=1", act: (page) => page.click(test("signature")) },
  settings: { act: openSettings },
  "settings-dark": { dark: true, act: openSettings },
  "settings-pale": {
    act: async (page) => {
      await openSettings(page);
      await page.click(test("brand-logo"));
      await page.fill(test("brand:accent"), "#9bc4c4");
      await page.waitForSelector(test("brand-trouble"));
    },
  },
  "settings-tall": { size: { width: 1280, height: 1400 }, act: openSettings },
  "settings-small": { size: { width: 1000, height: 620 }, act: openSettings },
  verified: { act: verify },
  "verified-damaged": { query: "verify=damaged", act: verify },
  "verified-damaged-dark": { dark: true, query: "verify=damaged", act: verify },
  "verified-open": { query: "verify=open", act: verify },
  "verified-unsigned": { query: "verify=unsigned", act: verify },
  "verified-small": { size: { width: 683, height: 425 }, act: verify },
  new: { act: (page) => page.click(test("new")) },
  "import-report": { act: (page) => page.click(test("import")) },
  "ask-first": { query: "from=unknown", act: (page) => page.click(test("import")) },
  "ask-first-dark": { dark: true, query: "from=ended", act: (page) => page.click(test("import")) },
  "ask-first-small": {
    size: { width: 683, height: 425 },
    query: "from=brings",
    act: (page) => page.click(test("import")),
  },
  "ask-passphrase": { query: "sealed=1", act: (page) => page.click(test("import")) },
  "ask-passphrase-wrong-dark": {
    dark: true,
    query: "sealed=1",
    act: async (page) => {
      await page.click(test("import"));
      await page.fill(test("unseal-passphrase"), "open says me");
      await page.click(test("unseal-accept"));
      await page.waitForSelector("text=does not open the bundle");
    },
  },
  seal: { act: sealBundle },
  "seal-dark": { dark: true, act: sealBundle },
  "seal-small": { size: { width: 683, height: 425 }, act: sealBundle },
  "already-here": { query: "here=1", act: (page) => page.click(test("import")) },
  editor: {
    act: async (page) => {
      await goTo("about_the_processing")(page);
      await page.evaluate(() =>
        document.querySelector('[data-question="processing.people"]').scrollIntoView({ block: "start" }),
      );
      await page.click(test("answer:processing.people_description"));
      await page.keyboard.press("Control+End");
    },
  },
  "editor-dark": { dark: true, like: "editor" },
  retention: {
    act: async (page) => {
      await goTo("retention")(page);
      await page.click(test("answer:retention.periods"));
    },
  },
  recipients: { act: goTo("disclosure") },
  "recipients-open": {
    act: async (page) => {
      await goTo("disclosure")(page);
      await page.click('[data-row="row-8"] .name');
    },
  },
  "recipients-dark": { dark: true, like: "recipients-open" },
  "paste-rows": {
    act: async (page) => {
      await goTo("disclosure")(page);
      await page.click(test("paste-rows:disclosure.recipients"));
    },
  },
  screening: { act: goTo("screening_questions") },
  "screening-end": {
    act: async (page) => {
      await goTo("screening_questions")(page);
      await page.evaluate(() => document.querySelector('[data-testid="paper"]').scrollTo(0, 9999));
    },
  },
  grid: { act: goTo("lawful_basis") },
  impact: { act: goTo("impact") },
  "impact-open": {
    act: async (page) => {
      await goTo("impact")(page);
      await page.click('[data-risk="risk-1"] .name');
    },
  },
  preview: { act: showPreview("retention") },
  "preview-dark": { dark: true, like: "preview" },
  "preview-table": { act: showPreview("disclosure") },
  "preview-small": { size: { width: 1280, height: 720 }, like: "preview" },
  "preview-large": { size: { width: 1920, height: 1080 }, like: "preview" },
  "preview-drawer": { size: { width: 1000, height: 720 }, like: "preview" },
  "preview-undrawn": {
    query: "undrawn=1",
    act: async (page) => {
      await goTo("retention")(page);
      await page.keyboard.press("F9");
      await page.waitForSelector(test("preview-trouble"));
    },
  },
  likelihood: { act: goTo("likelihood") },
  decision: { act: goTo("decision") },
  date: {
    act: async (page) => {
      await goTo("decision")(page);
      await page.click(test("date:decision.next_review:pick"));
    },
  },
  notes: { act: goTo("guidance_notes") },
  unplaced: {
    act: async (page) => {
      await openPupil(page);
      await page.click(test("tab:unplaced"));
    },
  },
  command: {
    act: async (page) => {
      await openPupil(page);
      await page.keyboard.press("Control+k");
      await page.keyboard.type("delete");
      await page.waitForTimeout(300);
    },
  },
  export: {
    act: async (page) => {
      await openPupil(page);
      await page.click(test("export-pdf"));
      await page.click(test("export-copy:customer"));
      await page.click(test("export-accept"));
    },
  },
  "export-customer": { act: exportCustomer },
  "export-customer-dark": { dark: true, like: "export-customer" },
  "export-letters": {
    query: "letters=1",
    act: async (page) => {
      await openPupil(page);
      await page.click(test("export-pdf"));
      await page.click(test("export-accept"));
      await page.waitForSelector(test("missing-letters"));
    },
  },
  "export-working": {
    query: "slowly=1",
    act: async (page) => {
      await openPupil(page);
      await page.click(test("export-pdf"));
      await page.click(test("export-accept"));
      await page.waitForSelector(test("export-stage"));
    },
  },
  exported: {
    act: async (page) => {
      await openPupil(page);
      await page.click(test("export-pdf"));
      await page.click(test("export-accept"));
      await page.waitForSelector(test("toast"));
    },
  },
  details: {
    act: async (page) => {
      await openPupil(page);
      await page.click(test("product"));
    },
  },
  "not-saved": {
    query: "full=1",
    act: async (page) => {
      await openPupil(page);
      await page.click(test("answer:screening.description"));
      await page.keyboard.type("More words. ");
      await page.waitForSelector(test("not-saved"));
    },
  },
  small: { size: { width: 1280, height: 720 }, like: "editor" },
  drawer: { size: { width: 1000, height: 720 }, like: "unplaced" },
  "newest-screening": {
    act: async (page) => {
      await page.click(test("open:parent"));
      await page.click(test("section:screening_questions"));
      await page.waitForTimeout(80);
    },
  },
  "newest-recipients": {
    act: async (page) => {
      await page.click(test("open:parent"));
      await page.click(test("section:disclosure"));
      await page.click(test("add-row:disclosure.recipients"));
      await page.keyboard.type("AWS");
      await page.waitForTimeout(80);
    },
  },
  picture: {
    act: async (page) => {
      await goTo("it_systems")(page);
      await page.click(test("answer:it_systems.description"));
      await page.click(test("toolbar-picture"));
      await page.waitForTimeout(200);
    },
  },
  "long-product": {
    act: async (page) => {
      await openPupil(page);
      await page.evaluate((selector) => {
        document.querySelector(selector).textContent =
          "<img src=x onerror='window.__ran=1'><script>window.__ran=1</script> A product of a very long name, written by somebody who means harm";
      }, test("product"));
    },
  },
  history: {
    act: async (page) => {
      await openPupil(page);
      await page.click(test("answer:screening.description"));
      await page.keyboard.press("Control+End");
      await page.keyboard.type(" Trusts can compare their schools.");
      await page.click(test("tab:history"));
      await page.waitForSelector(`${test("past-answers")} li:nth-child(2)`, { timeout: 8000 });
    },
  },
  "history-dark": { dark: true, like: "history" },
  versions: { act: openHistory },
  "versions-dark": { dark: true, act: openHistory },
  "versions-small": { size: { width: 683, height: 600 }, act: openHistory },
  "versions-days": {
    act: async (page) => {
      await openHistory(page);
      await page.click(`${test("days")} summary`);
      await page.evaluate(() => document.querySelector("main").scrollTo(0, 9999));
    },
  },
  "versions-keep": {
    act: async (page) => {
      await openHistory(page);
      await page.click(test("keep-version"));
      await page.click(test("keep-accept"));
      await page.waitForTimeout(80);
    },
  },
  "history-broken": {
    query: "history=broken",
    act: async (page) => {
      await openPupil(page);
      await page.waitForSelector(test("history-trouble"));
    },
  },
  "history-broken-dark": { dark: true, query: "history=broken", like: "history-broken" },
  about: {
    act: async (page) => {
      await page.click(test("open-about"));
      await page.waitForSelector(test("notices"));
    },
  },
  "about-dark": { dark: true, like: "about" },
  "narrow-lists": {
    size: { width: 820, height: 600 },
    act: async (page) => {
      await page.click(test("open-lists"));
      await page.waitForTimeout(150);
    },
  },
  issuing: {
    act: async (page) => {
      await goToIssuing(page);
      await page.click(test("client-filter:outdated"));
      await page.click(test("choose-shown"));
      await page.click(test("client-filter:all"));
    },
  },
  "issuing-dark": { dark: true, like: "issuing" },
  "issuing-letters": {
    query: "letters",
    act: async (page) => {
      await goToIssuing(page);
      await page.click(`${test("export-sections")} summary`);
      await page.click(`label:has(${test("export-section:impact")})`);
      await page.click(test("choose-shown"));
      await page.click(test("issue-accept"));
      await page.waitForSelector(test("missing-letters"));
    },
  },
  "issuing-letters-dark": { dark: true, query: "letters", like: "issuing-letters" },
  "issuing-empty": { query: "clients=none", act: goToIssuing },
  "issuing-facts": {
    act: async (page) => {
      await goToIssuing(page);
      await page.click(`tr:nth-child(2) ${test("held")}`);
      await page.fill(test("issue-pattern"), "{town} {client}");
      await page.click(test("import-clients"));
      await page.waitForSelector(test("clients-imported"));
    },
  },
  "issuing-going": {
    query: "slow=400",
    act: async (page) => {
      await issueAll(page);
      await page.waitForTimeout(1500);
    },
  },
  "issuing-ended": {
    query: "failing=1",
    act: async (page) => {
      await issueAll(page);
      await page.waitForSelector(test("issue-result"));
    },
  },
  "issuing-ended-dark": { dark: true, query: "failing=1", like: "issuing-ended" },
  "issuing-client": {
    act: async (page) => {
      await goToIssuing(page);
      await page.click(test("add-client"));
      await page.click(test("client-accept"));
      await page.waitForTimeout(80);
    },
  },
  "zoomed-issuing": { size: { width: 683, height: 425 }, act: goToIssuing },
  "zoomed-portfolio": { size: { width: 683, height: 425 } },
  "zoomed-editor": { size: { width: 683, height: 425 }, act: openPupil },
  "zoomed-recipients": {
    size: { width: 683, height: 425 },
    act: async (page) => {
      await openPupil(page);
      await page.getByText("Sections").click();
      await page.click(test("section:disclosure"));
    },
  },
  "zoomed-first-run": { size: { width: 683, height: 425 }, query: "start=first_run" },
  narrow: { size: { width: 860, height: 720 }, act: openPupil },
};
