// Shows what pdf.js makes of PDFs: node pages.mjs FOLDER FILE.pdf...
//
// For each file, by its place in the list: FOLDER/<index>-<page>.txt has its words, one piece a line, each with the place
// where it begins, and FOLDER/<index>-<page>.ppm its picture at 50 dots an inch. pdf.js is the window's own, and draws by
// the canvas that it names among its optional dependencies; where that is not installed, there are words and boxes alone,
// and the last line printed is "no pictures".

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ui = process.env.DPIA_UI ?? join(dirname(fileURLToPath(import.meta.url)), "../../ui");
const library = join(ui, "node_modules/pdfjs-dist");
const canvas = await import(createRequire(join(library, "package.json")).resolve("@napi-rs/canvas")).catch(() => null);
const { AnnotationMode, VerbosityLevel, getDocument } = await import(join(library, "legacy/build/pdf.mjs"));
const RESOLUTION = 50;

/** A picture as PPM: three bytes a dot, on white. */
function toPicture(context, width, height) {
  const { data } = context.getImageData(0, 0, width, height);
  const dots = Buffer.alloc(width * height * 3);
  for (let dot = 0; dot < width * height; dot += 1) {
    for (let colour = 0; colour < 3; colour += 1) dots[dot * 3 + colour] = data[dot * 4 + colour];
  }
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), dots]);
}

async function draw(page) {
  const viewport = page.getViewport({ scale: RESOLUTION / 72 });
  const [width, height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)];
  const context = canvas.createCanvas(width, height).getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  await page.render({ canvasContext: context, viewport, annotationMode: AnnotationMode.ENABLE }).promise;
  return toPicture(context, width, height);
}

const [folder, ...files] = process.argv.slice(2);
for (const [index, file] of files.entries()) {
  const task = getDocument({
    data: new Uint8Array(await readFile(file)),
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    standardFontDataUrl: join(library, "standard_fonts/"),
    cMapUrl: join(library, "cmaps/"),
    wasmUrl: join(library, "wasm/"),
  });
  const document = await task.promise;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const pieces = items.filter((item) => "str" in item && item.str.trim() !== "");
    const lines = pieces.map((item) => `${item.transform[4].toFixed(2)} ${item.transform[5].toFixed(2)} ${item.str}`);
    const text = [`box ${page.view.join(" ")} rotate ${page.rotate}`, ...lines].join("\n");
    await writeFile(join(folder, `${index}-${number}.txt`), text);
    if (canvas) await writeFile(join(folder, `${index}-${number}.ppm`), await draw(page));
    page.cleanup();
  }
  await task.destroy();
}
console.log(canvas ? "pictures" : "no pictures");
