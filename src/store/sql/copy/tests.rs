//! Copies between engines.
