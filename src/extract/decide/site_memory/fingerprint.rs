//! What a page would teach a memory: hashes of the blocks that may be text, and of where they stand.

use crate::article::Role;
use crate::canonical;
use crate::extract::decide::body::{BlockVerdict, Body};
use crate::extract::decide::scoring::Scoring;
use crate::extract::features::PageView;
use crate::page::text::plain;
use crate::page::{Id, Tag};

/// Blocks that the scorer puts lower are text on no page.
const MAY_BE_TEXT: f32 = 0.1;
/// And those it puts higher are.
const IS_TEXT: f32 = 0.5;
/// The shapes of longer texts are not compared: texts are.
const SHAPED_CHARS: usize = 300;
/// Blocks with fewer letters and digits are labels, like headings: they say nothing by themselves.
const LABEL_CHARS: usize = 20;

/// What a page would teach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageFingerprint {
    /// The article: a hash of its address.
    pub(in crate::extract) key: u64,
    /// The blocks that may be text, in document order.
    pub(in crate::extract) blocks: Vec<BlockFingerprint>,
}

impl PageFingerprint {
    /// The places of the blocks among the page's.
    pub(in crate::extract) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.blocks.iter().map(|it| it.block)
    }
}

/// What is known of a block across pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockFingerprint {
    /// Its place among the page's blocks.
    pub(in crate::extract) block: usize,
    /// Its letters and digits.
    pub(in crate::extract) text: u64,
    /// Its text with links, figures and names folded, and its path.
    pub(in crate::extract) shape: u64,
    /// The tags and classes of its element and the two above.
    pub(in crate::extract) path: u64,
    /// Letters and digits.
    pub(in crate::extract) chars: u32,
    /// The page alone would keep it.
    pub(in crate::extract) is_text: bool,
    pub(in crate::extract) form: Form,
}

/// How a block is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Form {
    /// By itself.
    Prose,
    /// By itself, and mostly a link behind a few words: 'Read more: …'.
    Pointer,
    /// With what follows it: a heading, a word or two.
    Label,
    /// With all items of its list.
    Item(Id),
}

/// The traits of a page whose blocks are decided without a memory.
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
        let folded = folded(view, block);
        let text = hash(text.as_bytes());
        let is_short = chars <= SHAPED_CHARS;
        blocks.push(BlockFingerprint {
            block,
            text,
            shape: mix(path
                ^ if is_short {
                    hash(folded.as_bytes())
                } else {
                    text
                }),
            path,
            chars: u32::try_from(chars).unwrap_or(u32::MAX),
            is_text: verdict.is_kept() || score >= IS_TEXT,
            form: match role {
                Role::Heading => Form::Label,
                Role::List => Form::Item(list_of(view, at.owner)),
                _ if at.link_density() >= 0.5 && folded.contains(char::is_lowercase) => {
                    Form::Pointer
                }
                _ if chars < LABEL_CHARS => Form::Label,
                _ => Form::Prose,
            },
        });
    }
    let own = address.map(|it| hash(it.as_str().as_bytes()));
    let all = blocks.iter().fold(0, |all, it| mix(all ^ it.text));
    PageFingerprint {
        key: own.unwrap_or(all),
        blocks,
    }
}

/// The nearest list around an item.
fn list_of(view: &PageView<'_, '_>, owner: Id) -> Id {
    let is_list = |&id: &Id| matches!(view.tree.tag(id), Tag::Ul | Tag::Ol | Tag::Dl);
    view.tree.ancestors(owner).find(is_list).unwrap_or(owner)
}

/// The tags and classes of an element and the two above it; figures in classes left out, for they
/// number single posts.
fn path(view: &PageView<'_, '_>, owner: Id) -> u64 {
    let near = std::iter::once(owner).chain(view.tree.ancestors(owner));
    near.take(3).fold(BASIS, |path, id| {
        let name = view.tree.element(id).map_or("", |it| it.value().name());
        let class = view.tree.attr(id, "class").unwrap_or_default().bytes();
        let class = class.filter(|byte| !byte.is_ascii_digit());
        mix(name.bytes().chain([b' ']).chain(class).fold(path, step))
    })
}

/// The text with each link as `⟨⟩`, each number as `0` and each word that begins with a capital as
/// `A`, for names do; white space and marks left out.
fn folded(view: &PageView<'_, '_>, block: usize) -> String {
    let at = &view.blocks.list[block];
    let mut folded = String::new();
    let mut link_end = 0;
    for id in first_link(view, at.first)..=at.last {
        match view.tree.tag(id) {
            Tag::A => {
                link_end = link_end.max(view.tree.end(id));
                folded.push('⟨');
            }
            Tag::Text if id >= link_end => {
                fold_words(view.tree.own_text(id).unwrap_or_default(), &mut folded);
            }
            _ => {}
        }
    }
    folded
}

/// Where a block's nodes begin: with the link that its first text stands in, if it does.
fn first_link(view: &PageView<'_, '_>, first: Id) -> Id {
    let near = view.tree.ancestors(first).take(3);
    near.take_while(|&id| !view.tree.tag(id).is_block())
        .find(|&id| view.tree.tag(id) == Tag::A)
        .unwrap_or(first)
}

fn fold_words(text: &str, folded: &mut String) {
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let sign = match word.chars().next() {
            None => continue,
            Some(c) if c.is_numeric() => '0',
            Some(c) if c.is_uppercase() => 'A',
            Some(_) => {
                folded.push(' ');
                folded.push_str(word);
                continue;
            }
        };
        // A name of three words is as good as one of two.
        if !folded.ends_with(sign) {
            folded.push(sign);
        }
    }
}

/// FNV-1a in 64 bits (Fowler, Noll and Vo; RFC 9923).
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn hash(bytes: &[u8]) -> u64 {
    mix(bytes.iter().copied().fold(BASIS, step))
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
