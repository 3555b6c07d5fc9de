// The assessment that the questions of a page belong to.

import { getContext, setContext } from "svelte";

import type { OpenAssessment } from "../state/open.svelte";

const key = Symbol("open assessment");

export function provideOpen(get: () => OpenAssessment): void {
  setContext(key, get);
}

export function useOpen(): OpenAssessment {
  return getContext<() => OpenAssessment>(key)();
}
