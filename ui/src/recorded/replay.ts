// A door that answers as the application did: `tests/suite/recorded` works through scenes with the application itself and
// writes them here. A scene is a tree: what is asked has one answer until an act changes it, and an act leads on.

import { commands, type AppError } from "../ipc/bindings";
import type { Door } from "../ipc/door";

/** A call and its answer; with neither answer nor error where the answer is another than before and was not recorded. */
type Exchange = {
  /** After which act; 0 as the scene begins. */
  at: number;
  /** The number of this act; none for what is only asked, or what failed. */
  then?: number;
  /** It is not known after another act, nor in a scene that begins as this one does. */
  only_here?: true;
  call: string;
  with: unknown[];
  /** What is heard on a line before the answer. */
  heard?: unknown[];
  answer?: unknown;
  error?: AppError;
};
type Scene = { from: string | null; exchanges: Exchange[] };
type Line = { onmessage: (heard: unknown) => void };

const files = import.meta.glob<Record<string, Scene>>("./*.json", { eager: true, import: "default" });
const scenes = new Map(Object.values(files).flatMap((file) => Object.entries(file)));

function find(name: string): Scene {
  const scene = scenes.get(name);
  if (!scene) throw new Error(`No scene is called ${name}`);
  return scene;
}

const isLine = (given: unknown): given is Line =>
  typeof given === "object" && given !== null && "onmessage" in given;

const isKept = ({ then, only_here }: Exchange) => !then && !only_here;

/** The same for the same content, in whatever order its fields are. */
function keyOf(call: string, given: unknown[]): string {
  const sorted = (_: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [two]) => (one < two ? -1 : 1)))
      : value;
  return call + JSON.stringify(given, sorted);
}

/** A door to the scene of this name. `miss` hears of a call that was not recorded. */
export function replay(name = "desk", miss: (error: Error) => void = () => undefined): Door {
  const scene = find(name);
  const begun = scene.from ? find(scene.from).exchanges.filter((each) => each.at === 0 && isKept(each)) : [];
  const way = [0];

  async function answer(call: string, given: unknown[]): Promise<unknown> {
    const key = keyOf(
      call,
      given.filter((each) => !isLine(each)),
    );
    const isIt = (each: Exchange) => keyOf(each.call, each.with) === key;
    const here = scene.exchanges.find((each) => each.at === way.at(-1) && isIt(each));
    const before = way
      .toReversed()
      .flatMap((at) => scene.exchanges.filter((each) => each.at === at && isKept(each)));
    const found = here ?? before.find(isIt) ?? begun.find(isIt);
    if (!found || !("answer" in found || "error" in found)) {
      const error = new Error(`“${name}” has no recorded answer to ${key} after ${way.join(", ")}`);
      miss(error);
      throw error;
    }
    for (const heard of found.heard ?? []) given.find(isLine)?.onmessage(heard);
    if (found.error) throw structuredClone(found.error);
    if (found.then) way.push(found.then);
    return structuredClone(found.answer);
  }

  const door = Object.keys(commands).map((call) => [call, (...given: unknown[]) => answer(call, given)]);
  return {
    ...(Object.fromEntries(door) as Door),
    // The desktop hands nothing over and closes nothing, and nobody draws pages where there is no browser.
    watchGiven: async () => undefined,
    watchClosing: async () => undefined,
    finishClosing: async () => undefined,
    takePreview: async () => new ArrayBuffer(4),
  };
}
