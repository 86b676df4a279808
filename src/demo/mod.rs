//! The demonstration newsroom.
