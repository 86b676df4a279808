//! Articles that span several pages: joined into one text, in which paragraphs that every page repeats
//! appear once.

use std::collections::HashSet;

use crate::article::Article;
use crate::canonical::digest;
use crate::page::text::{plain, word_count};

/// Shorter paragraphs may occur twice in one article: 'Yes.'
const FEWEST_LETTERS: usize = 20;

impl Article {
    /// Appends the text of the article's next page. Paragraphs of an earlier page, such as the lede, are
    /// left out; the fields stay those of the first page.
    pub fn join(&mut self, next: Article) {
        let words = (self.word_count as f64, next.word_count as f64);
        if words.1 > 0.0 {
            let sum = self.quality * words.0 + next.quality * words.1;
            self.quality = (sum / (words.0 + words.1) * 100.0).round() / 100.0;
        }
        add(&mut self.text, &next.text, "\n\n");
        if let (Some(whole), Some(part)) = (&mut self.markdown, &next.markdown) {
            add(whole, part, "\n\n");
        }
        if let (Some(whole), Some(part)) = (&mut self.html, &next.html) {
            add(whole, part, "\n");
        }
        if let (Some(whole), Some(part)) = (&mut self.blocks, next.blocks) {
            whole.extend(part);
        }
        if let (Some(whole), Some(part)) = (&mut self.images, next.images) {
            whole.extend(part);
        }
        if let (Some(whole), Some(part)) = (&mut self.links, next.links) {
            whole.extend(part);
        }
        for warning in next.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        self.word_count = word_count(&self.text);
        self.content_hash = digest(plain(&self.text).as_bytes());
    }
}

fn add(whole: &mut String, part: &str, separator: &str) {
    let known: HashSet<String> = whole.split(separator).map(plain).collect();
    let new = part.split(separator).filter(|paragraph| {
        let letters = plain(paragraph);
        letters.len() < FEWEST_LETTERS || !known.contains(&letters)
    });
    let new: Vec<&str> = new.collect();
    let new = new.join(separator);
    if !whole.is_empty() && !new.is_empty() && !whole.ends_with(separator) {
        whole.push_str(separator);
    }
    whole.push_str(&new);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(text: &str) -> Article {
        Article {
            text: text.to_owned(),
            word_count: word_count(text),
            quality: 1.0,
            ..Article::default()
        }
    }

    #[test]
    fn what_every_page_repeats_stands_once_and_short_answers_stay() {
        let lede = "The night ferry sails again after eleven years.";
        let mut whole = article(&format!("{lede}\n\nYes."));
        whole.join(article(&format!(
            "{lede}\n\nYes.\n\nThe mayor waved from the quay to all aboard."
        )));
        let expected =
            format!("{lede}\n\nYes.\n\nYes.\n\nThe mayor waved from the quay to all aboard.");
        assert_eq!(whole.text, expected);
        assert_eq!(whole.word_count, word_count(&expected));
        assert_eq!(whole.content_hash, digest(plain(&expected).as_bytes()));
    }
}
