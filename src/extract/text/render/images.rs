//! The pictures of the body: those between its blocks and above them, with alternative text, caption and
//! credit. Pictures of cards, authors and buttons, spacers and tracking pixels are none of it.

use std::collections::HashSet;

use crate::article::{Image, Role};
use crate::extract::decide::body::BlockVerdict;
use crate::extract::rules::{BUILT_IN, Group};
use crate::extract::text::render::Source;
use crate::extract::text::render::address;
use crate::extract::text::render::credits;
use crate::page::lazy;
use crate::page::text::push_folded;
use crate::page::{Id, Tag};

/// Smaller pictures, in CSS pixels, are icons and tracking pixels.
const SMALLEST: u32 = 64;
/// A picture and its caption have a common element no farther up than this.
const CAPTION_DEPTH: usize = 6;
/// More pictures than this are not read.
const MOST: usize = 1000;

/// A picture at its place.
#[derive(Debug)]
pub(super) struct Picture {
    /// Its node.
    pub(super) id: Id,
    /// What is known of it.
    pub(super) image: Image,
    /// The blocks of its caption.
    pub(super) captions: Vec<usize>,
}

/// The pictures of the kept blocks, in document order.
pub(super) fn pictures(source: &Source<'_, '_>) -> Vec<Picture> {
    let Some(finder) = Finder::new(source) else {
        return Vec::new();
    };
    let mut pictures: Vec<Picture> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let mut claimed: HashSet<usize> = HashSet::new();
    let tree = source.tree;
    let images =
        (finder.start..finder.end).filter(|&id| matches!(tree.tag(id), Tag::Img | Tag::Amp));
    for id in images.take(MOST) {
        // A `<noscript>` is not shown; its picture stands for one that a script loads.
        let mut up = tree.ancestors(id).take(3);
        let holder = up.find(|&up| tree.tag(up) == Tag::Noscript);
        let place = holder.map_or(id, |it| tree.parent(it));
        let is_twin = || holder.is_some() && pictures.last().is_some_and(|it| it.id > place);
        if is_small(source, id) || is_twin() {
            continue;
        }
        let Some(around) = finder.text_around(id, place) else {
            continue;
        };
        let Some(src) = lazy::address(tree, id).and_then(|it| address::picture(source, it)) else {
            continue;
        };
        if !known.insert(without_query(&src).to_owned()) {
            continue;
        }
        let captions = finder.captions(id, around);
        let Some(captions) = captions else { continue };
        let captions: Vec<usize> = captions
            .into_iter()
            .filter(|&it| claimed.insert(it))
            .collect();
        let (caption, credit) = credits::caption_and_credit(source, &captions, around);
        let alt = tree.attr(id, "alt").map(folded);
        let alt = alt.filter(|it| !it.is_empty() && !is_file_name(it));
        pictures.push(Picture {
            id,
            image: Image {
                src,
                alt,
                caption,
                credit,
            },
            captions,
        });
    }
    pictures
}

/// Finds out which pictures belong to the body.
struct Finder<'s, 'p, 'a> {
    source: &'s Source<'p, 'a>,
    /// Where the body begins and ends.
    start: Id,
    end: Id,
    /// For each block, how many before it are no captions, and how many of those are kept or the headline.
    texts: Vec<usize>,
    kept: Vec<usize>,
}

impl<'s, 'p, 'a> Finder<'s, 'p, 'a> {
    fn new(source: &'s Source<'p, 'a>) -> Option<Self> {
        let (tree, list) = (source.tree, &source.blocks.list);
        let (first, last) = (source.body.kept().next()?, source.body.kept().last()?);
        let (mut texts, mut kept) = (vec![0], vec![0]);
        for block in 0..list.len() {
            let is_text = usize::from(!is_caption(source, block));
            let verdict = source.body.verdicts[block];
            let is_kept = verdict.is_kept() || verdict == BlockVerdict::Headline;
            texts.push(texts[block] + is_text);
            kept.push(kept[block] + is_text * usize::from(is_kept));
        }
        let headline = (0..first)
            .rev()
            .find(|&it| source.body.verdicts[it] == BlockVerdict::Headline);
        let headline = headline.map_or(list[first].first, |it| list[it].first);
        let mut up = tree.ancestors(list[first].first);
        let article = up.find(|&id| matches!(tree.tag(id), Tag::Article | Tag::Main));
        let article = article.unwrap_or(tree.parent(list[first].owner));
        let after = list[last].owner;
        let parent = tree.parent(after);
        let is_page = matches!(tree.tag(parent), Tag::Body | Tag::Html | Tag::Root);
        Some(Finder {
            source,
            start: article.min(headline),
            end: tree.end(if is_page { after } else { parent }),
            texts,
            kept,
        })
    }

    /// The blocks in an element.
    fn blocks_in(&self, id: Id) -> std::ops::Range<usize> {
        let list = &self.source.blocks.list;
        let before = |end: Id| list.partition_point(|it| it.first < end);
        let start = before(id);
        start..before(self.source.tree.end(id)).max(start)
    }

    fn count(&self, counts: &[usize], id: Id) -> usize {
        let blocks = self.blocks_in(id);
        counts[blocks.end].saturating_sub(counts[blocks.start])
    }

