// Where the window gets its door from: the one to Rust, or in a preview the one to fixtures (see dev/vite.config.ts).

export { commands as door } from "../ipc/bindings";
export { openChannel } from "../ipc/door";
