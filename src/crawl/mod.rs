//! One pass over the sources.
