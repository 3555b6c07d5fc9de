// What of an assessment is not finished, in words.
import type { OpenAssessment } from "../state/open.svelte";
import { countOf } from "../state/words";

/** Such as "6 questions to be confirmed and 8 questions to answer"; nothing where all is said and signed off. */
export function describeUnfinished(open: OpenAssessment): string {
  const { to_confirm, open: unanswered } = open.said.progress.counts;
  const parts = [
    to_confirm > 0 && `${countOf(to_confirm, "question")} to be confirmed`,
    unanswered > 0 && `${countOf(unanswered, "question")} to answer`,
    !isSignedOff(open) && "no sign-off",
  ].filter((part) => part !== false);
  return [parts.slice(0, -1).join(", "), parts.at(-1)].filter(Boolean).join(" and ");
}

/** Whether anybody has signed the assessment off. */
const isSignedOff = (open: OpenAssessment) =>
  open.located.some(({ question }) => {
    const content = open.content(question.id);
    return content.state === "answered" && content.value.type === "sign_off" && content.value.date !== null;
  });
