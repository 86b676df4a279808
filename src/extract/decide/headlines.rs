//! Headlines of the article, which are a field of its own, and headings that only look like one. Above the
//! text, a heading that says one of the titles that the page states is the headline, even if the title that
//! was chosen is another. Within the text, a heading of the first level is a subhead: some editors offer no
//! other.

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::decide::least_score;
use crate::extract::features::PageView;
use crate::page::text::plain;

/// Shorter titles may be part of any heading.
const TITLE: usize = 16;
/// A heading that holds a title has this many times its bytes at most: the rest is a kicker.
const KICKER: usize = 3;
/// A longer heading within the text is a caption.
const SUBHEAD: usize = 120;
/// A paragraph of this many characters begins the text.
const PARAGRAPH: usize = 80;

/// Settles which headings are headlines.
pub(super) fn settle(view: &PageView<'_, '_>, body: &mut Body) {
    let titles = titles(view);
    let Some(text) = first_text(view, body, &titles) else {
        return;
    };
    drop_above(view, body, text, &titles);
    keep_subheads(view, body, text, &titles);
}

/// The titles that the page states, letters and digits alone.
fn titles(view: &PageView<'_, '_>) -> Vec<String> {
    let fields = view.fields;
    let mut titles: Vec<String> = Vec::new();
    for title in fields.title.iter().chain(&fields.stated_titles) {
        let title = plain(title);
        if !title.is_empty() && !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

/// The first paragraph that is kept and long enough to begin the text.
fn first_text(view: &PageView<'_, '_>, body: &Body, titles: &[String]) -> Option<usize> {
    body.kept().find(|&block| {
        body.roles[block] == Role::Paragraph
            && view.blocks.list[block].chars >= PARAGRAPH
            && !titles.contains(&plain(view.blocks.text(block)))
    })
}

/// Drops headings above the text that say a title, alone or together with the next one.
fn drop_above(view: &PageView<'_, '_>, body: &mut Body, text: usize, titles: &[String]) {
    let is_open =
        |&it: &usize| body.verdicts[it].is_kept_by_score() && body.roles[it] == Role::Heading;
    let says = |it: usize| (it, plain(view.blocks.text(it)));
    let headings: Vec<(usize, String)> = (0..text).filter(is_open).map(says).collect();
    for (at, (block, own)) in headings.iter().enumerate() {
        if says_title(own, titles) {
            body.verdicts[*block] = BlockVerdict::Headline;
        }
        if let Some((next, rest)) = headings.get(at + 1)
            && titles.contains(&format!("{own}{rest}"))
        {
            body.verdicts[*block] = BlockVerdict::Headline;
            body.verdicts[*next] = BlockVerdict::Headline;
        }
    }
}

/// Keeps headings of the first level below the beginning of the text, unless they repeat the headline. The
/// score has to be that of text: the headline of another article scores low.
fn keep_subheads(view: &PageView<'_, '_>, body: &mut Body, text: usize, titles: &[String]) {
    for block in text + 1..body.verdicts.len() {
        let at = &view.blocks.list[block];
        if body.verdicts[block] == BlockVerdict::Headline
            && at.role == Role::Heading
            && at.chars <= SUBHEAD
            && body.scores[block] >= least_score(view, block)
            && !says_title(&plain(view.blocks.text(block)), titles)
        {
            body.verdicts[block] = BlockVerdict::Kept(KeepReason::Score);
        }
    }
}

/// True for a heading that is a title, with a kicker or a subtitle or without; and for a part of a title.
fn says_title(own: &str, titles: &[String]) -> bool {
    titles.iter().any(|title| {
        let (short, long) = if own.len() < title.len() {
            (own, title.as_str())
        } else {
            (title.as_str(), own)
        };
        let is_edge = long.starts_with(short) || long.ends_with(short);
        own == title || is_edge && short.len() >= TITLE && long.len() <= short.len() * KICKER
    })
}
