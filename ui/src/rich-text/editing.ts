// What is done to an answer's document while it is open.

import type { Editor } from "@tiptap/core";
import { Slice } from "@tiptap/pm/model";

import type { RichText } from "../ipc/bindings";
import { isSameText, toDocument, toRichText } from "./mapping";
import { DEEPEST_LIST } from "./schema";

/** What the editor shows, as the model's rich text. */
export function readText(editor: Editor): RichText {
  return toRichText(editor.getJSON());
}

/**
 * Makes the editor show this text. Equal text is left alone, and of another only what differs is replaced, so the
 * caret stays where it was in the words that stayed.
 */
export function showText(editor: Editor, text: RichText | null): void {
  if (isSameText(readText(editor), text)) return;
  const { doc, tr } = editor.state;
  const next = editor.schema.nodeFromJSON(toDocument(text));
  const start = doc.content.findDiffStart(next.content);
  const end = doc.content.findDiffEnd(next.content);
  if (start === null || end === null) return;
  // Repeated letters let both differences overlap: move the ends apart.
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  const slice = next.slice(start, end.b + overlap);
  tr.setMeta("shown", true).setMeta("addToHistory", false);
  const whole = new Slice(next.content, 0, 0);
  try {
    tr.replace(start, end.a + overlap, slice);
    if (!tr.doc.eq(next)) throw new RangeError("the difference does not fit");
    editor.view.dispatch(tr);
  } catch {
    // A difference across list levels may not fit as a slice: then the whole is replaced, the caret by its place.
    const { tr: fresh, selection } = editor.state;
    fresh.replace(0, doc.content.size, whole).setMeta("shown", true);
    const place = Math.min(selection.head, fresh.doc.content.size);
    editor.view.dispatch(fresh);
    if (editor.isFocused) editor.commands.setTextSelection(place);
  }
}

/** Places a picture after the block with the caret, so that no sentence is torn apart. */
export function insertPicture(editor: Editor, attachment: string): void {
  const { $head } = editor.state.selection;
  const after = $head.depth === 0 ? $head.pos : $head.after(1);
  editor.chain().focus().insertContentAt(after, { type: "picture", attrs: { attachment } }).run();
}

/** How many lists the caret is in. */
export function listDepth(editor: Editor): number {
  const { $from } = editor.state.selection;
  let depth = 0;
  for (let level = $from.depth; level > 0; level -= 1) {
    if ($from.node(level).type.name.endsWith("_list")) depth += 1;
  }
  return depth;
}

export function mayNestDeeper(editor: Editor): boolean {
  return listDepth(editor) < DEEPEST_LIST;
}

/** The address of the link at the caret; null where there is none, "" where the address was lost. */
export function linkAtCaret(editor: Editor): string | null {
  if (!editor.isActive("link")) return null;
  const address: unknown = editor.getAttributes("link")["address"];
  return typeof address === "string" ? address : "";
}

/** A full address as it would be kept, or what is wrong with it. */
export function readAddress(typed: string): { address: string } | { trouble: string } {
  const text = typed.trim();
  if (/^mailto:[^\s@]+@[^\s@]+$/i.test(text)) return { address: text };
  if (/^[^\s@/:]+@[^\s@]+\.[^\s@]+$/.test(text)) return { address: `mailto:${text}` };
  if (/^https?:\/\/[^\s/]+\.[^\s]+$/i.test(text)) return { address: text };
  return { trouble: "Enter a full address that starts with https://" };
}
