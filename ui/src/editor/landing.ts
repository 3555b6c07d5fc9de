// Where the caret goes when a question is asked for: into its answer, or nowhere; never does it stay in another answer.

/** What can take an answer, in the order of the page; the tools of a text are no part of it. */
const FIELDS = '[role="textbox"], input, select, textarea, button';
const TOOLS = '[role="toolbar"]';

/** Puts the focus on the first field of a question that takes it, or else on `otherwise`. */
export function land(question: HTMLElement | undefined, otherwise: HTMLElement) {
  const body = question?.querySelector<HTMLElement>("[data-body]");
  const fields = [...(body?.querySelectorAll<HTMLElement>(FIELDS) ?? [])];
  for (const field of fields) {
    if (field.closest(TOOLS) || isOtherChoice(field, fields)) continue;
    field.focus({ preventScroll: true });
    if (field.ownerDocument.activeElement === field) return;
  }
  otherwise.focus({ preventScroll: true });
}

/** Whether this is a choice of a group in which another one is made: the caret goes to the one that is. */
function isOtherChoice(field: HTMLElement, fields: HTMLElement[]): boolean {
  if (!isChoice(field) || field.checked) return false;
  return fields.some((other) => isChoice(other) && other.name === field.name && other.checked);
}

const isChoice = (field: HTMLElement): field is HTMLInputElement =>
  field instanceof HTMLInputElement && field.type === "radio";
