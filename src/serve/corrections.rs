//! The corrections of this process that can be taken back.

use std::sync::Arc;

use crate::correct::Undo;
use crate::serve::numbered::Numbered;

/// Corrections that are kept.
pub(super) const KEPT: usize = 100;

/// The corrections of late.
pub(crate) type Corrections = Numbered<Done>;

/// A correction that was written.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    /// How to take it back.
    pub(crate) undo: Arc<Undo>,
    /// The page on which it was made.
    pub(crate) see: String,
}
