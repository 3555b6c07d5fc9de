// The window in a browser, on fixtures instead of Rust: for looking, never for shipping.

import { fileURLToPath } from "node:url";
import { mergeConfig, type Plugin } from "vite";

import shipped from "../vite.config";

const fixtures = fileURLToPath(new URL("./connection.ts", import.meta.url));

const useFixtures: Plugin = {
  name: "use-fixtures",
  enforce: "pre",
  async resolveId(source, importer, options) {
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
    return resolved?.id.endsWith("/src/state/connection.ts") ? fixtures : resolved;
  },
};

export default mergeConfig(shipped, {
  plugins: [useFixtures],
  build: { outDir: fileURLToPath(new URL("./built", import.meta.url)), minify: false },
  server: { port: 5174 },
  preview: { port: 5174, strictPort: true },
});
