import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Typed } from "../ipc/bindings";
import { fromPlainText } from "../rich-text/mapping";
import { Edits } from "./edits.svelte";

const said = (text: string): Typed & { type: "words" } => ({ type: "words", text: fromPlainText(text) });

type Call = { question: string; typed: Typed; settles: boolean; at: number };

/** A store that takes `takes` ms a call and notes what came when. */
function makeStore(takes: number) {
  const calls: Call[] = [];
  let isFull = false;
  let made = 0;
  const began = Date.now();
  const send = async (question: string, typed: Typed, settles: boolean) => {
    calls.push({ question, typed, settles, at: Date.now() - began });
    await new Promise((resolve) => setTimeout(resolve, takes));
    if (isFull) throw { code: "disk_full", message: "The disk is full.", detail: null };
    const rows = typed.type === "rows" ? typed.rows.filter((row) => row.id === null) : [];
    const new_ids = rows.map(() => `id ${(made += 1)}`);
    const is_whole = !(typed.type === "day" && typed.day.length < 10);
    return { saved_at: new Date().toISOString(), new_ids, is_whole };
  };
  return { calls, edits: new Edits(new Date(), {}, send), fill: (value: boolean) => (isFull = value) };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-11-22T14:31:00Z"));
});
afterEach(() => vi.useRealTimers());

it("the first key goes at once, and the next when that is acknowledged", async () => {
  const { calls, edits } = makeStore(20);
  edits.type("a", said("x"));
  expect(calls).toHaveLength(1);
  for (let key = 1; key < 100; key += 1) {
    edits.type("a", said("x".repeat(key + 1)));
    await vi.advanceTimersByTimeAsync(5);
  }
  const gaps = calls.slice(1).map((call, index) => call.at - (calls[index]?.at ?? 0));
  expect([Math.min(...gaps), Math.max(...gaps)]).toEqual([20, 20]);
  await vi.advanceTimersByTimeAsync(50);
  expect(calls.at(-1)?.typed).toEqual(said("x".repeat(100)));
  expect(calls.every((call) => !call.settles)).toBe(true);
});

it("a new row is sent without an id until Rust has given it one, and keeps its key", async () => {
  const { calls, edits } = makeStore(20);
  const [one, two] = [edits.keys.fresh(), edits.keys.fresh()];
  const row = (key: string, text: string) => ({ key, cells: { name: { type: "text" as const, text } } });
  edits.type("a", { type: "rows", rows: [row(one, "A")] });
  edits.type("a", { type: "rows", rows: [row(one, "AW"), row(two, "")] });
  await vi.advanceTimersByTimeAsync(30);
  edits.choose("a", { type: "rows", rows: [row(two, ""), row(one, "AWS")] });
  await vi.advanceTimersByTimeAsync(100);
  const ids = calls.map(({ typed }) => (typed.type === "rows" ? typed.rows.map(({ id }) => id) : []));
  expect(ids).toEqual([[null], ["id 1", null], ["id 2", "id 1"]]);
  expect([edits.keys.keyOf("id 1"), edits.keys.idOf(two)]).toEqual([one, "id 2"]);
});

it("half a date stays shown after its history entry, and holds up nothing", async () => {
  const { calls, edits } = makeStore(5);
  edits.choose("a", { type: "day", day: "12/3" });
  expect(await Promise.all([edits.flush(), vi.advanceTimersByTimeAsync(50)])).toEqual([true, vi]);
  expect(edits.shown.get("a")).toEqual({ type: "day", day: "12/3" });
  expect(edits.isTyping).toBe(false);
  const sent = calls.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(sent);
  edits.choose("a", { type: "day", day: "12/03/2027" });
  await vi.advanceTimersByTimeAsync(50);
  expect(edits.shown.has("a")).toBe(false);
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
  expect(calls.map((call) => call.typed)).toEqual([said("one"), said("one two")]);
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
  expect(calls.at(-1)).toMatchObject({ typed: said("precious"), settles: true });
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
