//! The headline. Pages state it several times, each time a little differently: with the site's
//! name, shortened, or made for sharing. The one that readers see is taken where a stated one
//! agrees with it; a stated one where readers see none, or one of another text.

use crate::page::Id;

use crate::extract::fields::field;
use crate::extract::fields::visible::Heading;

/// What parts the headline from the site's name. Longer ones first: ` - ` also ends ` -- `.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " :: ", " : ", " » ", " « ", " · ", " • ", " / ", " ‹ ", " › ",
    " > ", " < ", " │ ", " ~ ", " -- ", ": ", "｜", "|", "ㅣ", "丨", "_",
];
/// A heading agrees with a stated title when they share this part of their words.
const AGREEMENT: f64 = 0.6;
/// If it is the only main heading, so little is enough: nothing else is the headline.
const LONE_AGREEMENT: f64 = 0.2;
/// A heading that is no main one must be a part of a stated title, whole.
const PART: f64 = 0.9;
/// A headline that is contained in another has at least so many words.
const PART_WORDS: usize = 3;
/// Segments of one title that may name the site.
const SITE_SEGMENTS: usize = 3;
/// What parts the headline from sections and slogans too, and stands in no headline itself.
const BARS: &[&str] = &[" | ", " │ ", "｜", "ㅣ", "丨"];
/// Words that the part before a bar has where it is a headline.
const HEADLINE_WORDS: usize = 4;

/// Everything that may be the headline.
#[derive(Debug, Default)]
pub(super) struct Candidates<'a> {
    /// JSON-LD's headline.
    pub(super) linked: Option<&'a str>,
    /// `<meta>` titles, in the order of trust.
    pub(super) metas: Vec<&'a str>,
    /// `<title>`.
    pub(super) title: Option<&'a str>,
    /// Visible headings.
    pub(super) headings: &'a [Heading],
    /// Names of the site in plain form, without spaces.
    pub(super) sites: &'a [String],
}

/// The headline, and where it stands if readers see it.
pub(super) fn choose(candidates: &Candidates<'_>) -> (Option<String>, Option<Id>) {
    let stated = stated(candidates);
    let plain_stated: Vec<String> = stated.iter().map(|it| field::plain(it)).collect();
    let [main, marked, other] = headings(candidates);
    let least = if main.len() == 1 {
        LONE_AGREEMENT
    } else {
        AGREEMENT
    };
    let agreeing = |headings, least| {
        best(headings, &plain_stated).filter(|(agreement, _)| *agreement >= least)
    };
    let seen = agreeing(&main, AGREEMENT)
        .or_else(|| agreeing(&marked, AGREEMENT))
        .or_else(|| best(&main, &plain_stated).filter(|(it, _)| *it >= least || stated.is_empty()))
        .or_else(|| agreeing(&other, PART));
    match seen {
        Some((_, (heading, text))) => {
            let plain = field::plain(text);
            let is_whole = heading.is_one_piece && plain_stated.contains(&plain);
            let rest = || plain_stated.iter().position(|it| is_rest(it, &plain));
            let rest = (!is_whole).then(rest).flatten();
            let headline = rest.map_or(text, |at| &stated[at]);
            (Some(headline.clone()), Some(heading.node))
        }
        // The only main heading, or the one that agrees best, still tells where the article begins.
        None => {
            let lone = main.first().filter(|_| main.len() == 1);
            let place = lone.or_else(|| Some(agreeing(&other, AGREEMENT)?.1));
            let place = place.map(|(heading, _)| heading.node);
            (stated.into_iter().next(), place)
        }
    }
}

/// The titles that the page states for machines, without the site's name, the best first.
fn stated(candidates: &Candidates<'_>) -> Vec<String> {
    let all = candidates
        .linked
        .iter()
        .chain(&candidates.metas)
        .chain(&candidates.title);
    all.filter_map(|raw| field::clean(raw))
        .map(|title| headline_of(&title, candidates.sites))
        .filter(|title| !is_site_name(title, candidates.sites))
        .collect()
}

/// A heading, and what it says.
type Seen<'a> = (&'a Heading, String);

