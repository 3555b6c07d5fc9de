//! Compiles the window's configuration, capabilities, icons and interface into the program.
//!
//! The interface is packed here, once. The macro `generate_context!` would pack it in each compilation of the program:
//! the program and its tests are compiled side by side and write the same files, and one of them may embed a file that
//! the other has only begun.

fn main() {
    let attributes = tauri_build::Attributes::new().codegen(tauri_build::CodegenContext::new());
    if let Err(error) = tauri_build::try_build(attributes) {
        // A build script tells why it failed by what it prints, and that it failed by how it ends.
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
