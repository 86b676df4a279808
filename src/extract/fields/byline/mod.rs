//! The authors. JSON-LD and `<meta>` come from the content system, clearly marked bylines are what
//! readers see. Where these name only the site or an organisation, a signature comes first and the
//! organisation next; weaker markup and lines that are merely worded like a byline come last.

mod lines;

use std::borrow::Cow;

use crate::extract::fields::candidate::{Candidate, Source};
use crate::extract::fields::names::{self, NameContext};
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::title::{Headline, is_site_name};
use crate::extract::fields::{field_text, meta};
use crate::page::Id;
use crate::selectors::SelectorKey;

/// Bylines marked at least this clearly name authors; others may name anyone.
const CLEAR_BYLINE: u8 = 2;
/// Elements marked at least this clearly hold the name and nothing else.
const NAME_ALONE: u8 = 4;
/// The `<meta>` that hold labels, and those that hold a name where the label says so.
const LABELLED: [(&str, &str); 2] = [
    ("twitter:label1", "twitter:data1"),
    ("twitter:label2", "twitter:data2"),
];

/// Reads the line that names the authors, given where the headline stands.
type LineReader = fn(&PageSources<'_>, Option<Id>) -> Option<String>;

/// A line near the headline that begins with 'By'. Where it names people in full, it is trusted more
/// than fields that name others: content systems state whoever uploaded the text.
const ANNOUNCED: &str = "line that begins with 'By'";

/// Lines that are worded like a byline, the most trusted first.
const WORDED: [(&str, LineReader, Rank); 7] = [
    (ANNOUNCED, lines::after_by, Rank::Worded),
    ("line of a date and a name", lines::after_date, Rank::Weak),
    (
        "line that begins with 'Written by'",
        lines::after_written_by,
        Rank::Worded,
    ),
    (
        "only line that begins with 'By'",
        lines::only_after_by,
        Rank::Worded,
    ),
    (
        "closing line with the reporter's name",
        lines::closing_line,
        Rank::Worded,
    ),
    (
        "line that begins with 'Author'",
        lines::after_label,
        Rank::Weak,
    ),
    ("line of credits", lines::credits, Rank::Weak),
];

/// What kind of source a candidate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// A user's selector.
    Selected,
    /// A field for authors, or markup that marks a byline and nothing else.
    Marked,
    /// Markup that marks a byline, perhaps with more in it.
    Noted,
    /// A name alone, set to the right, as under a letter.
    Signature,
    /// A line that is worded like a byline and nothing else.
    Worded,
    /// Markup that may mark a byline, or a line that may be one.
    Weak,
}

/// What one source says, as the page says it.
enum Text<'p> {
    Names(Vec<Cow<'p, str>>),
    /// To be searched for when it is asked for.
    Line(LineReader),
}

/// What one source says of the authors.
pub(super) struct Byline<'p> {
    rank: Rank,
    text: Text<'p>,
    headline: Option<Id>,
}

