//! Features that tell an article from a shop's page, a forum or a list: one row of numbers for the whole
//! page, and the words of its texts, names, address and declared types, each counted once.

use url::Url;

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::decide::scoring::Scoring;
use crate::extract::features::PageView;
use crate::extract::features::text_stats::{Words, hash, step};
use crate::extract::model::encoding::{self, WordKind, word_kind};
use crate::extract::model::matrix::{FeatureMatrix, flag, log, share};
use crate::extract::model::{Known, Model};
use crate::extract::text::quality::quality;
use crate::page::Tag;

/// Blocks of at most this many words are labels, buttons, menus.
const SHORT: usize = 8;
/// Words read of one block.
const MOST: usize = 60;
/// A kept block is long from this many characters on.
const LONG_CHARS: usize = 160;
/// Bytes read of one class, id or path segment.
const NAME_BYTES: usize = 200;

/// Elements whose number is a feature.
const COUNTED: [(Tag, &str); 12] = [
    (Tag::Article, "article elements"),
    (Tag::Form, "forms"),
    (Tag::Input, "inputs"),
    (Tag::Button, "buttons"),
    (Tag::Img, "pictures"),
    (Tag::Table, "tables"),
    (Tag::Iframe, "frames"),
    (Tag::Video, "videos"),
    (Tag::Li, "items"),
    (Tag::Time, "times"),
    (Tag::Pre, "listings"),
    (Tag::Select, "choices"),
];

/// The model's score of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageScore {
    /// The probability that the page is an article, 0 to 1.
    pub article: f32,
    /// How many of the page's words the model knows. Where they are few, the page is unlike the training
    /// pages, and the score means little.
    pub known_words: usize,
    /// Their share of the page's words: small in a language that the model was not trained on.
    pub known_share: f32,
}

/// Scores a page whose blocks are decided; `None` where the model scores no pages.
pub fn score_page(
    view: &PageView<'_, '_>,
    scoring: &Scoring,
    body: &Body,
    model: &Model,
) -> Option<PageScore> {
    if model.about.page.is_empty() {
        return None;
    }
    let (matrix, words) = page_row(view, scoring, body, model);
    let article = *model.page.scores(&matrix, &[0]).first()?;
    Some(PageScore {
        article,
        known_words: words.known,
        known_share: share(words.known, words.known + words.unknown),
    })
}

/// How many different words of a page the model knows, and how many it does not.
#[derive(Debug, Clone, Copy)]
pub struct PageWords {
    known: usize,
    unknown: usize,
}

/// The features of a page, and how many of its words the model knows.
pub fn page_row(
    view: &PageView<'_, '_>,
    scoring: &Scoring,
    body: &Body,
    model: &Model,
) -> (FeatureMatrix, PageWords) {
    let mut matrix = FeatureMatrix::default();
    put_amounts(view, scoring, body, &mut matrix);
    put_roles(view, body, &mut matrix);
    put_fields(view, &mut matrix);
    let mut counts = [0usize; u8::MAX as usize + 1];
    for id in 0..view.tree.len() {
        counts[usize::from(encoding::tag(view.tree.tag(id)))] += 1;
    }
    for (tag, name) in COUNTED {
        matrix.put(name, log(counts[usize::from(encoding::tag(tag))]));
    }
    matrix.put("promise", quality(view.blocks, body, model) as f32);
    let (odds, words) = weigh_words(view, &scoring.stats.words, model);
    matrix.put("words", odds);
    matrix.end_row();
    (matrix, words)
}

/// The log odds by the page's words, and how many of them the model knows. The sum of their weights is
/// divided by the root of their number, so that a long page is not surer only because it is long.
fn weigh_words(view: &PageView<'_, '_>, words: &Words, model: &Model) -> (f32, PageWords) {
    let mut seen = model.page_words.distinct();
    let (mut sum, mut known, mut unknown) = (0.0, 0usize, Vec::new());
    for_each_page_word(view, words, |word| match seen.look_up(word) {
        Known::First(weight) => {
            sum += weight;
            known += 1;
        }
        Known::Again => {}
        Known::Not => unknown.push(word),
    });
    unknown.sort_unstable();
    unknown.dedup();
    let about = &model.about;
    let mean = sum / ((known + 1) as f32).sqrt();
    let words = PageWords {
        known,
        unknown: unknown.len(),
    };
    (about.page_scale * mean + about.page_bias, words)
}

fn put_amounts(
    view: &PageView<'_, '_>,
    scoring: &Scoring,
    body: &Body,
    matrix: &mut FeatureMatrix,
) {
    let blocks = &view.blocks.list;
    let kept: Vec<usize> = body.kept().collect();
    let all_chars: usize = blocks.iter().map(|it| it.chars).sum();
    let link_chars: usize = blocks.iter().map(|it| it.link_chars).sum();
    let kept_chars: usize = kept.iter().map(|&at| blocks[at].chars).sum();
    let long = kept.iter().filter(|&&at| blocks[at].chars >= LONG_CHARS);
    let mut sizes: Vec<usize> = kept.iter().map(|&at| blocks[at].chars).collect();
    sizes.sort_unstable();
    let linked = body
        .verdicts
        .iter()
        .filter(|it| **it == BlockVerdict::Links)
        .count();
    let scores: f32 = kept.iter().map(|&at| scoring.scores[at]).sum();
    let unsure = scoring
        .scores
        .iter()
        .filter(|it| (0.2..0.8).contains(*it))
        .count();
    matrix.put("kept characters", log(kept_chars));
    matrix.put("all characters", log(all_chars));
    matrix.put("kept share", share(kept_chars, all_chars));
    matrix.put("link share", share(link_chars, all_chars));
    matrix.put("kept blocks", log(kept.len()));
    matrix.put("all blocks", log(blocks.len()));
    matrix.put("long blocks", log(long.clone().count()));
    let long_chars = long.map(|&at| blocks[at].chars).sum();
    matrix.put("long share", share(long_chars, kept_chars));
    matrix.put("mean size", share(kept_chars, kept.len()));
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    matrix.put("median size", median as f32);
    matrix.put("blocks of links", log(linked));
    matrix.put("share of blocks of links", share(linked, blocks.len()));
    matrix.put("mean score", scores / kept.len().max(1) as f32);
    matrix.put("unsure share", share(unsure, blocks.len()));
    put_punctuation(&scoring.stats.words, &kept, kept_chars, matrix);
}

