// Messages leave by themselves, whatever was pressed among them.

import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { session, TOAST_STAYS } from "../state/session.svelte";
import { byTestId } from "../testids";
import Toasts from "./Toasts.svelte";

let toasts: object;
beforeEach(() => {
  vi.useFakeTimers();
  toasts = mount(Toasts, { target: document.body });
});
afterEach(async () => {
  for (const toast of [...session.toasts]) session.dismiss(toast.id);
  await unmount(toasts);
  vi.useRealTimers();
});

const shown = () => document.querySelectorAll(byTestId("toast")).length;
const undo = () => document.querySelector<HTMLElement>(byTestId("toast-undo"));
function pass(time: number) {
  vi.advanceTimersByTime(time);
  flushSync();
}

it("leave, also after the focused button of one went with it", () => {
  session.say("Client removed", "done", () => undefined);
  session.say("Copied");
  flushSync();
  expect(shown()).toBe(2);
  undo()?.focus();
  undo()?.click();
  flushSync();
  expect(shown()).toBe(1);
  pass(TOAST_STAYS + 1);
  expect(shown()).toBe(0);
});

it("stay as long as the focus is among them", () => {
  session.say("Client removed", "done", () => undefined);
  flushSync();
  undo()?.focus();
  pass(3 * TOAST_STAYS);
  expect(shown()).toBe(1);
  undo()?.blur();
  pass(2_000);
  expect(shown()).toBe(0);
});
