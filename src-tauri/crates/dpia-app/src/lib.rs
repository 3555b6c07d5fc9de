//! Use cases: everything a window or a terminal can ask for.
