//! Articles on disk.
