//! Lines at the end of an article that name its reporter: `홍길동 기자 hong@example.com`,
//! `（田の川支局・岸本まり）`, `(记者 张小明)`.

use crate::extract::fields::names::east_asian::{self, is_hangul};
use crate::extract::fields::names::words::{CHINESE_ROLES, DESK_ENDS, KOREAN_ROLES};

/// The name and the address stand within so many bytes at the end of a text.
const TAIL_BYTES: usize = 160;
/// A line of more bytes is prose.
const LINE_BYTES: usize = 120;
/// Chinese and Korean letters begin with this byte or a higher one.
const EASTERN: u8 = 0xE4;
/// Brackets around a whole line.
const OPENING: [char; 4] = ['(', '（', '【', '['];
/// Their ends.
const CLOSING: [char; 4] = [')', '）', '】', ']'];
/// Letters of a Korean name.
const NAME: std::ops::RangeInclusive<usize> = 2..=4;

/// The part of a text that names a reporter, if it ends so. `next` is the text after it, where the
/// address may stand by itself.
pub(in crate::extract::fields) fn closing_name<'n>(
    text: &str,
    next: impl FnOnce() -> &'n str,
) -> Option<String> {
    let text = text.trim();
    let tail = tail(text);
    if tail.is_ascii() {
        return None;
    }
    if text.starts_with(OPENING) && text.ends_with(CLOSING) {
        return in_brackets(text);
    }
    if !tail.bytes().any(|byte| byte >= EASTERN) {
        return None;
    }
    if text.len() <= LINE_BYTES && east_asian::is_role_and_names(text) {
        return Some(text.to_owned());
    }
    if !tail.contains(is_hangul) {
        return None;
    }
    let named = match tail.rsplit_once(' ') {
        Some((named, address)) if is_address(address) => named,
        _ if text.len() <= LINE_BYTES && is_address(next().trim()) => text,
        _ => return None,
    };
    korean(named, text.len() <= LINE_BYTES)
}

/// False for texts that end with no such name: most end with ASCII alone.
pub(in crate::extract::fields) fn may_close(text: &str) -> bool {
    !tail(text.trim()).is_ascii()
}

fn tail(text: &str) -> &str {
    &text[text.floor_char_boundary(text.len().saturating_sub(TAIL_BYTES))..]
}

fn is_address(text: &str) -> bool {
    let text = text.trim_matches(['(', ')', '[', ']', '<', '>']);
    text.len() <= TAIL_BYTES
        && text.is_ascii()
        && !text.contains(' ')
        && text
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// The name before an address: with a role, or alone in its line.
fn korean(named: &str, is_line: bool) -> Option<String> {
    let named = named
        .trim()
        .trim_end_matches(['=', ' ', '/', '|', '·', ',']);
    let sentence = named.rsplit(['.', '!', '?', '。', '”', '"']).next()?.trim();
    let mut words = sentence.split(' ').rev();
    let last = words.next()?;
    let is_role = KOREAN_ROLES.iter().any(|role| last.ends_with(role));
    let is_name = NAME.contains(&last.chars().count()) && last.chars().all(is_hangul);
    if is_role {
        return Some(sentence.to_owned());
    }
    (is_line && is_name && words.next().is_none()).then(|| sentence.to_owned())
}

/// A line in brackets that holds a desk or a role, and a name.
fn in_brackets(text: &str) -> Option<String> {
    if text.len() > LINE_BYTES {
        return None;
    }
    let mut roles = CHINESE_ROLES.iter().chain(KOREAN_ROLES);
    let has_role = roles.any(|role| text.contains(role));
    let inner = text.trim_start_matches(OPENING).trim_end_matches(CLOSING);
    let parts = || inner.split(['・', ' ', '　', '＝']);
    let has_desk = parts().any(|part| DESK_ENDS.iter().any(|end| part.ends_with(end)));
    (has_role || (!text.contains(is_hangul) && has_desk && parts().count() > 1))
        .then(|| text.to_owned())
}
