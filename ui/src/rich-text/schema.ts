// The closed set of nodes and marks that an answer may hold: the same set as the model's rich text.
// What is pasted with anything else in it keeps its words and loses the rest.

import { Mark, mergeAttributes, Node, type Extensions, type NodeViewRenderer } from "@tiptap/core";

const Doc = Node.create({ name: "doc", topNode: true, content: "block+" });

const Text = Node.create({ name: "text", group: "inline" });

const Paragraph = Node.create({
  name: "paragraph",
  group: "block",
  content: "inline*",
  priority: 1000,
  parseHTML: () => [{ tag: "p" }],
  renderHTML: () => ["p", 0],
});

const HardBreak = Node.create({
  name: "break",
  group: "inline",
  inline: true,
  selectable: false,
  linebreakReplacement: true,
  parseHTML: () => [{ tag: "br" }],
  renderHTML: () => ["br"],
  renderText: () => "\n",
  addKeyboardShortcuts() {
    const breakLine = () => this.editor.commands.insertContent({ type: this.name });
    return { "Shift-Enter": breakLine, "Mod-Enter": breakLine };
  },
});

const BulletedList = Node.create({
  name: "bulleted_list",
  group: "block",
  content: "list_item+",
  parseHTML: () => [{ tag: "ul" }],
  renderHTML: () => ["ul", 0],
});

const NumberedList = Node.create({
  name: "numbered_list",
  group: "block",
  content: "list_item+",
  addAttributes: () => ({
    start: {
      default: 1,
      parseHTML: (element: HTMLElement) => {
        const start = Number.parseInt(element.getAttribute("start") ?? "1", 10);
        return Number.isInteger(start) && start >= 0 ? start : 1;
      },
      renderHTML: ({ start }: Record<string, unknown>) => (start === 1 ? {} : { start }),
    },
  }),
  parseHTML: () => [{ tag: "ol" }],
  renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
});

const ListItem = Node.create({
  name: "list_item",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "li" }],
  renderHTML: () => ["li", 0],
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      Tab: () => this.editor.commands.sinkListItem(this.name),
      "Shift-Tab": () => this.editor.commands.liftListItem(this.name),
    };
  },
});

const Picture = Node.create({
  name: "picture",
  group: "block",
  atom: true,
  draggable: false,
  addAttributes: () => ({
    attachment: { default: "" },
    description: { default: "" },
    caption: { default: "" },
  }),
  // A picture comes in through its own button only: a pasted one carries no bytes that were checked.
  parseHTML: () => [
    {
      tag: "figure[data-attachment]",
      getAttrs: (element) => ({
        attachment: element.getAttribute("data-attachment") ?? "",
        description: element.getAttribute("data-description") ?? "",
        caption: element.getAttribute("data-caption") ?? "",
      }),
    },
  ],
  renderHTML: ({ node }) => [
    "figure",
    {
      "data-attachment": String(node.attrs["attachment"]),
      "data-description": String(node.attrs["description"]),
      "data-caption": String(node.attrs["caption"]),
    },
  ],
});

const Bold = Mark.create({
  name: "bold",
  parseHTML: () => [
    { tag: "strong" },
    // Word processors wrap a whole paste in <b style="font-weight: normal">.
    { tag: "b", getAttrs: (element) => (element.style.fontWeight === "normal" ? false : null) },
    { style: "font-weight", getAttrs: (value) => (/^(bold(er)?|[6-9]\d\d)$/.test(value) ? null : false) },
  ],
  renderHTML: () => ["strong", 0],
  addKeyboardShortcuts() {
    return { "Mod-b": () => this.editor.commands.toggleMark(this.name) };
  },
});

const Italic = Mark.create({
  name: "italic",
  parseHTML: () => [
    { tag: "em" },
    { tag: "i", getAttrs: (element) => (element.style.fontStyle === "normal" ? false : null) },
    { style: "font-style=italic" },
  ],
  renderHTML: () => ["em", 0],
  addKeyboardShortcuts() {
    return { "Mod-i": () => this.editor.commands.toggleMark(this.name) };
  },
});

const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  addAttributes: () => ({
    // Null where a document's conversion kept the label and lost the address.
    address: {
      default: null,
      parseHTML: (element: HTMLElement) => element.getAttribute("href"),
      rendered: false,
    },
  }),
  parseHTML: () => [
    {
      tag: "a[href]",
      getAttrs: (element) => (/^(https?|mailto):/i.test(element.getAttribute("href") ?? "") ? null : false),
    },
  ],
  renderHTML({ mark, HTMLAttributes }) {
    // Without an href: a click places the caret, it never leaves the window.
    const address: unknown = mark.attrs["address"];
    return [
      "a",
      mergeAttributes(
        HTMLAttributes,
        typeof address === "string" ? { title: address } : { "data-lost": "", title: "The address was lost" },
      ),
      0,
    ];
  },
});

/** The closed set, with pictures drawn by this view. */
export function extensionsWith(pictureView: NodeViewRenderer | null): Extensions {
  const picture = pictureView ? Picture.extend({ addNodeView: () => pictureView }) : Picture;
  return [Doc, Text, Paragraph, HardBreak, BulletedList, NumberedList, ListItem, picture, Bold, Italic, Link];
}

/** How deep lists may be nested; the report and the bundle hold to the same bound. */
export const DEEPEST_LIST = 8;
