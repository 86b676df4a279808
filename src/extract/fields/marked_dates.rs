//! The dates that the page shows and marks as dates (`<time>`, `itemprop`, classes), with what each is: by its
//! label, by the label before it, by its mark.

use crate::extract::fields::date_lines::is_sentence;
use crate::extract::fields::dates::{self, DateReader, DateTime, Dated, Role};
use crate::extract::fields::sources::{LINE_CHARS, NEAR_HEADLINE, PageSources};
use crate::extract::fields::visible::{self, MarkedText};
use crate::page::Id;

/// Where readers see a marked date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    NearHeadline,
    Elsewhere,
}

/// A marked date.
#[derive(Debug, Clone, Copy)]
pub(super) struct MarkedDate {
    pub(super) date: DateTime,
    pub(super) role: Role,
    pub(super) shown: Shown,
}

/// The marked texts of the article, the clearest and nearest to the headline first; without those in sentences
/// and on the cards of other stories.
pub(super) fn texts<'p>(
    page: &'p PageSources<'_>,
    headline: Option<Id>,
    reader: DateReader,
) -> Vec<(&'p MarkedText, Shown)> {
    let (near, elsewhere) = page.scan.visible.dates(headline, NEAR_HEADLINE);
    let near = near.into_iter().map(|it| (it, Shown::NearHeadline));
    let elsewhere = elsewhere.into_iter().map(|it| (it, Shown::Elsewhere));
    let is_own = |it: &MarkedText| {
        if it.is_clear() {
            return !page.is_on_card_of_many(it.node, headline, reader);
        }
        !page.is_on_card(it.node, headline, reader) && !is_in_sentence(page, it, reader)
    };
    near.chain(elsewhere).filter(|(it, _)| is_own(it)).collect()
}

/// True where a marked text is a sentence or part of one.
fn is_in_sentence(page: &PageSources<'_>, marked: &MarkedText, reader: DateReader) -> bool {
    !marked.is_stated && is_sentence(&marked.text, reader)
        || page.is_in_sentence(marked.node, reader)
}

/// The dates of the marked texts, in their order.
pub(super) fn read(
    page: &PageSources<'_>,
    texts: &[(&MarkedText, Shown)],
    reader: DateReader,
) -> Vec<MarkedDate> {
    let dates = texts.iter().flat_map(|&(it, shown)| {
        let dated = dated(page, it, reader).into_iter();
        dated.map(move |Dated { date, role }| MarkedDate { date, role, shown })
    });
    dates.collect()
}

/// The dates of a marked text, each with what it is.
fn dated(page: &PageSources<'_>, marked: &MarkedText, reader: DateReader) -> Vec<Dated> {
    let stated = marked
        .is_stated
        .then(|| reader.parse(&marked.text))
        .flatten();
    let shown = || {
        let text = visible::short_text(page.tree, marked.node, LINE_CHARS);
        text.map(|it| reader.dated(&it)).unwrap_or_default()
    };
    let mut dated = match stated {
        Some(date) => {
            let role = label_of(page, marked).unwrap_or(Role::Unsaid);
            // The hour that readers are shown, where machines are told the day alone.
            let with_time = || {
                let mut shown = shown().into_iter();
                shown.find(|it| it.date.has_time() && it.date.is_same_day(&date))
            };
            let date = if date.has_time() {
                date
            } else {
                with_time().map_or(date, |it| it.date)
            };
            vec![Dated { date, role }]
        }
        None if marked.is_stated => shown(),
        None => reader.dated(&marked.text),
    };
    let by_mark = match (marked.is_property(), marked.is_modified) {
        (_, true) => Some(Role::Modified),
        (true, false) => Some(Role::Published),
        (false, false) => None,
    };
    let is_one = dated.len() == 1;
    for it in &mut dated {
        if marked.is_property() && is_one {
            it.role = by_mark.unwrap_or(it.role);
        } else if it.role == Role::Unsaid {
            it.role = page
                .label_before(marked.node)
                .or(by_mark)
                .unwrap_or(Role::Unsaid);
        }
    }
    dated
}

/// What the text that an element shows says of its date.
fn label_of(page: &PageSources<'_>, marked: &MarkedText) -> Option<Role> {
    let text = visible::short_text(page.tree, marked.node, LINE_CHARS)?;
    dates::announced(&text)
}

#[cfg(test)]
mod tests;