impl<'p> Byline<'p> {
    /// The names as the page states them.
    fn raw(&self, page: &PageSources<'_>) -> Vec<Cow<'_, str>> {
        match &self.text {
            Text::Names(names) => names.iter().map(|it| Cow::Borrowed(&**it)).collect(),
            Text::Line(read) => read(page, self.headline)
                .into_iter()
                .map(Cow::Owned)
                .collect(),
        }
    }

    /// The names, cleaned.
    pub(super) fn names(&self, source: Source<'_>, page: &PageSources<'_>) -> Vec<String> {
        names::clean(&self.raw(page), context(source), page.limits)
    }
}

/// The names that are not the site's; nothing where none of them is a person's. Agencies that
/// are stated with persons stay.
fn people(mut raw: Vec<Cow<'_, str>>, source: Source<'_>, page: &PageSources<'_>) -> Vec<String> {
    let is_site = |name: &str| is_site_name(name, &page.site_names);
    let is_organisation = |name: &str| {
        let linked = &page.linked.organisations;
        linked.iter().any(|it| it == name) && !names::is_agency(name)
    };
    raw.retain(|it| !is_site(it) && !is_organisation(it));
    let mut names = names::clean(&raw, context(source), page.limits);
    names
        .retain(|name| !is_site(name) && (!names::is_organisation(name) || names::is_agency(name)));
    if names.iter().all(|it| names::is_agency(it)) {
        names.clear();
    }
    names
}

fn context(source: Source<'_>) -> NameContext {
    match source {
        Source::Place(_) => NameContext::VisibleText,
        _ => NameContext::AuthorField,
    }
}

/// Every source that names authors, in order of trust; each is read when it is asked for.
pub(super) fn candidates<'p>(
    page: &'p PageSources<'_>,
    headline: &'p Headline,
) -> impl Iterator<Item = Candidate<'p, Byline<'p>>> {
    let node = headline.node;
    let new = move |source, rank, text| {
        let byline = Byline {
            rank,
            text,
            headline: node,
        };
        Candidate::new(source, byline)
    };
    let signature = (Source::Place("signature"), Text::Line(lines::signature));
    let hints = std::iter::once_with(move || page.scan.visible.bylines(node, 0));
    let hints = hints.flatten().map(move |names| {
        let source = Source::Place("weakly marked byline");
        new(source, Rank::Weak, borrowed(names))
    });
    let worded =
        WORDED.map(|(place, read, rank)| new(Source::Place(place), rank, Text::Line(read)));
    let selected = selected(page).map(move |(it, text)| new(it, Rank::Selected, text));
    let marked = marked(page, headline).map(move |(it, text)| new(it, Rank::Marked, text));
    let noted = std::iter::once_with(move || bylines(page, node, Rank::Noted));
    let noted = noted.flatten();
    let noted = noted.map(move |(it, text)| new(it, Rank::Noted, text));
    selected
        .chain(marked)
        .chain(noted)
        .chain([new(signature.0, Rank::Signature, signature.1)])
        .chain(hints)
        .chain(worded)
}

/// The names that each of a user's selectors finds.
fn selected<'p>(page: &'p PageSources<'_>) -> impl Iterator<Item = (Source<'p>, Text<'p>)> {
    let all = page.rules.texts(SelectorKey::Authors, page.tree);
    all.map(|(own, texts)| {
        let names = texts.map(Cow::Owned).collect();
        (Source::Selector(own), Text::Names(names))
    })
}

/// What is marked as the authors, in order of trust.
fn marked<'p>(
    page: &'p PageSources<'_>,
    headline: &'p Headline,
) -> impl Iterator<Item = (Source<'p>, Text<'p>)> {
    let linked = page.linked.authors.iter().map(String::as_str);
    let linked = std::iter::once((Source::JsonLd("author"), borrowed(linked.collect())));
    let stated = meta::AUTHORS.iter().map(|&name| {
        let names = page.scan.metas.contents(name);
        let names = match name {
            "citation_author" => {
                let names = names.iter().map(|raw| names::first_name_first(raw));
                Text::Names(names.map(Cow::Owned).collect())
            }
            _ => borrowed(names.to_vec()),
        };
        (Source::Meta(name), names)
    });
    let labelled = LABELLED.iter().filter_map(|&(label, name)| {
        let author = labelled_author(page, label, name)?;
        Some((Source::Meta(name), borrowed(vec![author])))
    });
    let node = headline.node;
    let bylines = std::iter::once_with(move || bylines(page, node, Rank::Marked)).flatten();
    // Some systems state the headline for an author.
    let title = headline.text.as_deref().map(field_text::plain);
    let is_title = move |name: &Cow<'_, str>| title.as_ref() == Some(&field_text::plain(name));
    let all = linked.chain(stated).chain(labelled).chain(bylines);
    all.filter(move |(_, text)| match text {
        Text::Names(names) => !names.iter().any(&is_title),
        Text::Line(_) => true,
    })
}

/// What markup marks as a byline so clearly, the clearest and nearest first.
fn bylines<'p>(
    page: &'p PageSources<'_>,
    headline: Option<Id>,
    rank: Rank,
) -> impl Iterator<Item = (Source<'p>, Text<'p>)> {
    let visible = &page.scan.visible;
    let clearest = visible.bylines(headline, NAME_ALONE);
    let bylines = if rank == Rank::Marked {
        clearest
    } else {
        // The clearest come first.
        let mut all = visible.bylines(headline, CLEAR_BYLINE);
        all.drain(..clearest.len().min(all.len()));
        all
    };
    let bylines = bylines.into_iter();
    bylines.map(|names| (Source::Place("byline"), borrowed(names)))
}

fn borrowed(names: Vec<&str>) -> Text<'_> {
    Text::Names(names.into_iter().map(Cow::Borrowed).collect())
}