    /// The nearest element around a picture that has text besides captions, if that text is of the body and
    /// no rule drops the picture alone, by its own mark or that of its place.
    fn text_around(&self, id: Id, marked: Id) -> Option<Id> {
        let (tree, marks) = (self.source.tree, self.source.marks);
        let around = tree
            .ancestors(id)
            .find(|&up| self.count(&self.texts, up) > 0)?;
        let is_kept = self.count(&self.kept, around) > 0;
        let is_caption = marks.group(marked, &BUILT_IN) == Some(Group::Caption);
        let is_dropped = marks.is_stripped(marked) && !is_caption && !marks.is_stripped(around);
        (is_kept && !is_dropped && (is_caption || !marks.is_certain(marked, &BUILT_IN)))
            .then_some(around)
    }

    /// The blocks of a picture's caption; `None` where it is the text of a card: a link.
    fn captions(&self, id: Id, around: Id) -> Option<Vec<usize>> {
        let tree = self.source.tree;
        let below = tree
            .ancestors(id)
            .take(CAPTION_DEPTH)
            .take_while(|&up| up != around);
        let mut holders = below.filter(|&up| !self.blocks_in(up).is_empty());
        let Some(holder) = holders.next() else {
            return Some(Vec::new());
        };
        let list = &self.source.blocks.list;
        let blocks = self.blocks_in(holder);
        let is_card = blocks.clone().all(|it| list[it].is_links());
        (!is_card).then(|| {
            blocks
                .filter(|&it| self.is_in_caption(it, around))
                .collect()
        })
    }

    /// True for a block in an element that is named for captions, and not for the label of a player, a byline or
    /// a button inside the figure.
    fn is_in_caption(&self, block: usize, around: Id) -> bool {
        const NAMES: [&str; 8] = [
            "caption",
            "legend",
            "bildunterschrift",
            "credit",
            "copyright",
            "photographer",
            "desc",
            "source",
        ];
        let tree = self.source.tree;
        let is_named = |id: Id| {
            let class = tree
                .attr(id, "class")
                .unwrap_or_default()
                .to_ascii_lowercase();
            tree.tag(id) == Tag::Figcaption || NAMES.iter().any(|it| class.contains(it))
        };
        let verdict = self.source.body.verdicts[block];
        let mut up = tree.ancestors(self.source.blocks.list[block].first);
        let is_other = matches!(
            verdict,
            BlockVerdict::Byline | BlockVerdict::Headline | BlockVerdict::Phrase
        );
        !is_other && up.by_ref().take_while(|&id| id != around).any(is_named)
    }
}

/// True for blocks that belong to pictures.
fn is_caption(source: &Source<'_, '_>, block: usize) -> bool {
    let entry = &source.blocks.list[block];
    source.body.roles[block] == Role::Caption
        || entry.role == Role::Caption
        || source.marks.group(entry.first, &BUILT_IN) == Some(Group::Caption)
}

/// True for icons, avatars, spacers and tracking pixels.
fn is_small(source: &Source<'_, '_>, id: Id) -> bool {
    const NAMES: [&str; 19] = [
        "icon", "icons", "logo", "avatar", "avatars", "emoji", "smiley", "smilies", "gravatar",
        "badge", "author", "byline", "spacer", "pixel", "tracking", "sprite", "share", "social",
        "button",
    ];
    const FOLDERS: [&str; 8] = [
        "emoji", "emojis", "avatar", "avatars", "icons", "smilies", "smileys", "pixel",
    ];
    let tree = source.tree;
    let size = |name: &str| {
        let value = tree.attr(id, name)?.trim();
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let is_pixels = matches!(&value[digits..], "" | "px");
        value[..digits].parse::<u32>().ok().filter(|_| is_pixels)
    };
    if ["width", "height"]
        .iter()
        .filter_map(|it| size(it))
        .any(|it| it < SMALLEST)
    {
        return true;
    }
    let names_of = |id: Id| {
        let class = tree.attr(id, "class").unwrap_or_default();
        class
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|it| NAMES.contains(&it))
    };
    let src = tree.attr(id, "src").unwrap_or_default();
    let mut folders = src.split('/').rev().skip(1);
    names_of(id)
        || folders.any(|it| FOLDERS.contains(&it))
        || src.contains("gravatar.com/")
        || src.contains("facebook.com/tr")
}

/// The text of an attribute as the text around it is read.
fn folded(value: &str) -> String {
    let mut text = String::new();
    push_folded(&mut text, value);
    text.truncate(text.trim_end().len());
    text
}

/// True for an alternative text that is only the name of the file.
fn is_file_name(alt: &str) -> bool {
    let extension = alt.rsplit_once('.').map(|it| it.1.to_ascii_lowercase());
    !alt.contains(' ')
        && extension.is_some_and(|it| ["jpg", "jpeg", "png", "gif", "webp", "avif"].contains(&&*it))
}

/// The address without what only chooses the size, where it names a file.
fn without_query(src: &str) -> &str {
    let path = src.split(['?', '#']).next().unwrap_or(src);
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.contains('.') { path } else { src }
}
