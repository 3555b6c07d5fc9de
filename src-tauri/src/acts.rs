//! A ledger of acts, in the program that the tests drive and in no other: which commands of the door succeeded, begun by a key, a
//! click, a drop or typing, never by a script. The tests read it from the page when they close the window.

use tauri::Runtime;
use tauri::plugin::{Builder, TauriPlugin};

/// Notes each command that went well shortly after something that a person did. `edit` is noted by its intent, `save_answer` by
/// what was typed.
const LEDGER: &str = r#"
(() => {
  const acts = (window.__acts = []);
  const LONG_AGO = 15000;
  let did = -Infinity;
  const note = (event) => {
    if (event.isTrusted) did = performance.now();
  };
  for (const kind of ["keydown", "pointerdown", "mousedown", "click", "drop", "paste", "beforeinput"]) {
    window.addEventListener(kind, note, true);
  }
  const name = (command, body) => {
    const asked = typeof body === "string" ? JSON.parse(body) : {};
    if (command === "edit") return `edit:${asked.intent?.type}`;
    if (command === "save_answer") return `save_answer:${asked.typed?.type}`;
    return command;
  };
  const send = window.fetch;
  window.fetch = async (address, options) => {
    const isAct = performance.now() - did < LONG_AGO;
    const response = await send(address, options);
    const called = /^(?:ipc:\/\/localhost|https?:\/\/ipc\.localhost)\/(.+)$/.exec(String(address));
    if (isAct && called && response.headers.get("Tauri-Response") === "ok") {
      const command = decodeURIComponent(called[1]);
      if (!command.startsWith("plugin:")) acts.push(name(command, options?.body));
    }
    return response;
  };
})();
"#;

/// The plugin that puts the ledger into the page.
pub(crate) fn ledger<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("acts").js_init_script(LEDGER.to_owned()).build()
}
