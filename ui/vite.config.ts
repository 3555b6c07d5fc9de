/// <reference types="vitest/config" />
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

/** The web view reads woff2: the second copy of each face, as woff, is left out of the build. */
export function keepWoff2(): Plugin {
  return {
    name: "keep-woff2",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("@fontsource")) return null;
      return { code: code.replace(/,\s*url\([^)]*\.woff\)\s*format\(['"]woff['"]\)/g, ""), map: null };
    },
  };
}

export default defineConfig({
  plugins: [keepWoff2(), svelte()],
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  build: {
    target: "safari17",
    outDir: "dist",
    emptyOutDir: true,
    // The CSP allows no data: fonts, and a file is as quick as an inlined one here.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    // axe reads a whole screen, which takes its time on a busy machine.
    testTimeout: 300_000,
  },
});
