import { getSchema } from "@tiptap/core";
import { Node } from "@tiptap/pm/model";
import { describe, expect, it } from "vitest";

import type { Block, RichText, Run } from "../ipc/bindings";
import { countWords, fromPlainText, isSameText, toDocument, toPlainText, toRichText } from "./mapping";
import { extensionsWith } from "./schema";

const schema = getSchema(extensionsWith(null));

const words = (text: string, marks: Partial<Extract<Run, { type: "text" }>> = {}): Run => ({
  type: "text",
  text,
  bold: false,
  italic: false,
  link: null,
  ...marks,
});
const paragraph = (...runs: Run[]): Block => ({ type: "paragraph", runs });

describe("a text", () => {
  const check = (name: string, blocks: Block[]) =>
    it(`comes back as it went: ${name}`, () => {
      const text: RichText = { blocks };
      // Through the real schema, so a document the editor would refuse fails here.
      const node = Node.fromJSON(schema, toDocument(text));
      node.check();
      expect(toRichText(node.toJSON())).toEqual(text);
    });

  check("blank", []);
  check("one paragraph", [paragraph(words("Juniper will resell Pupil Progress."))]);
  check("marks", [
    paragraph(
      words("plain "),
      words("bold", { bold: true }),
      words("both", { bold: true, italic: true }),
      words("a link", { link: { address: "https://example.org/?q=1&b=2" } }),
      words("next link", { link: { address: "https://example.org/2" } }),
      words("lost link", { link: { address: null }, bold: true }),
    ),
  ]);
  check("what looks like marks", [
    paragraph(words("1. not a list")),
    paragraph(words("# <b>hash</b> *")),
    paragraph(words("- dash")),
  ]);
  check("line breaks", [paragraph(words("one"), { type: "break" }, { type: "break" }, words("two"))]);
  check("empty paragraphs between", [paragraph(words("a")), paragraph(), paragraph(words("b"))]);
  check("nested lists", [
    {
      type: "bulleted_list",
      items: [
        {
          blocks: [
            paragraph(words("conditions;")),
            {
              type: "numbered_list",
              start: 4,
              items: [{ blocks: [paragraph(words("in August"))] }, { blocks: [] }],
            },
          ],
        },
        { blocks: [{ type: "bulleted_list", items: [{ blocks: [paragraph(words("straight in"))] }] }] },
      ],
    },
  ]);
  check("pictures", [
    paragraph(words("flow:")),
    { type: "picture", attachment: "ab".repeat(32), description: "MIS to cloud", caption: "" },
  ]);
  check("letters beyond Latin-1", [paragraph(words("Zażółć gęślą jaźń, 日本, 👩‍🏫"))]);
});

describe("a text that is not in normal form", () => {
  const check = (name: string, given: Block[], expected: Block[]) =>
    it(name, () => expect(toRichText(toDocument({ blocks: given }))).toEqual({ blocks: expected }));

  check("has its equal runs joined", [paragraph(words("a"), words("b"))], [paragraph(words("ab"))]);
  check("loses empty runs", [paragraph(words("a"), words("", { bold: true }))], [paragraph(words("a"))]);
  check("is blank where it is one empty paragraph", [paragraph()], []);
});

describe("plain words", () => {
  it("are read line by line and written back", () => {
    expect(toPlainText(fromPlainText("one\n\ntwo"))).toBe("one\n\ntwo");
    expect(fromPlainText("")).toEqual({ blocks: [] });
  });
  it("are counted whatever is between them", () => {
    expect(countWords(fromPlainText("  one two\nthree’s  four "))).toBe(4);
    expect(countWords(null)).toBe(0);
  });
  it("tell equal texts from others", () => {
    expect(isSameText(fromPlainText("a"), fromPlainText("a"))).toBe(true);
    expect(isSameText(fromPlainText("a"), fromPlainText("b"))).toBe(false);
    expect(isSameText(null, { blocks: [] })).toBe(true);
  });
});
