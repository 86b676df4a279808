//! Decides which blocks are the body. Rules that are certain and a source's own selectors overrule the
//! learned scorer. Each block gets one verdict, which holds the reason.

mod appeals;
mod attributions;
pub mod body;
mod captions;
mod copies;
pub mod headings;
mod headlines;
mod lines;
pub mod live_blog_gallery;
mod other_articles;
mod page_end;
mod pointers;
pub mod reason;
mod repeats;
pub mod scoring;
mod sections;
pub mod site_memory;
mod standfirst;

use std::collections::BTreeMap;

use crate::article::Role;
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::decide::scoring::Scoring;
use crate::extract::decide::site_memory::{PageFingerprint, SiteMemory};
use crate::extract::features::{PageStats, PageView};
use crate::extract::fields::Fields;
use crate::extract::rules::{Group, Mark};
use crate::page::Id;
use crate::page::text::{is_plainly, plain};

/// Blocks with this score or more are kept…
const KEEP: f32 = 0.5;
/// …and those that a rule marks need a little more: where the score is undecided, the rule decides.
const KEEP_MARKED: f32 = 0.6;
/// What no reader sees, and what names authors and dates, needs more…
const KEEP_UNSEEN: f32 = 0.8;
/// …if it is no longer than a line, in characters…
const BYLINE_CHARS: usize = 80;
/// …and a footer the most.
const KEEP_FOOTER: f32 = 0.9;
/// A run of this many paragraphs is long if its first half is certainly text…
const LONG_RUN: usize = 40;
/// …with this mean score…
const CERTAIN_MEAN: f32 = 0.75;
/// …and its paragraphs have this many characters or more.
const LONG_CHARS: usize = 80;

/// Decides about every block of a page. `container` is the element that a user's `article` selector
/// finds, and the index of the selector: inside it, the score drops no block. Where there is a memory of
/// the site, also returns the fingerprint of the page.
pub fn decide(
    view: &PageView<'_, '_>,
    container: Option<(Id, u16)>,
    scoring: &Scoring,
    memory: Option<&SiteMemory>,
) -> (Body, PageFingerprint) {
    let element = container.map(|(id, _)| id);
    let stated = Stated::of(view.fields);
    let verdicts = (0..scoring.scores.len())
        .map(|block| verdict(view, scoring, block, &stated, element))
        .collect();
    let mut body = Body {
        verdicts,
        roles: view.blocks.list.iter().map(|block| block.role).collect(),
        scores: scoring.scores.clone(),
        container: container.map(|(_, by)| by),
        kind: None,
    };
    headlines::settle(view, &mut body);
    sections::keep_headings(view, &mut body);
    sections::keep_fact_boxes(view, &scoring.stats, &mut body);
    sections::keep_notes(view, &mut body);
    let mut fingerprint = PageFingerprint::default();
    if let Some(memory) = memory {
        fingerprint = site_memory::fingerprint_of(view, scoring, &body);
        drop_seen(memory, &fingerprint, &mut body);
    }
    keep_long_runs(view, &scoring.stats, &mut body);
    other_articles::drop_other_articles(view, &mut body);
    pointers::drop_pointers(view, &mut body);
    attributions::keep(view, &mut body);
    captions::mark(view, &mut body);
    lines::drop_lines(view, &mut body);
    standfirst::find(view, &mut body);
    sections::drop_foreign(view, &scoring.stats, &mut body);
    sections::drop_announcements(view, &mut body);
    copies::drop_copies(view, &scoring.stats, &mut body);
    repeats::drop_repeats(view, &scoring.stats.words, &mut body);
    repeats::drop_pull_quotes(view, &scoring.stats, &mut body);
    page_end::drop_page_end(view, &mut body);
    (body, fingerprint)
}

/// The title and the authors' names, letters and digits alone.
struct Stated {
    title: String,
    authors: Vec<String>,
}

impl Stated {
    fn of(fields: &Fields) -> Stated {
        let mut authors: Vec<String> = fields.authors.iter().map(|it| plain(it)).collect();
        authors.retain(|name| !name.is_empty());
        Stated {
            title: fields.title.as_deref().map(plain).unwrap_or_default(),
            authors,
        }
    }
}

/// Drops what other articles of the host show to be boilerplate, unless a user's `keep` selects it.
fn drop_seen(memory: &SiteMemory, fingerprint: &PageFingerprint, body: &mut Body) {
    for (block, seen) in fingerprint
        .block_numbers()
        .zip(site_memory::rule::boilerplate(memory, fingerprint))
    {
        let is_open = matches!(
            body.verdicts[block],
            BlockVerdict::Kept(
                KeepReason::Score
                    | KeepReason::Heading
                    | KeepReason::FactBox
                    | KeepReason::Note
                    | KeepReason::Container
            )
        );
        if let Some(seen) = seen.filter(|_| is_open) {
            body.verdicts[block] = BlockVerdict::Seen(seen);
        }
    }
}

