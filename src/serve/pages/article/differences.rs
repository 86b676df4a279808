//! What changed from one revision of an article to another, paragraph by paragraph and in edited paragraphs word by word.

use crate::article::Article;
use crate::compare::{Change, WordRun, changes};
use crate::serve::markup::Markup;
use crate::wording::counts::counted;

/// Texts of more bytes together are not compared.
const MOST: usize = 400_000;

/// The differences between two revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Differences {
    pub(super) before: u32,
    pub(super) after: u32,
    /// The headline and the text with what went and what came; `None` where they are too long to compare.
    pub(super) marked: Option<Markup>,
    pub(super) is_nothing: bool,
}

impl Differences {
    /// Compares two revisions.
    pub(super) fn of(before: &Article, after: &Article) -> Differences {
        let is_short = before.text.len() + after.text.len() <= MOST;
        Differences {
            before: before.revision,
            after: after.revision,
            marked: is_short.then(|| marked(before, after)),
            is_nothing: before.text == after.text && before.title == after.title,
        }
    }
}

fn marked(before: &Article, after: &Article) -> Markup {
    let mut out = Markup::default();
    if before.title != after.title {
        let titles = [
            (&before.title, "<h3><del>", "</del></h3>\n"),
            (&after.title, "<h3><ins>", "</ins></h3>\n"),
        ];
        for (title, start, end) in titles {
            let title = title.as_deref().unwrap_or_default();
            out.raw(start).text(title).raw(end);
        }
    }
    let mut paragraphs = after.text.split("\n\n").filter(|it| !it.is_empty());
    for change in changes(&before.text, &after.text) {
        match change {
            Change::Same(count) => unchanged(&mut out, paragraphs.by_ref().take(count)),
            Change::Removed(text) => {
                out.raw("<p><del>").text(text).raw("</del></p>\n");
            }
            Change::Added(text) => {
                paragraphs.next();
                out.raw("<p><ins>").text(text).raw("</ins></p>\n");
            }
            Change::Edited(runs) => {
                paragraphs.next();
                out.raw("<p>");
                runs.into_iter().for_each(|run| words(&mut out, run));
                out.raw("</p>\n");
            }
        }
    }
    out
}

/// Paragraphs that are shown when they are asked for.
fn unchanged<'t>(out: &mut Markup, paragraphs: impl Iterator<Item = &'t str>) {
    let mut same = Markup::default();
    let mut count = 0;
    for paragraph in paragraphs {
        same.element("p", paragraph);
        count += 1;
    }
    let sum = format!("{} unchanged", counted(count, "paragraph"));
    out.raw("<details><summary>").text(&sum).raw("</summary>\n");
    out.add(&same).raw("</details>\n");
}

fn words(out: &mut Markup, run: WordRun<'_>) {
    let (start, end) = match run {
        WordRun::Same(_) => ("", ""),
        WordRun::Removed(_) => ("<del>", "</del>"),
        WordRun::Added(_) => ("<ins>", "</ins>"),
    };
    out.raw(start).text(run.text()).raw(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(revision: u32, title: &str, text: &str) -> Article {
        Article {
            revision,
            title: Some(title.to_owned()),
            text: text.to_owned(),
            ..Article::default()
        }
    }

    #[test]
    fn what_went_and_what_came_is_marked() {
        let before = "One.\n\nTwo hours late, the ferry said.\n\nLog in.";
        let after = "One.\n\nThree hours late, the ferry said.\n\nMore <i>.";
        let differences = Differences::of(
            &article(1, "Ferry <b>", before),
            &article(2, "Ferries", after),
        );
        assert!(!differences.is_nothing);
        assert_eq!(
            differences.marked.unwrap().to_string(),
            "<h3><del>Ferry &lt;b&gt;</del></h3>\n<h3><ins>Ferries</ins></h3>\n\
             <details><summary>1 paragraph unchanged</summary>\n<p>One.</p>\n</details>\n\
             <p><del>Two </del><ins>Three </ins>hours late, the ferry said.</p>\n\
             <p><del>Log in.</del></p>\n<p><ins>More &lt;i&gt;.</ins></p>\n"
        );
    }

    #[test]
    fn texts_without_end_are_not_compared() {
        let long = article(1, "", &"a ".repeat(MOST));
        assert!(Differences::of(&long, &long).marked.is_none());
        assert!(Differences::of(&long, &long).is_nothing);
    }
}
