//! Live blogs, whose entries have times, and galleries, whose text is the captions. A page is one of them
//! where it declares so, or where its title or address says so and its blocks agree.

use crate::article::{Kind, Role};
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::features::PageView;
use crate::extract::rules::Group;
use crate::extract::rules::Mark;
use crate::extract::rules::credits::Credit;

/// How many blocks above an entry's text its time may be: time, author, headline.
const ENTRY_HEAD: usize = 4;
/// Fewer times are not those of entries, but of the page.
const FEWEST_ENTRIES: usize = 3;
/// Fewer captions make no gallery, nor do captions with more than this many times their length of other
/// text.
const FEWEST_CAPTIONS: usize = 3;
const CAPTION_SHARE: usize = 2;
/// Where nothing calls the page a gallery, it has this many captions…
const FEWEST_UNNAMED: usize = 4;
/// …of a sentence each, in bytes.
const SENTENCE: usize = 40;
/// The phrase that captions may begin like.
const PICTURE_LINE: &str = "picture line";
/// The longest time with its day.
const TIME_CHARS: usize = 32;

/// Keeps the article's captions as such, the times of a live blog's entries and the captions of a gallery,
/// and notes which of the two the page is.
pub fn keep_parts(view: &PageView<'_, '_>, body: &mut Body) {
    keep_captions_within(view, body);
    find_kind(view, body);
}

/// Finds out whether the page is the live blog or gallery that its title or address suggests.
fn find_kind(view: &PageView<'_, '_>, body: &mut Body) {
    let fields = view.fields;
    let declared = fields.declared_kind;
    match fields.called_kind {
        Some(Kind::LiveBlog) => {
            let entries = keep_times_of_entries(view, body);
            if declared == Some(Kind::LiveBlog) || entries >= FEWEST_ENTRIES {
                body.kind = Some(Kind::LiveBlog);
            }
        }
        Some(Kind::Gallery) => {
            let captions: Vec<usize> = captions(view, 0..body.verdicts.len()).collect();
            if declared == Some(Kind::Gallery) || are_text(&captions, view, body) {
                become_gallery(&captions, view, body);
            }
        }
        _ => {
            let captions: Vec<usize> = captions(view, 0..body.verdicts.len()).collect();
            if captions.len() >= FEWEST_UNNAMED && are_nearly_all(&captions, view, body) {
                become_gallery(&captions, view, body);
            }
        }
    }
}

/// Makes the captions the text; credits and labels among them are none.
fn become_gallery(captions: &[usize], view: &PageView<'_, '_>, body: &mut Body) {
    body.kind = Some(Kind::Gallery);
    keep_captions(captions, body);
    for block in 0..body.verdicts.len() {
        let text = view.blocks.text(block);
        let is_label = || {
            view.rules.credits.find(text) == Some(Credit::Whole)
                || view
                    .rules
                    .phrases
                    .find(text)
                    .is_some_and(|it| it != PICTURE_LINE)
        };
        let is_caption = body.verdicts[block] == BlockVerdict::Kept(KeepReason::Caption);
        if is_caption && is_label() {
            body.verdicts[block] = BlockVerdict::Phrase;
        }
    }
}

/// Keeps captions between the first and the last kept block, with a role of their own, so that callers
/// choose whether they want them.
fn keep_captions_within(view: &PageView<'_, '_>, body: &mut Body) {
    let (Some(first), Some(last)) = (body.kept().next(), body.kept().last()) else {
        return;
    };
    let captions: Vec<usize> = captions(view, first..last).collect();
    keep_captions(&captions, body);
}

/// True where a page has enough captions and little other text.
fn are_text(captions: &[usize], view: &PageView<'_, '_>, body: &Body) -> bool {
    let chars = |block: usize| view.blocks.list[block].chars;
    let caption_chars: usize = captions.iter().map(|&it| chars(it)).sum();
    let others = body.kept().filter(|it| !captions.contains(it));
    captions.len() >= FEWEST_CAPTIONS && caption_chars * CAPTION_SHARE >= others.map(chars).sum()
}

/// True where the captions are sentences, and twice as much as all other text.
fn are_nearly_all(captions: &[usize], view: &PageView<'_, '_>, body: &Body) -> bool {
    let chars = |block: usize| view.blocks.list[block].chars;
    let sentences = captions
        .iter()
        .map(|&it| chars(it))
        .filter(|&it| it >= SENTENCE);
    let sentences: Vec<usize> = sentences.collect();
    let others = body.kept().filter(|it| !captions.contains(it));
    sentences.len() >= FEWEST_UNNAMED
        && sentences.iter().sum::<usize>() >= others.map(chars).sum::<usize>() * CAPTION_SHARE
}

