//! The corrections of this process that can be taken back, and the threads on which pages are explained.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::client::Readers;
use crate::correct::Undo;
use crate::limits::Limits;

/// Corrections that are kept.
const KEPT: usize = 100;

/// What corrections share.
#[derive(Debug)]
pub(crate) struct Corrections {
    /// Where pages are explained.
    pub(crate) readers: Readers,
    done: Mutex<(u64, VecDeque<Done>)>,
}

/// A correction that was written.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    number: u64,
    /// How to take it back.
    pub(crate) undo: Arc<Undo>,
    /// The page on which it was made.
    pub(crate) see: String,
}

impl Default for Corrections {
    fn default() -> Corrections {
        Corrections {
            readers: Readers::new(Limits::default().read_time),
            done: Mutex::default(),
        }
    }
}

impl Corrections {
    /// Keeps a correction, and gives its number.
    pub(crate) fn add(&self, undo: Undo, see: String) -> u64 {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, kept) = &mut *done;
        *last += 1;
        kept.push_back(Done {
            number: *last,
            undo: Arc::new(undo),
            see,
        });
        if kept.len() > KEPT {
            kept.pop_front();
        }
        *last
    }

    /// The correction of this number.
    pub(crate) fn get(&self, number: u64) -> Option<Done> {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.1.iter().find(|it| it.number == number).cloned()
    }

    /// Forgets one that was taken back.
    pub(crate) fn forget(&self, number: u64) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.1.retain(|it| it.number != number);
    }
}
