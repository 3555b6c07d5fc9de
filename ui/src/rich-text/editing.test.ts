import { Editor } from "@tiptap/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Block, RichText } from "../ipc/bindings";
import { insertPicture, readAddress, readText, showText } from "./editing";
import { fromPlainText, toDocument } from "./mapping";
import { extensionsWith } from "./schema";

let editor: Editor;
beforeEach(() => {
  editor = new Editor({
    element: document.createElement("div"),
    extensions: extensionsWith(null),
    injectCSS: false,
  });
});
afterEach(() => editor.destroy());

function show(text: RichText, caret: number): void {
  editor.commands.setContent(toDocument(text));
  editor.commands.setTextSelection(caret);
}
/** The words before the caret, in its own paragraph. */
function beforeCaret(): string {
  const { $head } = editor.state.selection;
  return $head.parent.textContent.slice(0, $head.parentOffset);
}

describe("the caret stays in its words", () => {
  const check = (name: string, was: string, caret: number, is: string, expected: string) =>
    it(name, () => {
      show(fromPlainText(was), caret);
      showText(editor, fromPlainText(is));
      expect(readText(editor)).toEqual(fromPlainText(is));
      expect(beforeCaret()).toBe(expected);
    });

  check("when nothing changes", "one two", 4, "one two", "one");
  check("when something comes before it", "two", 3, "one two", "one tw");
  check("when something comes after it", "one", 3, "one two", "on");
  check("when a paragraph goes before it", "first\nsecond", 10, "second", "se");
  check("when letters repeat", "aaaa", 3, "aaaaaa", "aa");
});

it("an equal text is left alone: no transaction, no move", () => {
  show(fromPlainText("one"), 2);
  let count = 0;
  editor.on("transaction", () => (count += 1));
  showText(editor, fromPlainText("one"));
  expect(count).toBe(0);
});

it("any text can be shown after any other", () => {
  const item = (...blocks: Block[]) => ({ blocks });
  const [a, b] = fromPlainText("alpha\nbeta").blocks as [Block, Block];
  const texts: RichText[] = [
    { blocks: [] },
    { blocks: [a, b] },
    { blocks: [{ type: "bulleted_list", items: [item(a), item(b)] }] },
    {
      blocks: [
        { type: "bulleted_list", items: [item(a, { type: "numbered_list", start: 3, items: [item(b)] })] },
        b,
      ],
    },
    { blocks: [a, { type: "picture", attachment: "ab".repeat(32), description: "d", caption: "c" }, a] },
    { blocks: [{ type: "numbered_list", start: 1, items: [item(a), item(a), item(b)] }] },
  ];
  for (const was of texts) {
    for (const is of texts) {
      show(was, 1);
      showText(editor, is);
      expect(readText(editor)).toEqual(is);
    }
  }
});

it("what is pasted keeps its words and loses what has no place", () => {
  editor.commands.setContent(
    '<h1>Head</h1><p>p <b>bold</b> <a href="javascript:alert(1)">bad</a> <a href="https://ok.org">ok</a><img src="x"></p><ul><li>a</li></ul>',
  );
  const run = (text: string, marks = {}) => ({
    type: "text",
    text,
    bold: false,
    italic: false,
    link: null,
    ...marks,
  });
  expect(readText(editor).blocks).toEqual([
    { type: "paragraph", runs: [run("Head")] },
    {
      type: "paragraph",
      runs: [
        run("p "),
        run("bold", { bold: true }),
        run(" bad "),
        run("ok", { link: { address: "https://ok.org" } }),
      ],
    },
    { type: "bulleted_list", items: [item1()] },
  ]);
  function item1() {
    return { blocks: [{ type: "paragraph", runs: [run("a")] }] };
  }
});

it("a picture goes after the block with the caret, and tears no sentence", () => {
  show(fromPlainText("one two\nthree"), 4);
  insertPicture(editor, "ab".repeat(32));
  const [one, three] = fromPlainText("one two\nthree").blocks;
  expect(readText(editor).blocks).toEqual([
    one,
    { type: "picture", attachment: "ab".repeat(32), description: "", caption: "" },
    three,
  ]);
});

describe("an address", () => {
  const check = (typed: string, expected: string | null) =>
    it(`"${typed}" is ${expected ?? "refused"}`, () => {
      const read = readAddress(typed);
      expect("address" in read ? read.address : null).toBe(expected);
    });
  check(" https://www.thinkific.com/dpa/ ", "https://www.thinkific.com/dpa/");
  check("dpo@junipereducation.org", "mailto:dpo@junipereducation.org");
  check("mailto:dpo@junipereducation.org", "mailto:dpo@junipereducation.org");
  check("legal.hubspot", null);
  check("javascript:alert(1)", null);
  check("https://nodots", null);
});