fn put_punctuation(words: &Words, kept: &[usize], chars: usize, matrix: &mut FeatureMatrix) {
    let mut counts = [0usize; 4];
    for &block in kept {
        for (count, own) in counts.iter_mut().zip(words.stats[block].punctuation) {
            *count += own;
        }
    }
    let names = ["questions", "exclamations", "quotations", "digits"];
    for (name, count) in names.into_iter().zip(counts) {
        matrix.put(name, share(count, chars));
    }
}

fn put_roles(view: &PageView<'_, '_>, body: &Body, matrix: &mut FeatureMatrix) {
    const NAMES: [(&str, &str); 8] = [
        ("standfirsts", "standfirst share"),
        ("headings", "heading share"),
        ("paragraphs", "paragraph share"),
        ("lists", "list share"),
        ("quotes", "quote share"),
        ("rows", "row share"),
        ("codes", "code share"),
        ("captions", "caption share"),
    ];
    let mut counts = [(0usize, 0usize); NAMES.len()];
    let mut all = 0;
    for block in body.kept() {
        let at = match body.roles[block] {
            Role::Standfirst => 0,
            Role::Heading => 1,
            Role::Paragraph => 2,
            Role::List => 3,
            Role::Quote => 4,
            Role::Table => 5,
            Role::Code => 6,
            Role::Caption => 7,
            // The times of a live blog are not text.
            Role::Entry => continue,
        };
        let chars = view.blocks.list[block].chars;
        counts[at].0 += 1;
        counts[at].1 += chars;
        all += chars;
    }
    for ((count_name, share_name), (count, chars)) in NAMES.into_iter().zip(counts) {
        matrix.put(count_name, log(count));
        matrix.put(share_name, share(chars, all));
    }
}

fn put_fields(view: &PageView<'_, '_>, matrix: &mut FeatureMatrix) {
    let fields = view.fields;
    matrix.put("published", flag(fields.published.is_some()));
    matrix.put("modified", flag(fields.modified.is_some()));
    matrix.put("authors", fields.authors.len().min(10) as f32);
    matrix.put("tags", fields.tags.len().min(40) as f32);
    matrix.put("section", flag(fields.section.is_some()));
    matrix.put("image", flag(fields.image.is_some()));
    matrix.put("description", flag(fields.description.is_some()));
    let kind = encoding::declared_kind(fields.declared_kind);
    matrix.put("declared kind", f32::from(kind));
    let title = fields.title.as_deref().map_or(0, str::len);
    matrix.put("title bytes", title as f32);
    let segments = path_segments(fields.canonical.as_ref());
    matrix.put("canonical", flag(fields.canonical.is_some()));
    matrix.put("path segments", segments.len() as f32);
    let words = segments.last().map_or(0, |last| last.split('-').count());
    matrix.put("words of the last segment", words.min(20) as f32);
}

fn path_segments(url: Option<&Url>) -> Vec<&str> {
    let segments = url.and_then(Url::path_segments);
    segments
        .into_iter()
        .flatten()
        .filter(|it| !it.is_empty())
        .collect()
}

/// Visits the words of a page that training may give a weight, repeated words every time.
pub fn for_each_page_word(view: &PageView<'_, '_>, words: &Words, mut visit: impl FnMut(u32)) {
    for block in 0..view.blocks.list.len() {
        let hashes = words.of_block(block);
        let kind = if hashes.len() <= SHORT {
            WordKind::PageLabel
        } else {
            WordKind::PageText
        };
        for &word in hashes.iter().take(MOST) {
            visit(step(word, word_kind(kind)));
        }
    }
    let ids = (0..view.tree.len()).filter_map(|id| view.tree.attr(id, "id"));
    for name in view.tree.classes().iter().copied().chain(ids) {
        for_each_part(name, WordKind::PageName, &mut visit);
    }
    for segment in path_segments(view.fields.canonical.as_ref()) {
        for_each_part(segment, WordKind::PagePath, &mut visit);
    }
    for name in &view.fields.types {
        visit(hash(
            word_kind(WordKind::PageType),
            &name.to_ascii_lowercase(),
        ));
    }
}

/// Visits the runs of three or more ASCII letters in a name, in lower case.
fn for_each_part(name: &str, kind: WordKind, visit: &mut impl FnMut(u32)) {
    let name = name.as_bytes();
    let start = hash(word_kind(kind), "");
    let (mut at, mut length) = (start, 0);
    for &byte in &name[..name.len().min(NAME_BYTES)] {
        if byte.is_ascii_alphabetic() {
            at = step(at, byte.to_ascii_lowercase());
            length += 1;
        } else {
            if length >= 3 {
                visit(at);
            }
            (at, length) = (start, 0);
        }
    }
    if length >= 3 {
        visit(at);
    }
}
