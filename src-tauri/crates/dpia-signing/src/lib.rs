//! Certificates, PAdES signatures and their verification: bytes in, bytes out.
