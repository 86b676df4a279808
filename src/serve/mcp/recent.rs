//! The articles that were fetched last: the parts of a text after the first come from here, without another request and
//! from the same state of the page.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::article::Article;

/// Articles that are kept…
const KEPT: usize = 16;
/// …and bytes of their texts.
const BYTES: usize = 32 << 20;

/// What an article was fetched as: its address, and what was wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) url: String,
    pub(super) markdown: bool,
    pub(super) any_kind: bool,
}

/// The articles that were fetched last, the newest at the end.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<VecDeque<(Key, Arc<Article>)>>);

impl Recent {
    /// Keeps an article, in the place of what was fetched so before.
    pub(super) fn put(&self, key: Key, article: Arc<Article>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(it, _)| *it != key);
        kept.push_back((key, article));
        while kept.len() > KEPT || (kept.len() > 1 && bytes(&kept) > BYTES) {
            kept.pop_front();
        }
    }

    /// What was fetched so before.
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Article>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(it, _)| it == key);
        found.map(|(_, article)| Arc::clone(article))
    }
}

fn bytes(kept: &VecDeque<(Key, Arc<Article>)>) -> usize {
    let sizes = kept
        .iter()
        .map(|(_, article)| article.text.len() + article.markdown.as_ref().map_or(0, String::len));
    sizes.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(url: &str) -> Key {
        Key {
            url: url.to_owned(),
            markdown: false,
            any_kind: false,
        }
    }

    fn article(bytes: usize) -> Arc<Article> {
        Arc::new(Article {
            text: "x".repeat(bytes),
            ..Article::default()
        })
    }

    #[test]
    fn the_oldest_go_by_number_and_by_size() {
        let recent = Recent::default();
        for at in 0..=KEPT {
            recent.put(key(&at.to_string()), article(1));
        }
        assert!(recent.get(&key("0")).is_none());
        assert!(recent.get(&key("1")).is_some());
        recent.put(key("large"), article(BYTES));
        assert!(recent.get(&key("1")).is_none());
        recent.put(key("larger"), article(BYTES + 1));
        assert!(recent.get(&key("large")).is_none());
        assert_eq!(recent.get(&key("larger")).unwrap().text.len(), BYTES + 1);
        let other = Key {
            markdown: true,
            ..key("larger")
        };
        assert!(recent.get(&other).is_none());
    }
}
