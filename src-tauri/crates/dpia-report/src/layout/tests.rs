//! Rules of the flow, seen on whole layouts.
