//! What is kept for a while under a number: the newest of it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values under numbers, from 1; the oldest go where there are too many.
#[derive(Debug)]
pub(crate) struct Numbered<T> {
    most: usize,
    kept: Mutex<(u64, VecDeque<(u64, T)>)>,
}

impl<T: Clone> Numbered<T> {
    /// Keeps so many.
    pub(crate) fn new(most: usize) -> Numbered<T> {
        Numbered {
            most,
            kept: Mutex::new((0, VecDeque::new())),
        }
    }

    /// Keeps a value, and gives its number.
    pub(crate) fn add(&self, value: T) -> u64 {
        let mut guard = self.lock();
        let (last, kept) = &mut *guard;
        *last += 1;
        kept.push_back((*last, value));
        if kept.len() > self.most {
            kept.pop_front();
        }
        *last
    }

    /// The value under this number.
    pub(crate) fn get(&self, number: u64) -> Option<T> {
        let kept = self.lock();
        let found = kept.1.iter().find(|(it, _)| *it == number);
        found.map(|(_, value)| value.clone())
    }

    /// Forgets a value.
    pub(crate) fn forget(&self, number: u64) {
        self.lock().1.retain(|(it, _)| *it != number);
    }

    fn lock(&self) -> MutexGuard<'_, (u64, VecDeque<(u64, T)>)> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_under_their_numbers() {
        let kept = Numbered::new(2);
        assert_eq!([kept.add("a"), kept.add("b"), kept.add("c")], [1, 2, 3]);
        assert_eq!([kept.get(1), kept.get(2)], [None, Some("b")]);
        kept.forget(2);
        assert_eq!([kept.get(2), kept.get(3)], [None, Some("c")]);
    }
}