/// The main headings, those marked as some post's and the others, each once, without those that name
/// the site.
fn headings<'a>(candidates: &Candidates<'a>) -> [Vec<Seen<'a>>; 3] {
    let mut kinds = [Vec::new(), Vec::new(), Vec::new()];
    for heading in candidates.headings {
        let Some(text) = field::clean(&heading.text) else {
            continue;
        };
        let text = if heading.is_main {
            headline_of(&text, candidates.sites)
        } else {
            text
        };
        let is_twice = |known: &Seen<'_>| known.1 == text && known.0.is_main == heading.is_main;
        let is_known = kinds.iter().flatten().any(is_twice);
        if !is_known && !is_site_name(&text, candidates.sites) {
            let kind = match heading {
                Heading { is_main: true, .. } => 0,
                Heading {
                    is_marked: true, ..
                } => 1,
                _ => 2,
            };
            kinds[kind].push((heading, text));
        }
    }
    kinds
}

/// The first heading that agrees best with a stated title.
fn best<'s, 'a>(headings: &'s [Seen<'a>], stated: &[String]) -> Option<(f64, &'s Seen<'a>)> {
    let mut best: Option<(f64, &Seen<'a>)> = None;
    for heading in headings {
        let plain = field::plain(&heading.1);
        let all = stated.iter().map(|title| agreement(&plain, title));
        let agreement = all.fold(0.0, f64::max);
        if best.is_none_or(|(highest, _)| agreement > highest) {
            best = Some((agreement, heading));
        }
        if agreement >= 1.0 {
            break;
        }
    }
    best
}

/// How well a heading agrees with a stated title, both in plain form: 1 where they are equal, less
/// where one is a part of the other, else the share of words that both have.
fn agreement(heading: &str, title: &str) -> f64 {
    if heading == title {
        return 1.0;
    }
    let (a, b) = (words(heading), words(title));
    let part = a.len().min(b.len());
    if part >= PART_WORDS && (is_part(heading, title) || is_part(title, heading)) {
        return 0.95;
    }
    let common = a.iter().filter(|word| b.contains(word)).count();
    #[allow(clippy::cast_precision_loss)] // Words of a title.
    let share = common as f64 / a.len().max(b.len()).max(1) as f64;
    share.min(0.9 - f64::EPSILON)
}

/// True where `part` begins or ends `whole` at a word's edge.
fn is_part(part: &str, whole: &str) -> bool {
    let edge = |rest: &str, at_start: bool| {
        rest.is_empty()
            || if at_start {
                rest.starts_with(' ')
            } else {
                rest.ends_with(' ')
            }
    };
    whole
        .strip_prefix(part)
        .is_some_and(|rest| edge(rest, true))
        || whole
            .strip_suffix(part)
            .is_some_and(|rest| edge(rest, false))
}

/// Words, or characters where a script has no spaces; no more than a headline has.
fn words(plain: &str) -> Vec<&str> {
    let is_dense = !plain.contains(' ') && plain.chars().any(|c| c as u32 > 0x2E80);
    if is_dense {
        let each = plain
            .char_indices()
            .map(|(at, c)| &plain[at..at + c.len_utf8()]);
        each.take(60).collect()
    } else {
        plain.split(' ').take(60).collect()
    }
}

/// True for a title that is the end of a heading, both in plain form: the page says itself that what
/// stands before it, a kicker or a counter, does not belong to the headline.
fn is_rest(title: &str, heading: &str) -> bool {
    let before = heading.strip_suffix(title);
    words(title).len() >= PART_WORDS && before.is_some_and(|it| it.ends_with(' '))
}

pub(super) fn is_site_name(text: &str, sites: &[String]) -> bool {
    let plain = field::plain(text).replace(' ', "");
    sites.contains(&plain)
}

/// The headline in a title or a heading: without the site's name, sections and slogans.
fn headline_of(title: &str, sites: &[String]) -> String {
    without_bar(&without_site(title, sites)).to_owned()
}

/// `title` without the site's name at its end or its start.
fn without_site(title: &str, sites: &[String]) -> String {
    let mut title = title;
    for _ in 0..SITE_SEGMENTS {
        let Some(rest) = SEPARATORS
            .iter()
            .find_map(|separator| without_segment(title, separator, sites))
        else {
            break;
        };
        title = rest;
    }
    title.to_owned()
}

/// `title` up to its first bar, where that is a headline.
fn without_bar(title: &str) -> &str {
    let heads = BARS.iter().filter_map(|bar| Some(title.split_once(bar)?.0));
    let shortest = heads.min_by_key(|head| head.len()).map(str::trim);
    shortest
        .filter(|head| words(&field::plain(head)).len() >= HEADLINE_WORDS)
        .unwrap_or(title)
}

/// `title` without its last or its first segment, if that names the site.
fn without_segment<'t>(title: &'t str, separator: &str, sites: &[String]) -> Option<&'t str> {
    let last = title
        .rsplit_once(separator)
        .filter(|(_, tail)| names_site(tail, sites));
    let first = || {
        title
            .split_once(separator)
            .filter(|(head, _)| names_site(head, sites))
    };
    let rest = last
        .map(|(head, _)| head)
        .or_else(|| first().map(|(_, tail)| tail))?
        .trim();
    (!rest.is_empty()).then_some(rest)
}

