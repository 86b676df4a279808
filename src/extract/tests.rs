//! Whole pages through the whole extractor.