/// Far below the headline most pages have comments, and the scorer has learned that. But where a long run
/// of paragraphs in one container, all of one path, begins with certain text, the rest of it is text too:
/// transcripts, court rulings, long reads.
fn keep_long_runs(view: &PageView<'_, '_>, stats: &PageStats, body: &mut Body) {
    let mut runs: BTreeMap<(usize, Id), Vec<usize>> = BTreeMap::new();
    for (block, at) in view.blocks.list.iter().enumerate() {
        if at.role == Role::Paragraph && at.chars >= LONG_CHARS && at.link_density() < 0.2 {
            let key = (
                stats.positions.paths.of_block[block],
                stats.containers.nearest[block],
            );
            runs.entry(key).or_default().push(block);
        }
    }
    for run in runs.values().filter(|run| run.len() >= LONG_RUN) {
        let start = &run[..LONG_RUN / 2];
        let certainty: f32 = start.iter().map(|&block| body.scores[block]).sum();
        if certainty < CERTAIN_MEAN * start.len() as f32 {
            continue;
        }
        for &block in run {
            if body.verdicts[block] == BlockVerdict::Score {
                body.verdicts[block] = BlockVerdict::Kept(KeepReason::Run);
            }
        }
    }
}

fn verdict(
    view: &PageView<'_, '_>,
    scoring: &Scoring,
    block: usize,
    stated: &Stated,
    container: Option<Id>,
) -> BlockVerdict {
    let at = &view.blocks.list[block];
    let mark = view.marks.of(at.first);
    if let Mark::Kept(by) = mark {
        return BlockVerdict::Kept(KeepReason::Selector(by));
    }
    if view.marks.is_certain(at.first, view.rules) {
        return BlockVerdict::Rule(mark);
    }
    if is_headline(view, block, &stated.title) {
        return BlockVerdict::Headline;
    }
    match container {
        Some(container) if !view.tree.is_within(at.owner, container) => BlockVerdict::Outside,
        Some(_) => drop_verdict(view, &scoring.stats, block, stated)
            .unwrap_or(BlockVerdict::Kept(KeepReason::Container)),
        None if scoring.scores[block] >= least_score(view, block) => {
            BlockVerdict::Kept(KeepReason::Score)
        }
        None => drop_verdict(view, &scoring.stats, block, stated).unwrap_or(BlockVerdict::Score),
    }
}

/// The least score with which a block is kept.
fn least_score(view: &PageView<'_, '_>, block: usize) -> f32 {
    let at = &view.blocks.list[block];
    if !view.marks.is_stripped(at.first) {
        return KEEP;
    }
    match view.marks.group(at.first, view.rules) {
        // A button shows the rest of a long table.
        Some(Group::Hidden) if at.role != Role::Table => KEEP_UNSEEN,
        Some(Group::Byline) if at.chars < BYLINE_CHARS => KEEP_UNSEEN,
        Some(Group::Footer) => KEEP_FOOTER,
        _ => KEEP_MARKED,
    }
}

/// The verdict of rules and fields against a block, if there is one.
fn drop_verdict(
    view: &PageView<'_, '_>,
    stats: &PageStats,
    block: usize,
    stated: &Stated,
) -> Option<BlockVerdict> {
    let at = &view.blocks.list[block];
    let text = view.blocks.text(block);
    if view.marks.is_stripped(at.first) {
        Some(BlockVerdict::Rule(view.marks.of(at.first)))
    } else if stats.positions.phrases[block] {
        Some(BlockVerdict::Phrase)
    } else if is_byline(&stated.authors, text) {
        Some(BlockVerdict::Byline)
    } else if at.is_links() {
        Some(BlockVerdict::Links)
    } else {
        None
    }
}

/// True for a heading of the first level, and for a block that says the title and nothing else. `title`
/// holds only letters and digits.
fn is_headline(view: &PageView<'_, '_>, block: usize, title: &str) -> bool {
    let at = &view.blocks.list[block];
    if at.level == 1 && at.role == Role::Heading {
        return true;
    }
    let may_be = !title.is_empty() && at.chars <= 2 * title.len();
    may_be && is_plainly(view.blocks.text(block), title)
}

/// True for a short block that is an author's name, or nothing but a date.
fn is_byline(authors: &[String], text: &str) -> bool {
    let chars = text.chars().count();
    if chars > 90 {
        return false;
    }
    let names_author = || {
        let own = plain(text);
        let is_it = |name: &String| own.len() <= name.len() + 12 && own.contains(name);
        authors.iter().any(is_it)
    };
    !authors.is_empty() && names_author() || is_date(text)
}

/// True for a block of at most eight words with a year or a time of day that is mostly digits, not a
/// sentence.
fn is_date(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let year = text
        .split(|c: char| !c.is_ascii_digit())
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")));
    let words = text.split_whitespace().count();
    (year || text.contains(':'))
        && digits >= 4
        && words <= 8
        && letters <= digits * 4
        && !text.ends_with(['.', '!', '?', '。'])
}