/// True for the site's name, also where one of both is a little longer: an article before it, a
/// domain's ending, a word for the edition.
fn names_site(segment: &str, sites: &[String]) -> bool {
    let segment = field::plain(segment).replace(' ', "");
    sites.iter().any(|site| {
        let (short, long) = if segment.len() < site.len() {
            (&segment, site)
        } else {
            (site, &segment)
        };
        let is_near = short.chars().count() >= 4 && long.len() <= short.len() * 2 + 4;
        short == long
            || (is_near && (long.starts_with(short.as_str()) || long.ends_with(short.as_str())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(text: &str, is_main: bool) -> Heading {
        Heading {
            node: 7,
            text: text.to_owned(),
            is_main,
            is_marked: false,
            is_one_piece: true,
            article: None,
        }
    }

    fn title(linked: &str, page: &str, headings: &[Heading]) -> Option<String> {
        let sites = ["dailyferry".to_owned(), "dailyferryexample".to_owned()];
        let candidates = Candidates {
            linked: Some(linked),
            metas: Vec::new(),
            title: Some(page),
            headings,
            sites: &sites,
        };
        choose(&candidates).0
    }

    #[test]
    fn the_headline_that_readers_see_is_taken_where_a_stated_one_agrees() {
        let seen = [
            heading("The Daily Ferry", true),
            heading("Night ferry sails again after eleven years", true),
        ];
        assert_eq!(
            title(
                "Night ferry sails again",
                "Night ferry sails again | Daily Ferry",
                &seen
            )
            .as_deref(),
            Some("Night ferry sails again after eleven years")
        );
    }

    #[test]
    fn a_heading_of_another_text_loses() {
        let seen = [heading("Most read this week", true), heading("Sea", true)];
        assert_eq!(
            title("Night ferry sails again", "Daily Ferry", &seen).as_deref(),
            Some("Night ferry sails again")
        );
    }

    #[test]
    fn only_the_site_s_name_is_cut_from_the_end() {
        for (page, expected) in [
            ("Ferry returns - The Daily Ferry", "Ferry returns"),
            ("Daily Ferry: Ferry returns", "Ferry returns"),
            (
                "Ferry returns | Sea | dailyferry.example",
                "Ferry returns | Sea",
            ),
            ("Ferry returns - at last", "Ferry returns - at last"),
            ("Returns: the ferry", "Returns: the ferry"),
        ] {
            assert_eq!(title("", page, &[]).as_deref(), Some(expected), "{page}");
        }
    }

    #[test]
    fn a_kicker_that_the_page_itself_leaves_out_is_cut() {
        let seen = [heading("Sea traffic Night ferry sails again", true)];
        assert_eq!(
            title("Night ferry sails again", "", &seen).as_deref(),
            Some("Night ferry sails again")
        );
    }

    #[test]
    fn a_heading_that_stands_twice_or_names_the_site_is_one_without_it() {
        let seen = [
            heading("The ferry is back | Daily Ferry", true),
            heading("The ferry is back", true),
        ];
        // One lone heading, which need not say much of what the page states.
        let told = title("Night sailings resume as the ferry returns", "", &seen);
        assert_eq!(told.as_deref(), Some("The ferry is back"));
    }

    #[test]
    fn a_label_in_the_heading_s_own_words_that_the_page_states_too_is_kept() {
        let mut seen = [heading("Report: Night ferry sails again", true)];
        let page = "Report: Night ferry sails again | Daily Ferry";
        let told = |seen: &[Heading]| title("Night ferry sails again", page, seen);
        assert_eq!(
            told(&seen).as_deref(),
            Some("Report: Night ferry sails again")
        );
        seen[0].is_one_piece = false;
        assert_eq!(told(&seen).as_deref(), Some("Night ferry sails again"));
    }

    #[test]
    fn a_smaller_heading_is_taken_where_it_is_a_part_of_the_page_s_title() {
        let seen = [
            heading("Other news of today", false),
            heading("Night ferry sails again", false),
        ];
        assert_eq!(
            title("", "Night ferry sails again | All about ships", &seen).as_deref(),
            Some("Night ferry sails again")
        );
    }
}
