//! What is known of every address and host.
