//! The store.

mod error;
mod lock;

pub use error::StoreError;
pub use lock::{Lock, LockError};
