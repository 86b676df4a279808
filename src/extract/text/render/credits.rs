//! A caption and its credit, by markup (`class="credit"`, `<small>`) or by words ('Photo: Ada Ferry').

use crate::extract::rules::{BUILT_IN, Group};
use crate::extract::text::render::Source;
use crate::page::text::push_folded;
use crate::page::{Id, Tag};

/// Words before a credit, in lower case.
const LABELS: [&str; 31] = [
    "photo by",
    "photo",
    "photos",
    "photograph by",
    "photograph",
    "foto",
    "fotos",
    "bild",
    "bilder",
    "credit",
    "image credit",
    "image",
    "picture",
    "illustration",
    "copyright",
    "crédit",
    "crédit photo",
    "crédits",
    "zdj",
    "fot",
    "фото",
    "写真",
    "사진",
    "图片",
    "圖片",
    "credits",
    "photo credit",
    "bildquelle",
    "quelle",
    "fuente",
    "source",
];
/// A credit is no longer than this, in characters.
const LONGEST: usize = 90;

/// The caption of a picture and its credit, out of the text of these blocks.
pub(super) fn caption_and_credit(
    source: &Source<'_, '_>,
    blocks: &[usize],
    around: Id,
) -> (Option<String>, Option<String>) {
    let (mut caption, mut credit) = (String::new(), String::new());
    for &block in blocks {
        for &id in source.blocks.nodes(block) {
            let group = source.marks.group(id, &BUILT_IN);
            let Some(piece) = source
                .tree
                .own_text(id)
                .filter(|_| matches!(group, None | Some(Group::Caption)))
            else {
                continue;
            };
            let part = if is_credit(source, id, around) {
                &mut credit
            } else {
                &mut caption
            };
            push_folded(part, piece);
        }
        for part in [&mut caption, &mut credit] {
            push_folded(part, " ");
        }
    }
    let (caption, credit) = (caption.trim().to_owned(), credit.trim().to_owned());
    let (caption, credit) = match split(&caption).filter(|_| credit.is_empty()) {
        Some((before, name)) => (before.to_owned(), name.to_owned()),
        None => (caption, without_label(&credit).to_owned()),
    };
    let some = |text: String| Some(text).filter(|it| it.chars().any(char::is_alphanumeric));
    (some(caption), some(credit))
}

/// True for text in an element that is named for credits.
fn is_credit(source: &Source<'_, '_>, id: Id, around: Id) -> bool {
    const NAMES: [&str; 10] = [
        "credit",
        "credits",
        "copyright",
        "copyrightholder",
        "photographer",
        "source",
        "attribution",
        "author",
        "creator",
        "agency",
    ];
    let tree = source.tree;
    let mut up = tree.ancestors(id).take_while(|&it| it != around);
    up.any(|it| {
        let names = [tree.attr(it, "class"), tree.attr(it, "itemprop")];
        let words: Vec<String> = names.into_iter().flatten().flat_map(words).collect();
        let is_caption = words.iter().any(|it| it == "caption");
        matches!(tree.tag(it), Tag::Small | Tag::Cite)
            || !is_caption && words.iter().any(|it| NAMES.contains(&&**it))
    })
}

/// The words of a class name: `photoCredit`, `image__credit`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let starts = c.is_ascii_uppercase() && was_lower;
        was_lower = c.is_ascii_lowercase();
        if starts || !c.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
    }
    words
}

/// A caption that ends with a credit: `The quay. (Photo: Ada Ferry)`, `The quay © Ada Ferry`.
fn split(caption: &str) -> Option<(&str, &str)> {
    if let Some((before, name)) = caption.rsplit_once('©').filter(|it| is_name(it.1)) {
        let before = before.trim_end_matches([' ', '(', '|', '/', '-', '–']);
        return Some((before, trimmed(name)));
    }
    labelled(caption).or_else(|| bracketed(caption))
}

/// `The quay. (Harbour Press)`: a name in brackets after the last sentence.
fn bracketed(caption: &str) -> Option<(&str, &str)> {
    let (before, name) = caption.strip_suffix(')')?.rsplit_once('(')?;
    let before = before.trim_end();
    let is_apart = before.ends_with(['.', '!', '?', '"', '”', '…']);
    let is_title = name.chars().next().is_some_and(char::is_uppercase);
    (is_apart && is_title && is_name(name) && name.chars().count() <= LONGEST / 2)
        .then_some((before, name))
}

/// A credit after a label.
fn labelled(caption: &str) -> Option<(&str, &str)> {
    let (head, name) = caption
        .rsplit_once([':', '：'])
        .filter(|it| is_name(it.1))?;
    let lower = head.to_lowercase();
    if lower.len() != head.len() {
        return None;
    }
    let label = LABELS
        .iter()
        .filter(|it| lower.trim_end().ends_with(**it))
        .max_by_key(|it| it.len())?;
    // Lower case may have moved the boundaries of characters.
    let before = head.get(..head.trim_end().len().checked_sub(label.len())?)?;
    let is_apart = before.trim_end().is_empty()
        || before.trim_end().ends_with([
            '.', '(', '[', '|', '/', '!', '?', '…', '。', '（', '-', '–', '—', '"', '”',
        ]);
    is_apart.then(|| {
        (
            before.trim_end_matches([' ', '(', '[', '|', '/', '（', '-', '–', '—']),
            trimmed(name),
        )
    })
}

fn is_name(text: &str) -> bool {
    let chars = text.chars().count();
    (2..=LONGEST).contains(&chars) && text.chars().any(char::is_alphabetic)
}

fn trimmed(name: &str) -> &str {
    let name = name.trim().trim_end_matches([';', '.']);
    if name.contains(['(', '[', '（']) {
        return name;
    }
    name.trim_end_matches([')', ']', '）', '.']).trim()
}

/// A credit without `Photo:` before it or brackets around it.
fn without_label(credit: &str) -> &str {
    let credit = credit.trim();
    let inner = credit.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let credit = inner.unwrap_or(credit);
    match split(credit) {
        Some(("", name)) => name,
        _ => credit,
    }
}
