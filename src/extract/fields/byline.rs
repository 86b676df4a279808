//! Who wrote the article. Every place that may name authors is a [`Source`], and the order of the
//! lists here is the order of trust: JSON-LD and `<meta>` say whom the content system knows, plain
//! bylines what readers see. The site's own name stands for its people where none of these name any,
//! before mere hints in the markup and what is no more than worded like a byline.

use std::fmt;

use crate::extract::fields::authors::{self, Origin};
use crate::extract::fields::{AFTER_LABEL, LINE_CHARS, PageSources, field, meta, title, visible};
use crate::page::{Id, Tag};

/// Bylines marked at least so plainly name authors; those marked less may name anybody.
const PLAIN_BYLINE: u8 = 2;
/// The `<meta>` that holds a name where the label beside it says so.
const LABELLED: &str = "twitter:data1";

/// What parts a date from a name in one line.
const BETWEEN: [char; 6] = ['|', '-', '–', '—', '·', '•'];

/// A place that may name authors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// JSON-LD's `author`.
    Linked,
    /// A `<meta>` of this name.
    Meta(&'static str),
    /// Markup that marks a byline plainly.
    Byline,
    /// A name alone, set to the right, as under a letter.
    Signature,
    /// Markup that may mark a byline.
    Hint,
    /// A line near the headline that begins with 'By'.
    AfterBy,
    /// A line near the headline that is a date and a name.
    AfterDate,
    /// A line that begins with 'Written by' or other words of bylines alone.
    AfterWrittenBy,
    /// What follows 'Author:'.
    AfterLabel,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Linked => f.write_str("json-ld author"),
            Source::Meta(name) => write!(f, "meta {name}"),
            Source::Byline => f.write_str("byline"),
            Source::Signature => f.write_str("signature"),
            Source::Hint => f.write_str("byline, faintly marked"),
            Source::AfterBy => f.write_str("line that begins with 'By'"),
            Source::AfterDate => f.write_str("line of a date and a name"),
            Source::AfterWrittenBy => f.write_str("line that begins with 'Written by'"),
            Source::AfterLabel => f.write_str("line that begins with 'Author'"),
        }
    }
}

/// What a source says, as it says it.
struct NamedSource {
    source: Source,
    names: Vec<String>,
}

impl NamedSource {
    fn origin(&self) -> Origin {
        match self.source {
            Source::Linked | Source::Meta(_) => Origin::Stated,
            _ => Origin::Seen,
        }
    }

    fn cleaned(&self) -> Vec<String> {
        authors::clean(&self.names, self.origin())
    }
}

impl PageSources<'_, '_> {
    /// The authors: of the first source that names people, or else of the first that names anybody.
    pub(super) fn authors(&self, headline: Option<Id>, title: Option<&str>) -> Vec<String> {
        let marked = self.marked(headline, title);
        let mut people = marked.iter().map(|it| (self.people(it), it.origin()));
        if let Some((first, _)) = people.find(|it| !it.0.is_empty()) {
            return authors::fullest(first, people);
        }
        let signed = self.worded(Source::Signature, headline);
        let organisations = marked.iter().map(NamedSource::cleaned);
        let rest = std::iter::once(signed)
            .flatten()
            .map(|it| it.cleaned())
            .chain(organisations)
            .chain(self.hinted(headline).map(|it| it.cleaned()))
            .chain(self.unmarked(headline).map(|it| it.cleaned()));
        { rest }.find(|names| !names.is_empty()).unwrap_or_default()
    }

    /// What every source says of the authors, the most trusted first; those that are only asked where
    /// no other names anybody at the end.
    pub(super) fn author_candidates(
        &self,
        headline: Option<Id>,
        title: Option<&str>,
    ) -> Vec<(Source, Vec<String>)> {
        let marked = self.marked(headline, title);
        let signed = self.worded(Source::Signature, headline);
        let all = marked
            .into_iter()
            .chain(signed)
            .chain(self.hinted(headline))
            .chain(self.unmarked(headline));
        all.map(|it| (it.source, it.cleaned()))
            .filter(|it| !it.1.is_empty())
            .collect()
    }

    /// What is marked as the authors, in the order of trust.
    fn marked(&self, headline: Option<Id>, title: Option<&str>) -> Vec<NamedSource> {
        let stated = meta::AUTHORS.iter().map(|&name| {
            let names = self.scan.metas.first(&[name]);
            let names = match name {
                "citation_author" => names.iter().map(|raw| authors::turned(raw)).collect(),
                _ => owned(names),
            };
            (Source::Meta(name), names)
        });
        let bylines = self.scan.visible.bylines(headline, PLAIN_BYLINE);
        let bylines = bylines.iter().map(|names| (Source::Byline, owned(names)));
        // Some systems state the headline for an author.
        let title = title.map(field::plain);
        let is_title = |name: &String| title.as_ref() == Some(&field::plain(name));
        std::iter::once((Source::Linked, self.linked.authors.clone()))
            .chain(stated)
            .chain([(Source::Meta(LABELLED), owned(&self.labelled_author()))])
            .chain(bylines)
            .filter(|(_, names)| !names.iter().any(is_title))
            .map(|(source, names)| NamedSource { source, names })
            .collect()
    }

    fn hinted(&self, headline: Option<Id>) -> impl Iterator<Item = NamedSource> {
        let hints = self.scan.visible.bylines(headline, 0);
        let hints: Vec<Vec<String>> = hints.iter().map(|it| owned(it)).collect();
        hints.into_iter().map(|names| NamedSource {
            source: Source::Hint,
            names,
        })
    }

