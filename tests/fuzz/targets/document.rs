//! The fuzzer's way to [`dpia_fuzz::document`].
#![no_main]
#![allow(unsafe_code, missing_docs, reason = "the fuzzer calls a C function by its name")]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dpia_fuzz::document(bytes));
