//! Names in Korean, Japanese and Chinese bylines, where the role stands right before or after the
//! name, often without a space: `홍길동 기자`, `岸本まり記者`, `本报记者张三`.

use crate::extract::fields::names::parts::is_han;
use crate::extract::fields::names::placeholder_names::PLACEHOLDERS;
use crate::extract::fields::names::words::{
    CHINESE_ROLES, CHINESE_SURNAMES, DESK_ENDS, JAPANESE_ROLES, KOREAN_ROLES, KOREAN_SURNAMES,
};

/// Letters of a Korean name.
const KOREAN_NAME: std::ops::RangeInclusive<usize> = 2..=4;
/// Letters of a Chinese name.
const CHINESE_NAME: std::ops::RangeInclusive<usize> = 2..=4;
/// Letters of the name of a paper before its reporter's role.
const CHINESE_PAPER: usize = 10;
/// A Japanese or Chinese text of more letters is no name.
const LONGEST: usize = 18;

/// The names in a part of a byline; `None` where it is in another script.
pub(super) fn names(part: &str) -> Option<Vec<&str>> {
    let part = part.trim();
    if part.contains(is_hangul) {
        return Some(korean(part));
    }
    let is_eastern = |c: char| is_han(c) || is_kana(c);
    let eastern = part.chars().filter(|&c| is_eastern(c)).count();
    let others = part
        .chars()
        .filter(|&c| c.is_alphabetic() && !is_eastern(c));
    if eastern == 0 || others.count() > 0 && !has_role(part) {
        return None;
    }
    Some(chinese(part).unwrap_or_else(|| japanese(part)))
}

/// A Korean letter.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

/// A Japanese letter.
pub(super) fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}')
}

fn has_role(part: &str) -> bool {
    let all = CHINESE_ROLES.iter().chain(JAPANESE_ROLES);
    all.into_iter().any(|role| part.contains(role))
}

/// `정치부 홍길동 선임기자` as `홍길동`; `홍길동 김철수 기자` as two names.
fn korean(part: &str) -> Vec<&str> {
    // `뉴욕=홍길동 특파원` begins with the place, `홍길동 기자 외 1명` counts others.
    let part = part
        .rsplit('=')
        .find(|it| it.contains(is_hangul))
        .unwrap_or(part);
    let part = part
        .split_once(" 외 ")
        .map_or(part, |(before, _)| before)
        .trim();
    let words: Vec<&str> = part.split(' ').filter(|it| !it.is_empty()).collect();
    let role = words.iter().position(|word| korean_role(word).is_some());
    let Some(at) = role else {
        return vec![part];
    };
    let own = words[at].strip_suffix(korean_role(words[at]).unwrap_or_default());
    if let Some(name) = own.filter(|it| KOREAN_NAME.contains(&it.chars().count())) {
        return vec![name];
    }
    let before = korean_names(&words[..at]);
    match (before.last(), at) {
        (Some(_), _) if before.len() == at => before,
        (Some(&last), _) => vec![last],
        (None, 0) => korean_names(&words[1..]).into_iter().take(1).collect(),
        // A foreign name: `마리 퀴리 기자`.
        (None, 1..=3) if !DESK_ENDS.iter().any(|it| words[at - 1].ends_with(it)) => {
            let end = part.find(words[at]).unwrap_or(part.len());
            vec![part[..end].trim()]
        }
        _ => Vec::new(),
    }
}

fn korean_names<'p>(words: &[&'p str]) -> Vec<&'p str> {
    let words = words.iter().copied();
    words.filter(|it| is_korean_name(it)).collect()
}

/// The role with which a word ends.
fn korean_role(word: &str) -> Option<&'static str> {
    KOREAN_ROLES
        .iter()
        .find(|role| word.ends_with(**role))
        .copied()
}

fn is_korean_name(word: &str) -> bool {
    KOREAN_NAME.contains(&word.chars().count())
        && word.starts_with(KOREAN_SURNAMES)
        && word.chars().all(is_hangul)
        && !DESK_ENDS.iter().any(|end| word.ends_with(end))
}

/// `本报记者 张三 通讯员 李四` as two names, `記者張三台北報導` as one; `None` without a role before a
/// name.
fn chinese(part: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = after_role(part)?.1;
    loop {
        let next = after_role(rest);
        let named = next.map_or(rest, |(before, _)| before).trim();
        if named.contains(is_han) {
            names.extend(after_chinese_role(named));
        }
        match next {
            Some((_, after)) => rest = after,
            None => break,
        }
    }
    (!names.is_empty()).then_some(names)
}

/// What stands before the first role, and after it.
fn after_role(text: &str) -> Option<(&str, &str)> {
    let roles = CHINESE_ROLES.iter();
    let found = roles.filter_map(|role| Some((text.find(role)?, role.len())));
    let (at, len) = found.min()?;
    Some((&text[..at], &text[at + len..]))
}

/// True for a line of a Chinese role and names, and nothing else: `记者 张三 李四`.
pub(super) fn is_role_and_names(line: &str) -> bool {
    let Some((before, named)) = after_role(line.trim()) else {
        return false;
    };
    let names = after_chinese_role(named.trim());
    let is_name = |name: &&str| {
        name.starts_with(CHINESE_SURNAMES) && is_chinese_name(name) && !PLACEHOLDERS.contains(name)
    };
    before.chars().count() <= CHINESE_PAPER && names.iter().all(is_name)
}

fn is_chinese_name(word: &str) -> bool {
    CHINESE_NAME.contains(&word.chars().count()) && word.chars().all(is_han)
}

/// The names after a role.
fn after_chinese_role(named: &str) -> Vec<&str> {
    let is_name = |word: &&str| is_chinese_name(word) && word.starts_with(CHINESE_SURNAMES);
    let words: Vec<&str> = named.split(' ').filter(|it| !it.is_empty()).collect();
    if words.len() > 1 && words.iter().all(is_name) {
        words
    } else {
        vec![without_report(named)]
    }
}

/// `張三台北報導` and `张三北京5月11日电` without the place and the day.
fn without_report(text: &str) -> &str {
    let is_report = ["報導", "报道", "電", "电", "專訪", "专访", "摄", "攝"];
    let Some(end) = is_report.iter().find_map(|end| text.strip_suffix(end)) else {
        return text;
    };
    let letters = end.chars().take_while(|&c| is_han(c)).count();
    let name = if end.chars().count() <= 4 && text.ends_with(['摄', '攝']) {
        letters
    } else {
        letters.min(3)
    };
    let cut = text
        .char_indices()
        .nth(name)
        .map_or(text.len(), |(at, _)| at);
    &text[..cut]
}

/// `岸本まり記者` as `岸本まり`; nothing for a desk and for what is too long for a name.
fn japanese(part: &str) -> Vec<&str> {
    // `東京＝岸本まり` begins with the place.
    let part = part
        .rsplit(['＝', '='])
        .find(|it| !it.trim().is_empty())
        .unwrap_or(part)
        .trim();
    let role = JAPANESE_ROLES
        .iter()
        .find_map(|role| part.strip_suffix(role));
    let name = role.unwrap_or(part).trim();
    let name = match name.rsplit_once(' ') {
        Some((desk, name)) if ends_as_desk(desk) => name,
        _ => name,
    };
    let is_name = !name.is_empty()
        && name.chars().count() <= LONGEST
        && !name.contains(['。', '？', '！', '?', '!'])
        && !ends_as_desk(name);
    if is_name { vec![name] } else { Vec::new() }
}

fn ends_as_desk(text: &str) -> bool {
    DESK_ENDS.iter().any(|end| text.ends_with(end))
}
