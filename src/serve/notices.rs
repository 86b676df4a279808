//! What a page says of what was just done: kept until it is shown, and named by a number in the address, so that
//! nobody can put words on a page by a link.

use crate::serve::numbered::Numbered;

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
#[derive(Debug)]
pub(crate) struct Notices(Numbered<Notice>);

impl Default for Notices {
    fn default() -> Notices {
        Notices(Numbered::new(KEPT))
    }
}

impl Notices {
    /// Keeps a notice, and gives its number.
    pub(crate) fn add(&self, text: impl Into<String>, action: Option<(String, String)>) -> u64 {
        let text = text.into();
        self.0.add(Notice { text, action })
    }

    /// The notice of this number.
    pub(crate) fn get(&self, number: u64) -> Option<Notice> {
        self.0.get(number)
    }
}