    /// What is worded like a byline, each found when it is asked for.
    fn unmarked(&self, headline: Option<Id>) -> impl Iterator<Item = NamedSource> {
        let sources = [
            Source::AfterBy,
            Source::AfterDate,
            Source::AfterWrittenBy,
            Source::AfterLabel,
        ];
        sources
            .into_iter()
            .filter_map(move |source| self.worded(source, headline))
    }

    fn worded(&self, source: Source, headline: Option<Id>) -> Option<NamedSource> {
        let name = match source {
            Source::Signature => self.signature(),
            Source::AfterBy => self.line_after_by(headline),
            Source::AfterDate => self.after_date(headline),
            Source::AfterWrittenBy => self.line_after_written_by(),
            Source::AfterLabel => self.after_label(),
            _ => None,
        };
        let names = vec![name?];
        Some(NamedSource { source, names })
    }

    /// The names that are not the site's, without the organisations among people.
    fn people(&self, said: &NamedSource) -> Vec<String> {
        let is_site = |name: &str| title::is_site_name(name, &self.sites);
        let organisations = &self.linked.organisations;
        let raw: Vec<&String> = said
            .names
            .iter()
            .filter(|it| !is_site(it) && !organisations.contains(it))
            .collect();
        let mut names = authors::clean(&raw, said.origin());
        names.retain(|name| !is_site(name));
        authors::without_organisations(names)
    }

    /// Twitter's cards have free labels; content systems put 'Written by' into the first.
    fn labelled_author(&self) -> Vec<&str> {
        let metas = &self.scan.metas;
        let label = metas.get("twitter:label1").unwrap_or_default();
        let names_author = authors::is_lead(label);
        names_author
            .then(|| metas.get(LABELLED))
            .flatten()
            .into_iter()
            .collect()
    }

    /// A short line near the headline that begins with 'By', or goes on so after a date.
    fn line_after_by(&self, headline: Option<Id>) -> Option<String> {
        let order = self.order();
        self.near(headline?).find_map(|node| {
            let text = self.tree.own_text(node)?;
            if authors::begins_byline(text) {
                return self.byline_at(node);
            }
            self.date_line(node, order)?;
            let line = self.line(self.tree.parent(node))?;
            authors::after_by(&line).map(str::to_owned)
        })
    }

    /// The name at the end of a short line near the headline that is a date otherwise.
    fn after_date(&self, headline: Option<Id>) -> Option<String> {
        let order = self.order();
        self.near(headline?).find_map(|node| {
            let text = self.tree.own_text(node)?.trim_end();
            let (_, name) = text.rsplit_once(BETWEEN)?;
            let name = name.trim_start();
            self.date_line(node, order)?;
            authors::is_full(name).then(|| name.to_owned())
        })
    }

    /// A short line, anywhere, that begins with 'Written by' or other words that nothing but a byline
    /// begins with; `None` where several name several people, as teasers do.
    fn line_after_written_by(&self) -> Option<String> {
        let mut lines = (0..self.tree.len()).filter_map(|node| {
            let text = self.tree.own_text(node)?;
            authors::begins_long_byline(text).then(|| self.byline_at(node))?
        });
        let line = lines.next()?;
        let names = |line: &str| authors::clean(&[line], Origin::Seen);
        let told = names(&line);
        lines.all(|it| names(&it) == told).then_some(line)
    }

    /// A name alone in a paragraph that is set to the right, as under a letter; `None` where there are
    /// several.
    fn signature(&self) -> Option<String> {
        let paragraphs = self.tree.elements(Tag::P);
        let mut names = paragraphs
            .filter(|&node| self.is_set_right(node))
            .filter_map(|node| visible::short_text(self.tree, node, LINE_CHARS))
            .filter(|line| authors::is_full(line));
        let name = names.next()?;
        names.next().is_none().then_some(name)
    }

    fn is_set_right(&self, node: Id) -> bool {
        let style = self.tree.attr(node, "style").unwrap_or_default();
        let align = style.split_once("text-align").map(|(_, rest)| rest);
        let value = align.or(self.tree.attr(node, "align")).unwrap_or_default();
        let value = value.trim_start_matches([':', ' ']);
        value
            .get(..5)
            .is_some_and(|it| it.eq_ignore_ascii_case("right"))
    }

    /// The line of a node that begins a byline. 'By' may stand alone, with the name in the next element.
    fn byline_at(&self, node: Id) -> Option<String> {
        let line = self.tree.parent(node);
        let is_alone = authors::is_lead(&self.tree.text(line));
        self.line(if is_alone {
            self.tree.parent(line)
        } else {
            line
        })
    }

    /// A short line, anywhere, that begins with 'Author:'; the last resort.
    fn after_label(&self) -> Option<String> {
        (0..self.tree.len()).find_map(|node| {
            let rest = authors::after_label(self.tree.own_text(node)?)?;
            if !rest.is_empty() {
                return Some(rest.to_owned()).filter(|it| it.chars().count() <= LINE_CHARS);
            }
            let next = node + 1..self.tree.len().min(node + AFTER_LABEL);
            let mut texts = next.into_iter().filter_map(|node| self.tree.own_text(node));
            let name = texts.find(|it| !it.trim().is_empty())?;
            Some(name.to_owned()).filter(|it| it.chars().count() <= LINE_CHARS)
        })
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&it| it.to_owned()).collect()
}
