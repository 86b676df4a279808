//! What the page's text shows of a title that is no heading of it: the headline as a line of its own, and
//! sections and the site as links, logos and the copyright notice.

use std::collections::HashMap;

use crate::extract::fields::field_text;
use crate::extract::fields::title::agreement::weight;
use crate::extract::fields::title::generic::is_generic;
use crate::extract::fields::title::segments::{Segments, Separator};
use crate::extract::fields::title::site_suffix::{Cut, Why};
use crate::page::{Id, Tag, Tree};

/// A headline that stands alone has at least this weight: two words, or so many characters.
const SHOWN_WEIGHT: usize = 4;
/// What is left of a title without a section has at least this weight.
const REST_WEIGHT: usize = 6;
/// No section and no site's name has more weight.
const SECTION_WEIGHT: usize = 12;
/// White space that a text may have more than the title it shows, in bytes.
const SPACE_BYTES: usize = 64;
/// Nodes of one line that are looked at.
const LINE_NODES: usize = 24;
/// A copyright notice has no more bytes.
const NOTICE_BYTES: usize = 400;
/// Elements around a text that are looked at.
const ANCESTORS: usize = 6;
/// A name in a copyright notice has at least so many letters.
const NAME_CHARS: usize = 3;
/// Notices of one page that are read.
const NOTICES: usize = 4;

/// How the page shows a part of a title.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    /// As a line of its own that is no link.
    line: Option<Id>,
    /// As the whole text of a link, or as a picture's alternative text.
    is_link: bool,
}

/// Where the parts of the page's titles stand in its text.
#[derive(Debug)]
pub(super) struct PageText {
    parts: HashMap<u64, Shown>,
    notices: Vec<String>,
    /// No part has more bytes.
    longest: usize,
}

impl PageText {
    /// Searches the page once for every run of segments of these titles.
    pub(super) fn of<'t>(tree: &Tree<'_>, titles: impl Iterator<Item = &'t str>) -> PageText {
        let mut text = PageText {
            parts: HashMap::new(),
            notices: Vec::new(),
            longest: 0,
        };
        for title in titles {
            text.longest = text.longest.max(title.len());
            let segments = Segments::of(title);
            let all = segments.len();
            let runs = (0..all).flat_map(|from| (from + 1..=all).map(move |to| (from, to)));
            for (from, to) in runs {
                let key = key(segments.slice(from, to));
                text.parts.entry(key).or_default();
            }
        }
        for id in 0..tree.len() {
            match tree.tag(id) {
                Tag::Text => text.add_text(tree, id),
                Tag::Img => text.add_logo(tree, id),
                _ => {}
            }
        }
        text
    }

    fn add_text(&mut self, tree: &Tree<'_>, id: Id) {
        let own = tree.own_text(id).unwrap_or_default();
        if self.notices.len() < NOTICES && own.len() <= NOTICE_BYTES && is_notice(own) {
            self.notices.push(field_text::plain(own).replace(' ', ""));
        }
        if own.len() > self.longest + SPACE_BYTES {
            return;
        }
        let Some(shown) = self.parts.get_mut(&key(own)) else {
            return;
        };
        match place(tree, id) {
            Place::Link => shown.is_link = true,
            Place::Line => shown.line = shown.line.or(Some(tree.parent(id))),
            Place::Other => {}
        }
    }

    fn add_logo(&mut self, tree: &Tree<'_>, id: Id) {
        let alt = tree.attr(id, "alt").unwrap_or_default();
        if alt.is_empty() || alt.len() > NOTICE_BYTES {
            return;
        }
        let segments = Segments::of(alt);
        let first = (segments.len() > 1).then(|| segments.slice(0, 1));
        for name in std::iter::once(alt).chain(first) {
            if let Some(shown) = self.parts.get_mut(&key(name)) {
                shown.is_link = true;
            }
        }
    }

    fn shown(&self, part: &str) -> Shown {
        self.parts.get(&key(part)).copied().unwrap_or_default()
    }

    /// The line of the page that shows this title.
    pub(super) fn line(&self, title: &str) -> Option<Id> {
        self.shown(title).line
    }

    /// True for a title all segments of which the page shows as links alone: sections, or the site.
    pub(super) fn is_link(&self, title: &str) -> bool {
        let segments = Segments::of(title);
        let mut each = (0..segments.len()).map(|it| segments.slice(it, it + 1));
        segments.len() > 0 && each.all(|it| is_generic(it) || self.is_label(it))
    }

    /// True for a segment that the page shows as a link or a logo alone.
    fn is_label(&self, part: &str) -> bool {
        let shown = self.shown(part);
        shown.is_link && shown.line.is_none()
    }

    /// True for a segment that stands in the copyright notice.
    fn is_in_notice(&self, part: &str) -> bool {
        let plain = field_text::plain(part).replace(' ', "");
        let is_name = plain.chars().count() >= NAME_CHARS;
        is_name && self.notices.iter().any(|it| it.contains(&plain))
    }

    /// A title without what the page shows to be none of its headline.
    pub(super) fn trim(&self, title: &str, cuts: &mut Vec<Cut>) -> String {
        let segments = Segments::of(title);
        let (mut from, mut to) = (0, segments.len());
        if to < 2 || self.line(title).is_some() {
            return title.to_owned();
        }
        let mut cut = |from, to, why| {
            let text = segments.slice(from, to).to_owned();
            cuts.push(Cut { text, why });
        };
        if let Some((first, last)) = self.headline(&segments) {
            if first > from {
                cut(from, first, Why::Shown);
            }
            if last < to {
                cut(last, to, Why::Shown);
            }
            return segments.slice(first, last).to_owned();
        }
        let is_left = |from, to| weight_of(segments.slice(from, to)) >= REST_WEIGHT;
        while to - from > 1 {
            let last = self.foreign(&segments, to - 1, to - 1);
            if let Some(why) = last.filter(|_| is_left(from, to - 1)) {
                to -= 1;
                cut(to, to + 1, why);
                continue;
            }
            let first = self.foreign(&segments, from, from + 1);
            let Some(why) = first.filter(|_| is_left(from + 1, to)) else {
                break;
            };
            cut(from, from + 1, why);
            from += 1;
        }
        segments.slice(from, to).to_owned()
    }

    /// The segments that the page shows as a line of their own, where they weigh more than any other.
    fn headline(&self, segments: &Segments<'_>) -> Option<(usize, usize)> {
        let all = segments.len();
        let is_open = |at: usize| segments.before(at) != Some(Separator::Colon);
        let runs = (0..all).flat_map(|from| (from + 1..=all).map(move |to| (from, to)));
        let runs = runs.filter(|&(from, to)| to - from < all && is_open(from) && is_open(to));
        let shown = runs.filter(|&(from, to)| self.is_headline(segments.slice(from, to)));
        let weighed = shown.map(|(from, to)| (weight_of(segments.slice(from, to)), (from, to)));
        let (weight, best) =
            weighed.max_by_key(|(weight, (from, _))| (*weight, usize::MAX - from))?;
        let others = (0..all).filter(|at| !(best.0..best.1).contains(at));
        let heaviest = others.map(|at| weight_of(segments.slice(at, at + 1))).max();
        (weight >= SHOWN_WEIGHT && heaviest.is_none_or(|it| it < weight)).then_some(best)
    }

    /// True for a line of the page that is not the site's name: short ones are neither links nor in the
    /// copyright notice.
    fn is_headline(&self, part: &str) -> bool {
        let shown = self.shown(part);
        let is_long = weight_of(part) >= SECTION_WEIGHT;
        shown.line.is_some() && (is_long || !shown.is_link && !self.is_in_notice(part))
    }

    /// Why a segment at an end of a title is none of its headline. `sign` is the segment before which
    /// the separator stands.
    fn foreign(&self, segments: &Segments<'_>, at: usize, sign: usize) -> Option<Why> {
        let part = segments.slice(at, at + 1);
        if weight_of(part) > SECTION_WEIGHT {
            return None;
        }
        if self.is_in_notice(part) {
            return Some(Why::Copyright);
        }
        let is_section = match segments.before(sign)? {
            Separator::Colon | Separator::SpacedColon => false,
            // What precedes a dash may be the topic.
            Separator::Spaced => sign == at,
            Separator::Bar | Separator::Dense => true,
        };
        (is_section && self.is_label(part)).then_some(Why::Link)
    }
}

