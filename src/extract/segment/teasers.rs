//! Lists of other articles that are longer than the article: news in brief among its teasers.

use std::collections::HashSet;

use crate::extract::rules::Mark;
use crate::page::{Id, Tag, Tree};

/// Links to different pages that a list of teasers has at least.
const LINKS: usize = 3;
/// No teaser has a piece of text of more characters, and an article has one.
const TEASER: usize = 160;

/// Lists looked at on one page: each costs a walk over it.
const LISTS: usize = 8;

/// Finds lists of teasers next to a text.
pub(super) struct Teasers<'a, 'p> {
    tree: &'a Tree<'p>,
    /// The rules that match each node.
    own: &'a [Mark],
    left: usize,
}

impl<'a, 'p> Teasers<'a, 'p> {
    pub(super) fn new(tree: &'a Tree<'p>, own: &'a [Mark]) -> Teasers<'a, 'p> {
        Teasers {
            tree,
            own,
            left: LISTS,
        }
    }

    /// True if an element is nothing but teasers, short texts with a link each, and a text of its own
    /// stands elsewhere on the page: then it is no container of the article, however much of the page
    /// it fills.
    pub(super) fn stand_next_to_a_text(&mut self, list: Id) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        are_teasers(self.tree, list) && has_text_outside(self.tree, list, self.own)
    }
}

fn are_teasers(tree: &Tree<'_>, list: Id) -> bool {
    let mut links = HashSet::new();
    let mut texts = 0;
    for id in tree.descendants(list) {
        if tree.tag(id) == Tag::A {
            links.extend(tree.attr(id, "href"));
        }
        match unlinked_text(tree, id) {
            Some(length) if length > TEASER => return false,
            Some(length) if length > TEASER / 8 => texts += 1,
            _ => {}
        }
    }
    links.len() >= LINKS && texts <= 2 * links.len()
}

fn has_text_outside(tree: &Tree<'_>, list: Id, own: &[Mark]) -> bool {
    let is_stripped = |id: Id| {
        tree.ancestors(id)
            .any(|above| matches!(own[above], Mark::Rule(_) | Mark::Site(_)))
    };
    (1..tree.len())
        .filter(|id| !tree.is_within(*id, list))
        .any(|id| unlinked_text(tree, id).is_some_and(|length| length > TEASER) && !is_stripped(id))
}

/// The length of a displayed text that is not in a link, in characters.
fn unlinked_text(tree: &Tree<'_>, id: Id) -> Option<usize> {
    let text = tree.own_text(id).filter(|_| tree.tag(id) == Tag::Text)?;
    let hidden = [Tag::A, Tag::Script, Tag::Head, Tag::Template];
    let is_shown = !tree
        .ancestors(id)
        .any(|above| hidden.contains(&tree.tag(above)));
    is_shown.then(|| text.trim().chars().count())
}

#[cfg(test)]
mod tests {
    use crate::extract::Extractor;
    use crate::page::Input;

    const BRIEF: &str = "The ferry between the two harbours sails again from Monday, the port \
        authority said. It had been laid up since the storm in March, which tore off its ramp. \
        Tickets are sold on board, and dogs travel free of charge.";

    fn text(list: &str) -> String {
        let html = format!(
            "<html lang=en><title>Ferry sails again</title><body><article><h1>Ferry sails again</h1>\
             <p>{BRIEF}</p></article>{list}</body></html>"
        );
        Extractor::default()
            .extract(&Input::new(html.as_bytes()))
            .article
            .text
    }

    fn teaser(number: usize) -> String {
        format!(
            "<li><a href=/n/{number}>The council votes on tree number {number} of the quay</a><p>After \
             a debate of {number} hours the old lime was spared, for now, said …</p></li>"
        )
    }

    #[test]
    fn a_brief_next_to_a_longer_list_of_related_articles_keeps_to_its_text() {
        let items: String = (1..=5).map(teaser).collect();
        for list in [
            format!("<section class=related><ul>{items}</ul></section>"),
            format!("<div class=most-read><ul>{items}</ul></div>"),
        ] {
            assert_eq!(text(&list), BRIEF);
        }
    }

    #[test]
    fn an_article_in_a_container_of_that_name_is_kept() {
        let other = BRIEF.replace("ferry", "tram").replace("port", "town");
        let html = format!(
            "<html lang=en><title>Ferry</title><body><main class=related-content><h1>Ferry sails again</h1>\
             <p>{BRIEF}</p><p>{other}</p><ul><li><a href=/1>One</a><li><a href=/2>Two</a><li>\
             <a href=/3>Three</a></ul></main><p>{}</p></body></html>",
            "We deliver on every working day, and on Saturdays for those who live near the harbour. \
             Write to us if your paper has not come by seven o'clock in the morning, please."
        );
        let article = Extractor::default()
            .extract(&Input::new(html.as_bytes()))
            .article;
        assert!(article.text.contains(BRIEF), "{}", article.text);
        assert!(article.text.contains(&other), "{}", article.text);
    }
}
