// pdf.js, from our own files: its worker is a module of this origin, it fetches nothing and evaluates nothing. It is
// loaded when a report is first looked at.

import type * as PdfJs from "pdfjs-dist/legacy/build/pdf.mjs";
import workerAddress from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

/** A page on its way to a canvas. */
export type Drawing = { done: Promise<void>; stop: () => void };

/** A PDF that is open. */
export type OpenPdf = {
  pages: number;
  /** Of the first page, in points. */
  width: number;
  height: number;
  /** Draws a page, counted from 0, so many pixels wide. */
  draw: (page: number, canvas: HTMLCanvasElement, width: number) => Drawing;
  close: () => void;
};

type Drawer = { pdfJs: typeof PdfJs; worker: PdfJs.PDFWorker };
let drawer: Promise<Drawer> | undefined;

/** The one worker of the window. Without a real one nothing is drawn: pages parsed here would hold up the keys. */
async function startDrawer(): Promise<Drawer> {
  const pdfJs = await import("pdfjs-dist/legacy/build/pdf.mjs");
  pdfJs.GlobalWorkerOptions.workerSrc = workerAddress;
  const worker = new pdfJs.PDFWorker({ verbosity: pdfJs.VerbosityLevel.ERRORS });
  await worker.promise;
  if (!((worker.port as unknown) instanceof Worker)) {
    worker.destroy();
    throw new Error("The preview could not start.");
  }
  return { pdfJs, worker };
}

export async function openPdf(bytes: ArrayBuffer): Promise<OpenPdf> {
  drawer ??= startDrawer();
  const { pdfJs, worker } = await drawer;
  const task = pdfJs.getDocument({
    data: new Uint8Array(bytes),
    worker,
    isEvalSupported: false,
    useWasm: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    verbosity: pdfJs.VerbosityLevel.ERRORS,
  });
  const pdf = await task.promise;
  const { width, height } = (await pdf.getPage(1)).getViewport({ scale: 1 });
  return {
    pages: pdf.numPages,
    width,
    height,
    draw(page, canvas, pixels) {
      let rendering: PdfJs.RenderTask | undefined;
      let isStopped = false;
      const render = async () => {
        const drawn = await pdf.getPage(page + 1);
        if (isStopped) return;
        const viewport = drawn.getViewport({ scale: pixels / drawn.getViewport({ scale: 1 }).width });
        canvas.width = Math.round(viewport.width);
        canvas.height = Math.round(viewport.height);
        rendering = drawn.render({ canvas, viewport });
        await rendering.promise;
      };
      return {
        done: render(),
        stop() {
          isStopped = true;
          rendering?.cancel();
        },
      };
    },
    close: () => void task.destroy(),
  };
}
