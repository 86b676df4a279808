//! Writers, a file a format.