fn keep_captions(captions: &[usize], body: &mut Body) {
    for &block in captions {
        let is_open = !matches!(
            body.verdicts[block],
            BlockVerdict::Kept(_) | BlockVerdict::Seen(_) | BlockVerdict::Repeat
        );
        if is_open {
            body.verdicts[block] = BlockVerdict::Kept(KeepReason::Caption);
            body.roles[block] = Role::Caption;
        }
    }
}

/// The captions of pictures, by markup or class names.
fn captions<'v>(
    view: &'v PageView<'_, '_>,
    blocks: std::ops::Range<usize>,
) -> impl Iterator<Item = usize> + 'v {
    blocks.filter(|&block| {
        let at = &view.blocks.list[block];
        let group = view.marks.group(at.first, view.rules);
        let is_caption =
            at.role == Role::Caption && group.is_none() || group == Some(Group::Caption);
        is_caption && !at.is_links() && !is_counter(view.blocks.text(block))
    })
}

/// True for the number of a slide: `1 / 5`, `Picture 2 of 7`.
fn is_counter(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters == 0 || digits > 0 && letters <= 10 && text.split_whitespace().count() <= 4
}

/// Keeps the times before the entries of a live blog. Returns how many entries have a time, as a block or at
/// the start of their heading.
fn keep_times_of_entries(view: &PageView<'_, '_>, body: &mut Body) -> usize {
    let count = body.verdicts.len();
    let Some(first) = body.kept().next() else {
        return 0;
    };
    let headed = |&block: &usize| {
        let opens = |text: &str| text.split_whitespace().next().is_some_and(is_clock);
        body.roles[block] == Role::Heading && opens(view.blocks.text(block))
    };
    let headed = body.kept().filter(headed).count();
    let opens_entry = |&block: &usize| {
        let is_open = match view.marks.of(view.blocks.list[block].first) {
            Mark::Free | Mark::Kept(_) => true,
            Mark::Rule(rule) => view.rules.rules[usize::from(rule)].group == Group::Byline,
            Mark::Site(_) => false,
        };
        let mut next = block + 1..count.min(block + 1 + ENTRY_HEAD);
        let is_head = next.any(|it| body.verdicts[it].is_kept());
        let text = view.blocks.text(block);
        let says_more = body.roles[block] == Role::Heading && text.contains(' ');
        is_open && is_head && !says_more && is_time(text)
    };
    let times = first.saturating_sub(ENTRY_HEAD)..count;
    let times: Vec<usize> = times.filter(opens_entry).collect();
    if times.len() < FEWEST_ENTRIES {
        return headed;
    }
    for &block in &times {
        body.verdicts[block] = BlockVerdict::Kept(KeepReason::Entry);
        body.roles[block] = Role::Entry;
    }
    times.len().max(headed)
}

/// True for a time of day, with or without the day, and little else: `21:40`, `9.05 Uhr`, `14h30`, `23 Nov, 21:40 GMT`.
fn is_time(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let is_clock = |pair: &[&str]| matches!((pair[0].len(), pair[1].len()), (1 | 2, 2));
    text.chars().count() <= TIME_CHARS
        && (3..=6).contains(&digits)
        && parts.windows(2).any(is_clock)
        && text.split_whitespace().count() <= 6
        && text.contains([':', '.', 'h', '時', '시'])
}

/// True for a word that is a time of day, perhaps with punctuation after it.
fn is_clock(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', '.', 'h']).collect();
    let is_number = |part: &str, most| {
        (1..=most).contains(&part.len()) && part.bytes().all(|it| it.is_ascii_digit())
    };
    match parts[..] {
        [hours, minutes] | [hours, minutes, ""] => {
            is_number(hours, 2) && minutes.len() == 2 && is_number(minutes, 2)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_recognised_in_different_notations() {
        for time in [
            "21:40",
            "9.05 Uhr",
            "14h30",
            "23 Nov, 21:40 GMT",
            "2 hours ago 07:02",
        ] {
            assert!(is_time(time), "{time}");
        }
        for other in [
            "2026",
            "Page 4",
            "Nine o'clock",
            "3.5 million",
            "21:40 the first ship came through",
        ] {
            assert!(!is_time(other), "{other}");
        }
        assert!(is_clock("12.31") && is_clock("7:02:") && is_clock("14h30"));
        assert!(!is_clock("12.5") && !is_clock("2026") && !is_clock("v1.10.2"));
    }
}
