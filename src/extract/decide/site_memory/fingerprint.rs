//! The fingerprint of a page: hashes of the blocks that may be text, and of their paths. This is what a
//! memory learns.

use crate::article::Role;
use crate::canonical;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::decide::scoring::Scoring;
use crate::extract::decide::site_memory::titles;
use crate::extract::features::PageView;
use crate::page::text::plain;
use crate::page::{Id, Tag};

/// Blocks with a lower score are never text.
const MAY_BE_TEXT: f32 = 0.1;
/// Blocks with this score or more are text.
const IS_TEXT: f32 = 0.5;
/// Bytes of a title that are compared.
const TITLE_BYTES: usize = 2_000;
/// Blocks with fewer letters and digits are labels, like headings.
const LABEL_CHARS: usize = 20;

/// What a memory learns from one page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageFingerprint {
    /// A hash of the article's address.
    pub(in crate::extract) key: u64,
    /// The blocks that may be text, in document order.
    pub(in crate::extract) blocks: Vec<BlockFingerprint>,
    /// Hashes of what its titles end and begin with.
    pub(in crate::extract) titles: Vec<u64>,
}

impl PageFingerprint {
    /// The indexes of the blocks among the page's.
    pub(in crate::extract) fn block_numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.blocks.iter().map(|it| it.block)
    }
}

/// One block, as it is compared across pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockFingerprint {
    /// Its index among the page's blocks.
    pub(in crate::extract) block: usize,
    /// A hash of its letters and digits.
    pub(in crate::extract) text: u64,
    /// A hash of its path and its text; of a pointer's text without what it links to.
    pub(in crate::extract) pattern: u64,
    /// A hash of the tags and classes of its element and the two above.
    pub(in crate::extract) path: u64,
    /// Number of letters and digits.
    pub(in crate::extract) chars: u32,
    /// Without a memory it would be kept.
    pub(in crate::extract) is_text: bool,
    /// How it is compared.
    pub(in crate::extract) form: Form,
}

/// How a block is compared with other pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Form {
    /// By its text.
    Prose,
    /// Without its links: mostly a link after a few words, such as 'Read more: …'.
    Pointer,
    /// Together with the block after it: a heading, a word or two.
    Label,
    /// Together with all items of its list.
    Item(Id),
}

/// The fingerprint of a page whose blocks are decided without a memory.
pub(in crate::extract) fn fingerprint_of(
    view: &PageView<'_, '_>,
    scoring: &Scoring,
    body: &Body,
) -> PageFingerprint {
    let address = view.fields.canonical.as_ref().map(canonical::canonical);
    let mut blocks = Vec::new();
    for (block, &score) in scoring.scores.iter().enumerate() {
        let at = &view.blocks.list[block];
        let role = body.roles[block];
        let verdict = body.verdicts[block];
        let is_open = verdict.is_kept() || verdict == BlockVerdict::Score;
        if !is_open
            || (score < MAY_BE_TEXT && !verdict.is_kept())
            || matches!(role, Role::Caption | Role::Table | Role::Code | Role::Entry)
        {
            continue;
        }
        let text = plain(view.blocks.text(block));
        if text.is_empty() {
            continue;
        }
        let chars = text.chars().count();
        let path = path(view, at.owner);
        let text = hash(text.as_bytes());
        let form = match role {
            Role::Heading => Form::Label,
            Role::List => Form::Item(list_of(view, at.owner)),
            _ if at.link_density() >= 0.5 && has_words(&words_around_links(view, block)) => {
                Form::Pointer
            }
            _ if chars < LABEL_CHARS => Form::Label,
            _ => Form::Prose,
        };
        let pattern = if form == Form::Pointer {
            hash(words_around_links(view, block).as_bytes())
        } else {
            text
        };
        blocks.push(BlockFingerprint {
            block,
            text,
            pattern: mix(path ^ pattern),
            path,
            chars: u32::try_from(chars).unwrap_or(u32::MAX),
            is_text: verdict.is_kept() || score >= IS_TEXT,
            form,
        });
    }
    let own = address.map(|it| hash(it.as_str().as_bytes()));
    let all = blocks.iter().fold(0, |all, it| mix(all ^ it.text));
    PageFingerprint {
        key: own.unwrap_or(all),
        blocks,
        titles: titles_of(view),
    }
}

/// The ends of the page's `<title>` and of the title of its record.
fn titles_of(view: &PageView<'_, '_>) -> Vec<u64> {
    let stated = view.tree.elements(Tag::Title).next();
    let stated = stated.map(|it| view.tree.text(it)).unwrap_or_default();
    let stated = &stated[..stated.floor_char_boundary(TITLE_BYTES)];
    let mut all = titles::hashes(stated);
    all.extend(view.fields.title.iter().flat_map(|it| titles::hashes(it)));
    all
}

/// The nearest list around an item.
fn list_of(view: &PageView<'_, '_>, owner: Id) -> Id {
    let is_list = |&id: &Id| matches!(view.tree.tag(id), Tag::Ul | Tag::Ol | Tag::Dl);
    view.tree.ancestors(owner).find(is_list).unwrap_or(owner)
}

/// A hash of the tags and classes of an element and the two above it, without digits in classes, which
/// often number single posts.
fn path(view: &PageView<'_, '_>, owner: Id) -> u64 {
    let near = std::iter::once(owner).chain(view.tree.ancestors(owner));
    near.take(3).fold(BASIS, |path, id| {
        let name = view.tree.name(id).unwrap_or_default();
        let class = view.tree.attr(id, "class").unwrap_or_default().bytes();
        let class = class.filter(|byte| !byte.is_ascii_digit());
        mix(name.bytes().chain([b' ']).chain(class).fold(path, step))
    })
}

/// The words of a block around its links, with `⟨` for each link. Names and numbers stay: lines that differ in
/// them are different lines.
fn words_around_links(view: &PageView<'_, '_>, block: usize) -> String {
    let at = &view.blocks.list[block];
    let mut words = String::new();
    let mut link_end = 0;
    for id in first_link(view, at.first)..=at.last {
        match view.tree.tag(id) {
            Tag::A => {
                link_end = link_end.max(view.tree.end(id));
                words.push('⟨');
            }
            Tag::Text if id >= link_end => {
                words.push_str(&plain(view.tree.own_text(id).unwrap_or_default()));
            }
            _ => {}
        }
    }
    words
}

/// True where more than links is left.
fn has_words(words: &str) -> bool {
    words.contains(char::is_alphabetic)
}

/// The first node of a block: the link around its first text, if there is one.
fn first_link(view: &PageView<'_, '_>, first: Id) -> Id {
    let near = view.tree.ancestors(first).take(3);
    near.take_while(|&id| !view.tree.tag(id).is_block())
        .find(|&id| view.tree.tag(id) == Tag::A)
        .unwrap_or(first)
}

/// FNV-1a in 64 bits (Fowler, Noll and Vo; RFC 9923).
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

pub(super) fn hash(bytes: &[u8]) -> u64 {
    mix(bytes.iter().copied().fold(BASIS, step))
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
pub(super) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
