//! The fuzzer's way to [`dpia_fuzz::pdf`].
#![no_main]
#![allow(unsafe_code, missing_docs, reason = "the fuzzer calls a C function by its name")]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dpia_fuzz::pdf(bytes));
