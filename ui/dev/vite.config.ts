// The window in a browser on recorded answers, without Rust: to look at, never shipped.

import { fileURLToPath } from "node:url";
import { mergeConfig, type Plugin } from "vite";

import shipped from "../vite.config";

const recorded = fileURLToPath(new URL("./connection.ts", import.meta.url));

const useRecorded: Plugin = {
  name: "use-recorded",
  enforce: "pre",
  async resolveId(source, importer, options) {
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
    return resolved?.id.endsWith("/src/state/connection.ts") ? recorded : resolved;
  },
};

export default mergeConfig(shipped, {
  plugins: [useRecorded],
  build: { outDir: fileURLToPath(new URL("./built", import.meta.url)), minify: false },
  server: { port: 5174 },
});
