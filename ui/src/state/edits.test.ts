import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Content } from "../ipc/bindings";
import { fromPlainText } from "../rich-text/mapping";
import { Edits } from "./edits.svelte";

const said = (text: string): Content => ({
  state: "answered",
  value: { type: "rich_text", text: fromPlainText(text) },
});

type Call = { question: string; content: Content; settles: boolean; at: number };

/** A store that takes `takes` ms a call and notes what came when. */
function makeStore(takes: number) {
  const calls: Call[] = [];
  let isFull = false;
  const began = Date.now();
  const send = async (question: string, content: Content, settles: boolean) => {
    calls.push({ question, content, settles, at: Date.now() - began });
    await new Promise((resolve) => setTimeout(resolve, takes));
    if (isFull) throw { code: "disk_full", message: "The disk is full.", detail: null };
    return { saved_at: new Date().toISOString() };
  };
  return { calls, edits: new Edits(new Date(), send), fill: (value: boolean) => (isFull = value) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-11-22T14:31:00Z"));
});
afterEach(() => vi.useRealTimers());

it("a draft leaves within 120 ms of each key, also while one types on", async () => {
  const { calls, edits } = makeStore(5);
  for (let key = 0; key < 100; key += 1) {
    edits.type("a", said("x".repeat(key + 1)));
    await vi.advanceTimersByTimeAsync(50);
  }
  const gaps = calls.slice(1).map((call, index) => call.at - (calls[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(120);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(170);
  await vi.advanceTimersByTimeAsync(200);
  expect(calls.at(-1)?.content).toEqual(said("x".repeat(100)));
  expect(calls.every((call) => !call.settles)).toBe(true);
});

it("a pause of two seconds asks for one history entry", async () => {
  const { calls, edits } = makeStore(5);
  edits.type("a", said("one"));
  await vi.advanceTimersByTimeAsync(1_990);
  expect(calls.filter((call) => call.settles)).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(calls.filter((call) => call.settles)).toHaveLength(1);
  expect(edits.shown.has("a")).toBe(false);
});

it("thirty seconds of typing on ask for a history entry", async () => {
  const { calls, edits } = makeStore(5);
  for (let key = 0; key < 620; key += 1) {
    edits.type("a", said(String(key)));
    await vi.advanceTimersByTimeAsync(100);
  }
  const settled = calls.filter((call) => call.settles).map((call) => call.at);
  expect(settled).toHaveLength(2);
  expect(settled[0]).toBeLessThanOrEqual(30_100);
});

it("what was typed while a call was under way goes after it, and stays shown until it is kept", async () => {
  const { calls, edits } = makeStore(300);
  edits.choose("a", said("one"));
  await vi.advanceTimersByTimeAsync(100);
  edits.type("a", said("one two"));
  await vi.advanceTimersByTimeAsync(250);
  expect(edits.shown.get("a")).toEqual(said("one two"));
  expect(calls.map((call) => call.content)).toEqual([said("one"), said("one two")]);
});

it("says Saving only after 400 ms, and Saved with the time", async () => {
  const { edits } = makeStore(500);
  edits.choose("a", said("one"));
  await vi.advanceTimersByTimeAsync(390);
  expect(edits.saveState.kind).toBe("saved");
  await vi.advanceTimersByTimeAsync(20);
  expect(edits.saveState.kind).toBe("saving");
  await vi.advanceTimersByTimeAsync(100);
  expect(edits.saveState).toEqual({ kind: "saved", at: new Date("2026-11-22T14:31:00.500Z") });
});

it("a failure is said with the time of the last save, keeps the words, and can be tried again", async () => {
  const { calls, edits, fill } = makeStore(5);
  fill(true);
  edits.type("a", said("precious"));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(edits.saveState).toMatchObject({
    kind: "not_saved",
    since: new Date("2026-11-22T14:31:00Z"),
    failure: { code: "disk_full" },
  });
  expect(edits.shown.get("a")).toEqual(said("precious"));
  const flushed = edits.flush();
  await vi.advanceTimersByTimeAsync(10);
  expect(await flushed).toBe(false);

  fill(false);
  const retried = edits.retry();
  await vi.advanceTimersByTimeAsync(50);
  expect(await retried).toBe(true);
  expect(calls.at(-1)).toMatchObject({ content: said("precious"), settles: true });
  expect(edits.saveState.kind).toBe("saved");
});

it("flush settles every question and waits", async () => {
  const { calls, edits } = makeStore(20);
  edits.type("a", said("one"));
  edits.type("b", said("two"));
  const flushed = edits.flush();
  await vi.advanceTimersByTimeAsync(200);
  expect(await flushed).toBe(true);
  expect(
    calls
      .filter((call) => call.settles)
      .map((call) => call.question)
      .sort(),
  ).toEqual(["a", "b"]);
});
