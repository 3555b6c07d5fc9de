//! dpia: the use cases in a terminal.
fn main() {}
