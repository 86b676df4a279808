//! The words that readers' comments are recognised by. They are data, in `rules/threads.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    names: Names,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    sure: HashSet<String>,
    likely: HashSet<String>,
    before: HashSet<String>,
    after: HashSet<String>,
}

/// How surely an element's id or class names comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// Not at all.
    None,
    /// With a word that is used for other things too.
    Likely,
    /// With a word of its own.
    Sure,
}

// The file is compiled in and tested; a broken one would know no comments.
static WORDS: LazyLock<File> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../rules/threads.toml")).unwrap_or_default()
});

/// How surely an id or a class names comments. `buffer` is for the words of it, one at a time.
pub(super) fn naming(value: &str, buffer: &mut String) -> Naming {
    let names = &WORDS.names;
    let mut best = Naming::None;
    let (mut after_part, mut after_likely) = (false, false);
    for_each_word(value, buffer, |word| {
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        if after_likely && (is_number || names.after.contains(word)) {
            best = Naming::Sure;
        }
        let own = naming_of_word(word);
        best = best.max(match own {
            Naming::Likely if after_part => Naming::Sure,
            own => own,
        });
        after_likely = own == Naming::Likely;
        after_part = names.before.contains(word);
    });
    best
}

fn naming_of_word(word: &str) -> Naming {
    let names = &WORDS.names;
    if names.sure.contains(word) {
        return Naming::Sure;
    }
    if names.likely.contains(word) {
        return Naming::Likely;
    }
    let is_name = |it: &str| names.sure.contains(it) || names.likely.contains(it);
    let is_joined = word.char_indices().skip(1).any(|(at, _)| {
        let (head, tail) = word.split_at(at);
        names.before.contains(head) && is_name(tail) || is_name(head) && names.after.contains(tail)
    });
    if is_joined {
        Naming::Sure
    } else {
        Naming::None
    }
}

/// Visits the words of a name in lower case: `userComments-list2` is user, comments, list, 2.
fn for_each_word(name: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    buffer.clear();
    let mut last = ' ';
    for c in name.chars() {
        let is_cut = !c.is_alphanumeric()
            || c.is_uppercase() && last.is_lowercase()
            || c.is_ascii_digit() != last.is_ascii_digit();
        if is_cut && !buffer.is_empty() {
            found(buffer);
            buffer.clear();
        }
        if c.is_alphanumeric() {
            buffer.extend(c.to_lowercase());
        }
        last = c;
    }
    if !buffer.is_empty() {
        found(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Naming {
        naming(value, &mut String::new())
    }

    #[test]
    fn the_file_can_be_read_and_is_in_lower_case() {
        let file: File = toml::from_str(include_str!("../../../../rules/threads.toml")).unwrap();
        assert!(file._about.contains("ust never catch"));
        let names = file.names.sure.iter().chain(&file.names.likely);
        for word in names.chain(&file.names.before).chain(&file.names.after) {
            assert_eq!(*word, word.to_lowercase());
        }
        assert!(file.names.sure.is_disjoint(&file.names.likely));
    }

    #[test]
    fn names_of_comments_are_known_in_many_languages() {
        for name in [
            "comments",
            "commentlist",
            "userComments",
            "post-comment",
            "comment-412",
            "article_comments_box",
            "leserkommentare",
            "komentarze-lista",
            "pinglunList",
            "sxolia",
            "kommentarii",
            "opinie-lista",
            "CommentsArea2",
        ] {
            assert_eq!(of(name), Naming::Sure, "{name}");
        }
        for name in [
            "tone-comment",
            "opinie",
            "k_nForum",
            "discussion",
            "kommentar",
        ] {
            assert_eq!(of(name), Naming::Likely, "{name}");
        }
    }

    #[test]
    fn words_that_hold_a_name_are_not_names() {
        for name in [
            "commentary",
            "commentator",
            "opinion",
            "recommended",
            "forums-news",
            "threadneedle",
            "debate",
            "column",
        ] {
            assert_eq!(of(name), Naming::None, "{name}");
        }
    }
}
