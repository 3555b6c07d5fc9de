// Between the model's rich text and the editor's document. Both ways are total, and there and back is the identity for
// every text in normal form: runs that share their marks are one run, and a blank text has no blocks.

import type { JSONContent } from "@tiptap/core";

import type { Block, Link, ListItem, RichText, Run } from "../ipc/bindings";

type TextRun = Extract<Run, { type: "text" }>;

/** The editor's document that shows this text. A blank text shows one empty paragraph to type in. */
export function toDocument(text: RichText | null): JSONContent {
  return { type: "doc", content: toNodes(text?.blocks ?? []) };
}

/** The text that this document holds. */
export function toRichText(document: JSONContent): RichText {
  const blocks = toBlocks(document.content ?? []);
  return { blocks: isOneEmptyParagraph(blocks) ? [] : blocks };
}

/** Whether both texts are the same, however their objects were made. */
export function isSameText(one: RichText | null, other: RichText | null): boolean {
  return JSON.stringify(one?.blocks ?? []) === JSON.stringify(other?.blocks ?? []);
}

/** The words alone, a line a paragraph. */
export function toPlainText(text: RichText | null): string {
  const lines: string[] = [];
  const collect = (blocks: Block[]) => {
    for (const block of blocks) {
      switch (block.type) {
        case "paragraph":
          lines.push(plainRuns(block.runs));
          break;
        case "bulleted_list":
        case "numbered_list":
          for (const item of block.items) collect(item.blocks);
          break;
        case "picture":
          if (block.caption !== "") lines.push(block.caption);
          break;
      }
    }
  };
  collect(text?.blocks ?? []);
  return lines.join("\n");
}

/** One paragraph a line, for texts typed in a plain field. */
export function fromPlainText(text: string): RichText {
  if (text === "") return { blocks: [] };
  return {
    blocks: text.split("\n").map((line): Block => ({
      type: "paragraph",
      runs: line === "" ? [] : [{ type: "text", text: line, bold: false, italic: false, link: null }],
    })),
  };
}

/** The words of one line of a form. */
export function plainRuns(runs: Run[]): string {
  return runs.map((run) => (run.type === "text" ? run.text : "\n")).join("");
}

export function countWords(text: RichText | null): number {
  return toPlainText(text).split(/\s+/u).filter(Boolean).length;
}

// ---- There -----------------------------------------------------------------------------------------------------

function toNodes(blocks: Block[]): JSONContent[] {
  return blocks.length === 0 ? [{ type: "paragraph" }] : blocks.map(toNode);
}

function toNode(block: Block): JSONContent {
  switch (block.type) {
    case "paragraph":
      return block.runs.length === 0
        ? { type: "paragraph" }
        : { type: "paragraph", content: block.runs.filter(isVisible).map(toInline) };
    case "bulleted_list":
      return { type: "bulleted_list", content: toItems(block.items) };
    case "numbered_list":
      return { type: "numbered_list", attrs: { start: block.start }, content: toItems(block.items) };
    case "picture": {
      const { attachment, description, caption } = block;
      return { type: "picture", attrs: { attachment, description, caption } };
    }
  }
}

function toItems(items: ListItem[]): JSONContent[] {
  const shown = items.length === 0 ? [{ blocks: [] }] : items;
  return shown.map((item) => ({ type: "list_item", content: toNodes(item.blocks) }));
}

/** The editor knows no empty text. */
function isVisible(run: Run): boolean {
  return run.type === "break" || run.text !== "";
}

function toInline(run: Run): JSONContent {
  if (run.type === "break") return { type: "break" };
  const marks: JSONContent["marks"] = [];
  if (run.link) marks.push({ type: "link", attrs: { address: run.link.address } });
  if (run.bold) marks.push({ type: "bold" });
  if (run.italic) marks.push({ type: "italic" });
  return marks.length === 0 ? { type: "text", text: run.text } : { type: "text", text: run.text, marks };
}

// ---- And back --------------------------------------------------------------------------------------------------

function toBlocks(nodes: JSONContent[]): Block[] {
  return nodes.flatMap((node): Block[] => {
    const content = node.content ?? [];
    switch (node.type) {
      case "paragraph":
        return [{ type: "paragraph", runs: toRuns(content) }];
      case "bulleted_list":
        return [{ type: "bulleted_list", items: content.map(toItem) }];
      case "numbered_list":
        return [{ type: "numbered_list", start: toStart(node.attrs?.["start"]), items: content.map(toItem) }];
      case "picture":
        return [
          {
            type: "picture",
            attachment: toWords(node.attrs?.["attachment"]),
            description: toWords(node.attrs?.["description"]),
            caption: toWords(node.attrs?.["caption"]),
          },
        ];
      default:
        // The schema is closed, so there is nothing else.
        return [];
    }
  });
}

function toItem(node: JSONContent): ListItem {
  const blocks = toBlocks(node.content ?? []);
  return { blocks: isOneEmptyParagraph(blocks) ? [] : blocks };
}

function toRuns(nodes: JSONContent[]): Run[] {
  const runs: Run[] = [];
  for (const node of nodes) {
    if (node.type === "break") {
      runs.push({ type: "break" });
      continue;
    }
    const run = toTextRun(node);
    const last = runs.at(-1);
    if (last?.type === "text" && haveSameMarks(last, run)) last.text += run.text;
    else runs.push(run);
  }
  return runs;
}

function toTextRun(node: JSONContent): TextRun {
  let [bold, italic] = [false, false];
  let link: Link | null = null;
  for (const mark of node.marks ?? []) {
    if (mark.type === "bold") bold = true;
    if (mark.type === "italic") italic = true;
    if (mark.type === "link") {
      const address: unknown = mark.attrs?.["address"];
      link = { address: typeof address === "string" ? address : null };
    }
  }
  return { type: "text", text: node.text ?? "", bold, italic, link };
}

function haveSameMarks(one: TextRun, other: TextRun): boolean {
  return (
    one.bold === other.bold &&
    one.italic === other.italic &&
    (one.link === null) === (other.link === null) &&
    one.link?.address === other.link?.address
  );
}

function isOneEmptyParagraph(blocks: Block[]): boolean {
  const [only] = blocks;
  return blocks.length === 1 && only?.type === "paragraph" && only.runs.length === 0;
}

function toStart(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : 1;
}

function toWords(value: unknown): string {
  return typeof value === "string" ? value : "";
}
