import { beforeEach, describe, expect, it } from "vitest";

import { land } from "./landing";

const FOCUSED = "focused";

/** Lands in a question with this body, and says where the focus is. */
function landIn(body: string): string {
  document.body.innerHTML = `<div id="sheet" tabindex="0"><article>
    <h2>A prompt with <button id="link">a link</button></h2><div data-body>${body}</div></article></div>
    <input id="elsewhere" />`;
  document.getElementById("elsewhere")?.focus();
  const sheet = document.getElementById("sheet");
  if (!sheet) throw new Error("there is no sheet");
  land(document.querySelector("article") ?? undefined, sheet);
  return document.activeElement?.id ?? FOCUSED;
}

describe("the caret", () => {
  beforeEach(() => (document.body.innerHTML = ""));

  it.each([
    [
      "prose, past its tools",
      '<div role="toolbar"><button>B</button></div><div role="textbox" tabindex="0" id="it"></div>',
    ],
    ["a field of a sign-off", '<input id="it" /><input /><button>Sign</button>'],
    [
      "the choice that is made",
      '<input type="radio" name="a" /><input type="radio" name="a" checked id="it" />',
    ],
    [
      "the first choice where none is",
      '<input type="radio" name="a" id="it" /><input type="radio" name="a" />',
    ],
    [
      "the choice, before its reason",
      '<input type="radio" name="a" id="it" /><div role="textbox" tabindex="0"></div>',
    ],
    ["a list to choose from", '<select id="it"></select>'],
    ["what adds the first row", '<button disabled>Remove</button><button id="it">Add</button>'],
  ])("goes to %s", (_, body) => {
    expect(landIn(body)).toBe("it");
  });

  it("never stays in another answer, also where a question has no field", () => {
    expect(landIn("<p>Withheld</p>")).toBe("sheet");
  });
});
