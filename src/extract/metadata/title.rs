//! The headline. Pages state it several times, each time a little differently: with the site's
//! name, shortened, or made for sharing. The one that readers see is taken where the others agree
//! with it; where they don't, the one stated most often.

use crate::page::Id;

use super::field;

/// What parts the headline from the site's name.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " / ", " ‹ ", " › ", " > ",
    " < ", ": ", "｜", "|", " ~ ", " -- ", "_", "丨",
];
/// A visible headline agrees with a stated title when they share this part of their words.
const AGREEMENT: f64 = 0.6;

/// Everything that may be the headline.
#[derive(Debug, Default)]
pub(super) struct Candidates<'a> {
    /// JSON-LD's headline.
    pub(super) linked: Option<String>,
    /// `<meta>` titles, in the order of trust.
    pub(super) metas: Vec<String>,
    /// `<title>`.
    pub(super) title: Option<String>,
    /// Visible headlines and where they stand.
    pub(super) headings: &'a [(Id, String)],
    /// Names of the site: from `og:site_name`, JSON-LD, the host.
    pub(super) sites: Vec<String>,
}

/// The headline, and where it stands if readers see it.
pub(super) fn choose(candidates: &Candidates<'_>) -> (Option<String>, Option<Id>) {
    let stated = stated(candidates);
    let headings: Vec<(Id, String)> = candidates
        .headings
        .iter()
        .filter_map(|(id, text)| Some((*id, field::clean(text)?)))
        .filter(|(_, text)| !is_site_name(text, &candidates.sites))
        .collect();
    let best = headings
        .iter()
        .map(|(id, text)| (agreement(text, &stated), *id, text))
        .fold(None, |best: Option<(f64, Id, &String)>, it| match best {
            Some(best) if best.0 >= it.0 => Some(best),
            _ => Some(it),
        });
    match best {
        Some((agreement, id, text)) if agreement >= AGREEMENT => {
            (Some(without_site(text, &candidates.sites)), Some(id))
        }
        Some((_, id, text)) if stated.is_empty() => (Some(text.clone()), Some(id)),
        // A single visible headline that differs still tells where the article begins.
        Some((_, id, _)) => (
            stated.into_iter().next(),
            (headings.len() == 1).then_some(id),
        ),
        None => (stated.into_iter().next(), None),
    }
}

/// The titles that the page states for machines, without the site's name, the best first.
fn stated(candidates: &Candidates<'_>) -> Vec<String> {
    let all = candidates
        .linked
        .iter()
        .chain(&candidates.metas)
        .chain(&candidates.title)
        .filter_map(|raw| field::clean(raw));
    all.map(|title| without_site(&title, &candidates.sites))
        .filter(|title| !is_site_name(title, &candidates.sites))
        .collect()
}

/// How well a visible headline agrees with the stated title that is nearest to it, 0 to 1: the part
/// of words that both have.
fn agreement(heading: &str, stated: &[String]) -> f64 {
    let heading = field::plain(heading);
    stated
        .iter()
        .map(|title| overlap(&heading, &field::plain(title)))
        .fold(0.0, f64::max)
}

fn overlap(a: &str, b: &str) -> f64 {
    if a == b {
        return 1.0;
    }
    let (a, b) = (words(a), words(b));
    let common = a.iter().filter(|word| b.contains(word)).count();
    let longer = a.len().max(b.len()).max(1);
    #[allow(clippy::cast_precision_loss)] // Words of a title.
    let share = common as f64 / longer as f64;
    share.min(0.99)
}

/// Words, or characters where a script has no spaces; no more than a headline may have.
fn words(plain: &str) -> Vec<&str> {
    let is_dense = !plain.contains(' ') && plain.chars().any(|c| c as u32 > 0x2E80);
    if is_dense {
        plain
            .char_indices()
            .map(|(at, c)| &plain[at..at + c.len_utf8()])
            .take(60)
            .collect()
    } else {
        plain.split(' ').take(60).collect()
    }
}

fn is_site_name(text: &str, sites: &[String]) -> bool {
    let plain = field::plain(text);
    sites
        .iter()
        .any(|site| plain == *site || plain.replace(' ', "") == site.replace(' ', ""))
}

/// `title` without the site's name at its end or its start.
pub(super) fn without_site(title: &str, sites: &[String]) -> String {
    let mut title = title;
    // 'Headline | Section | Site' loses the site first.
    for _ in 0..3 {
        let cut = SEPARATORS.iter().find_map(|separator| {
            let (head, tail) = title.rsplit_once(separator)?;
            (names_site(tail, sites) && !head.trim().is_empty())
                .then_some(head)
                .or_else(|| {
                    let (head, tail) = title.split_once(separator)?;
                    (names_site(head, sites) && !tail.trim().is_empty()).then_some(tail)
                })
        });
        match cut {
            Some(rest) => title = rest.trim(),
            None => break,
        }
    }
    title.to_owned()
}

/// True for the site's name, also with a domain's ending or an article before it.
fn names_site(segment: &str, sites: &[String]) -> bool {
    let segment = field::plain(segment).replace(' ', "");
    if segment.is_empty() {
        return false;
    }
    sites.iter().any(|site| {
        let site = site.replace(' ', "");
        let (short, long) = if segment.len() < site.len() {
            (&segment, &site)
        } else {
            (&site, &segment)
        };
        short == long
            || (short.chars().count() >= 4
                && (long.starts_with(short.as_str()) || long.ends_with(short.as_str()))
                && long.len() <= short.len() * 2 + 4)
    })
}
