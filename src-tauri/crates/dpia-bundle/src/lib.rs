//! Bundles: .dpia files, one assessment each, to move and to keep.