fn weight_of(part: &str) -> usize {
    weight(&field_text::plain(part))
}

/// A hash of the letters and digits of a text, without regard to case.
fn key(text: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |c: char| hash = (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3);
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        if c.is_ascii() {
            add(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(&mut add);
        }
    }
    hash
}

/// Where a text stands.
enum Place {
    /// In a link.
    Link,
    /// Alone in its line.
    Line,
    /// Somewhere in a line, or where readers do not see it.
    Other,
}

fn place(tree: &Tree<'_>, id: Id) -> Place {
    let mut block = 0;
    for above in tree.ancestors(id).take(ANCESTORS) {
        match tree.tag(above) {
            Tag::A => return Place::Link,
            Tag::Script | Tag::Style | Tag::Title | Tag::Head | Tag::Button => return Place::Other,
            tag if tag.is_block() && block == 0 => block = above,
            _ => {}
        }
    }
    let is_letter = |text: &str| text.contains(char::is_alphanumeric);
    let ends_line = |&node: &Id| tree.tag(node).is_block() || tree.tag(node) == Tag::Br;
    let is_text = |node: Id| tree.own_text(node).is_some_and(is_letter);
    let before = (block..id)
        .rev()
        .take(LINE_NODES)
        .take_while(|it| !ends_line(it));
    let after = (id + 1..tree.end(block).max(id + 1)).take(LINE_NODES);
    let is_alone =
        !before.into_iter().any(is_text) && !after.take_while(|it| !ends_line(it)).any(is_text);
    if is_alone { Place::Line } else { Place::Other }
}

/// True for a line that says who owns the page.
fn is_notice(text: &str) -> bool {
    const SIGNS: &[&str] = &["Copyright", "COPYRIGHT", "copyright", "&copy;"];
    const OTHER_SIGNS: &[&str] = &["©", "版权所有", "版權所有"];
    let has = |signs: &[&str]| signs.iter().any(|it| text.contains(it));
    has(SIGNS) || !text.is_ascii() && has(OTHER_SIGNS)
}
