//! What a page says of what was just done: kept until it is shown, and named by a number in the address, so that
//! nobody can put words on a page by a link.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Notices that are kept.
const KEPT: usize = 200;

/// What to say of something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// One sentence.
    pub(crate) text: String,
    /// A button that goes with it: what is on it, and where it posts to.
    pub(crate) action: Option<(String, String)>,
}

/// The notices of late.
#[derive(Debug, Default)]
pub(crate) struct Notices(Mutex<(u64, VecDeque<(u64, Notice)>)>);

impl Notices {
    /// Keeps a notice, and gives its number.
    pub(crate) fn add(&self, text: impl Into<String>, action: Option<(String, String)>) -> u64 {
        let text = text.into();
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, kept) = &mut *notices;
        *last += 1;
        kept.push_back((*last, Notice { text, action }));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        *last
    }

    /// The notice of this number.
    pub(crate) fn get(&self, number: u64) -> Option<Notice> {
        let notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = notices.1.iter().find(|(it, _)| *it == number);
        found.map(|(_, notice)| notice.clone())
    }
}
