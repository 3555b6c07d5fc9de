import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** Runes everywhere; styles leave the bundle as files, because the window's CSP admits no injected style element. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true, css: "external" },
};
