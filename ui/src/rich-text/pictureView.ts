// A picture in an answer: the picture itself, its description for those who cannot see it, and its caption.

import type { NodeViewRenderer } from "@tiptap/core";

export type ReadPicture = (attachment: string) => Promise<string>;

export function showPicture(readPicture: ReadPicture): NodeViewRenderer {
  return ({ node, editor, getPos }) => {
    const figure = document.createElement("figure");
    figure.className = "picture";
    const image = document.createElement("img");
    const description = makeField("Description of the picture, for those who cannot see it");
    const caption = makeField("Caption");
    figure.contentEditable = "false";
    figure.append(image, description.label, caption.label);

    let current = node;
    const write = (name: "description" | "caption", value: string) => {
      const position = getPos();
      if (position === undefined) return;
      editor.view.dispatch(editor.state.tr.setNodeAttribute(position, name, value));
    };
    description.input.addEventListener("input", () => write("description", description.input.value));
    caption.input.addEventListener("input", () => write("caption", caption.input.value));

    const show = () => {
      const { description: shown, caption: under } = current.attrs as Record<string, string>;
      image.alt = shown ?? "";
      if (description.input.value !== shown) description.input.value = shown ?? "";
      if (caption.input.value !== under) caption.input.value = under ?? "";
    };
    const load = () => {
      readPicture(String(current.attrs["attachment"])).then(
        (address) => (image.src = address),
        () => (image.alt = "This picture could not be read."),
      );
    };
    show();
    load();
    return {
      dom: figure,
      update(next) {
        if (next.type !== current.type) return false;
        const isOther = next.attrs["attachment"] !== current.attrs["attachment"];
        current = next;
        show();
        if (isOther) load();
        return true;
      },
      stopEvent: (event) => event.target instanceof HTMLInputElement,
      ignoreMutation: () => true,
    };
  };
}

function makeField(words: string): { label: HTMLLabelElement; input: HTMLInputElement } {
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.type = "text";
  label.append(words, input);
  return { label, input };
}