/// Twitter's cards have free labels; content systems put 'Written by' into one of them.
fn labelled_author<'p>(page: &'p PageSources<'_>, label: &str, name: &str) -> Option<&'p str> {
    let metas = &page.scan.metas;
    let announces_author = names::is_lead(metas.get(label)?);
    announces_author.then(|| metas.get(name)).flatten()
}

/// The authors: those of the first source that names people, else of the first that names anyone.
pub(super) fn decide(page: &PageSources<'_>, headline: &Headline) -> Vec<String> {
    let mut all = candidates(page, headline);
    let mut organisations: Option<Vec<String>> = None;
    while let Some(Candidate { source, value }) = all.next() {
        let is_marked = matches!(value.rank, Rank::Marked | Rank::Noted);
        // A line is searched for over the whole page: once.
        let raw = value.raw(page);
        if raw.is_empty() {
            continue;
        }
        let names = || non_empty(names::clean(&raw, context(source), page.limits));
        if organisations.is_none() && !is_marked {
            let people = match value.rank {
                Rank::Selected => Vec::new(),
                _ => people(raw.clone(), source, page),
            };
            match non_empty(people).or_else(names) {
                Some(names) => return names,
                None => continue,
            }
        }
        let people = people(raw.clone(), source, page);
        let is_later = organisations.iter().flatten().any(|it| is_office(it, page));
        if is_marked && is_trusted(source, value.rank, &people, is_later) {
            let rest = other_people(all, page);
            let is_weaker = is_stated(source) || value.rank == Rank::Noted;
            return of_people(people, is_weaker, rest, announced(page, headline));
        }
        if matches!(value.rank, Rank::Signature | Rank::Worded) && is_of_full_names(&people) {
            return people;
        }
        if is_marked {
            organisations = organisations.or_else(names);
        }
    }
    organisations.unwrap_or_default()
}

/// True for an office that is neither the site nor marked as an organisation, so that it is meant as
/// the author: `Harbour Staff`.
fn is_office(name: &str, page: &PageSources<'_>) -> bool {
    names::is_organisation(name)
        && !is_site_name(name, &page.site_names)
        && !page.linked.organisations.iter().any(|it| it == name)
}

/// True where a source may name the authors. After an office has been stated, markup does so only
/// where it is clear, with full names.
fn is_trusted(source: Source<'_>, rank: Rank, people: &[String], is_later: bool) -> bool {
    let is_clear =
        !is_later || is_stated(source) || (rank == Rank::Marked && is_of_full_names(people));
    !people.is_empty() && is_clear
}

fn is_of_full_names(people: &[String]) -> bool {
    !people.is_empty() && people.iter().all(|it| names::is_whole(it))
}

/// The authors, given the people of the first source, whether it is weaker than a line under the
/// headline, what the other sources say, and whom such a line announces.
fn of_people(
    people: Vec<String>,
    is_weaker: bool,
    rest: impl Iterator<Item = (Vec<String>, NameContext)>,
    announced: Option<Vec<String>>,
) -> Vec<String> {
    match announced {
        Some(names) if is_weaker && names::are_others(&people, &names) => names,
        announced => {
            let seen = announced.map(|it| (it, NameContext::VisibleText));
            names::fullest(people, rest.chain(seen))
        }
    }
}

/// True for what is stated for machines.
fn is_stated(source: Source<'_>) -> bool {
    matches!(source, Source::JsonLd(_) | Source::Meta(_))
}

/// The people that a line under the headline names in full after 'By'.
fn announced(page: &PageSources<'_>, headline: &Headline) -> Option<Vec<String>> {
    let line = lines::under_headline(page, headline.node)?;
    let names = names::clean(&[line], NameContext::VisibleText, page.limits);
    let is_site = |name: &str| is_site_name(name, &page.site_names);
    let is_person = |name: &String| !names::is_organisation(name) && !is_site(name);
    (is_of_full_names(&names) && names.iter().all(is_person)).then_some(names)
}

/// The people that the remaining marked sources name.
fn other_people<'p>(
    rest: impl Iterator<Item = Candidate<'p, Byline<'p>>>,
    page: &PageSources<'_>,
) -> impl Iterator<Item = (Vec<String>, NameContext)> {
    let marked = rest.take_while(|it| matches!(it.value.rank, Rank::Marked | Rank::Noted));
    marked.map(|it| {
        (
            people(it.value.raw(page), it.source, page),
            context(it.source),
        )
    })
}

fn non_empty(names: Vec<String>) -> Option<Vec<String>> {
    (!names.is_empty()).then_some(names)
}
