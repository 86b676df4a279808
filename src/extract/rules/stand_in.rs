//! Pages that stand in the place of an article: bot checks, consent walls, 'page not found', the
//! first lines for subscribers. What they say is data, in `rules/pages.toml`; how much of a page must
//! say so is decided here.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::extract::blocks::Blocks;
use crate::extract::body::Body;
use crate::outcome::Outcome;

/// A page with more characters than this, white space aside, is no bot check and no error page…
const SHORT: usize = 4_000;
/// …and with more than this no consent wall: those name hundreds of partners.
const WALL: usize = 20_000;
/// Words of the text found, above which a title alone proves nothing.
const FEW_WORDS: usize = 150;
/// Words that a stub has at most.
const STUB_WORDS: usize = 120;
/// A title may say this much more than the words that give it away.
const MORE: usize = 24;
/// Words shorter than this must be the whole title: headlines hold them too.
const TELLING: usize = 8;
/// Phrases that make a wall.
const WALL_PHRASES: usize = 3;
/// What asks to subscribe stands no more blocks below the text.
const BELOW: usize = 8;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    challenge: Group,
    consent: Group,
    missing: Group,
    paywall: Group,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    #[serde(rename = "about", default)]
    _about: String,
    titles: Vec<String>,
    phrases: Vec<String>,
}

/// Titles, and phrases in one automaton.
#[derive(Debug)]
struct Signs {
    titles: Vec<String>,
    phrases: Option<AhoCorasick>,
}

impl From<Group> for Signs {
    fn from(group: Group) -> Signs {
        Signs {
            phrases: AhoCorasick::new(&group.phrases).ok(),
            titles: group.titles,
        }
    }
}

impl Signs {
    fn names(&self, title: &str) -> bool {
        let says = |sign: &String| {
            title == sign
                || (sign.len() >= TELLING
                    && title.len() <= sign.len() + MORE
                    && title.contains(sign.as_str()))
        };
        self.titles.iter().any(says)
    }

    /// How many different phrases stand in these texts.
    fn count<'t>(&self, texts: impl Iterator<Item = &'t str>) -> usize {
        let Some(phrases) = &self.phrases else {
            return 0;
        };
        let mut found = vec![false; phrases.patterns_len()];
        for text in texts {
            for hit in phrases.find_iter(&text.to_lowercase()) {
                found[hit.pattern().as_usize()] = true;
            }
        }
        found.into_iter().filter(|it| *it).count()
    }
}

#[derive(Debug)]
struct StandIns {
    challenge: Signs,
    consent: Signs,
    missing: Signs,
    paywall: Signs,
}

static STAND_INS: LazyLock<StandIns> = LazyLock::new(|| {
    // The file is compiled in and tested; a broken one would know no such page.
    let file: File = toml::from_str(include_str!("../../../rules/pages.toml")).unwrap_or_default();
    StandIns {
        challenge: file.challenge.into(),
        consent: file.consent.into(),
        missing: file.missing.into(),
        paywall: file.paywall.into(),
    }
});

/// What stands in for the article, if something does. `words` are those of the text found.
pub fn stand_in(
    title: Option<&str>,
    blocks: &Blocks,
    body: &Body,
    words: usize,
) -> Option<Outcome> {
    let chars: usize = blocks.list.iter().map(|it| it.chars).sum();
    if chars > WALL || words > FEW_WORDS * 4 {
        return None;
    }
    let known = &*STAND_INS;
    let title = title.unwrap_or_default().to_lowercase();
    let all = || (0..blocks.list.len()).map(|block| blocks.text(block));
    let few = words <= FEW_WORDS;
    if chars <= SHORT && few {
        if known.missing.names(&title) {
            return Some(Outcome::Soft404);
        }
        let checked = known.challenge.count(all());
        if checked > 1 || (checked == 1 || words < 40) && known.challenge.names(&title) {
            return Some(Outcome::Challenge);
        }
    }
    let kept: Vec<usize> = body.kept().collect();
    let asked = known
        .consent
        .count(kept.iter().map(|&block| blocks.text(block)));
    let is_wall = asked >= WALL_PHRASES
        || (few && known.consent.names(&title) && known.consent.count(all()) > 0)
        || (words < 20 && known.consent.count(all()) >= WALL_PHRASES);
    if is_wall {
        return Some(Outcome::ConsentWall);
    }
    let last = *kept.last()?;
    let below = last + 1..blocks.list.len().min(last + 1 + BELOW);
    let near = kept
        .iter()
        .copied()
        .chain(below)
        .map(|block| blocks.text(block));
    let is_stub = words <= STUB_WORDS && known.paywall.count(near) > 0;
    is_stub.then_some(Outcome::PaywallStub)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Extractor;
    use crate::page::Input;

    const LINE: &str = "The council voted on Tuesday to plant two hundred limes along the quay, \
        ending a quarrel that had lasted, by the mayor's count, for nine years.";

    fn verdict(html: &str) -> Outcome {
        let input = Input {
            bytes: html.as_bytes(),
            ..Input::default()
        };
        Extractor::default().extract(&input).verdict
    }

    #[test]
    fn the_file_can_be_read_and_is_in_lower_case() {
        let file: File = toml::from_str(include_str!("../../../rules/pages.toml")).unwrap();
        for group in [&file.challenge, &file.consent, &file.missing, &file.paywall] {
            for sign in group.titles.iter().chain(&group.phrases) {
                assert_eq!(*sign, sign.to_lowercase());
            }
        }
    }

    #[test]
    fn each_page_that_stands_in_for_an_article_is_told() {
        let pages = [
            (
                Outcome::Challenge,
                "<title>Just a moment...</title><h1>daily.test</h1><p>Verify you are human by \
                 completing the action below.</p><p>daily.test needs to review the security of \
                 your connection before proceeding.</p>"
                    .to_owned(),
            ),
            (
                Outcome::ConsentWall,
                "<title>Ihre Privatsphäre</title><h1>Weiterlesen mit Werbung</h1><p>Wir und unsere \
                 Partner speichern Informationen auf einem Gerät. Mit Ihrer Einwilligung zeigen wir \
                 Werbung; für einige Zwecke gilt das berechtigte Interesse.</p>\
                 <button>Alle akzeptieren</button><button>Alle ablehnen</button>"
                    .to_owned(),
            ),
            (
                Outcome::Soft404,
                "<title>Page introuvable</title><h1>Page introuvable</h1><p>La page que vous \
                 cherchez a peut-être été déplacée. Voici nos dernières nouvelles.</p>"
                    .to_owned(),
            ),
            (
                Outcome::PaywallStub,
                format!(
                    "<meta property=og:type content=article><title>Limes</title><article><h1>Limes \
                     for the quay</h1><p>{LINE}</p></article><div class=gate><p>Subscribe to \
                     continue reading</p></div>"
                ),
            ),
        ];
        for (expected, html) in pages {
            assert_eq!(verdict(&html), expected);
        }
    }

    #[test]
    fn articles_that_speak_of_such_pages_are_articles() {
        let story = |headline: &str| {
            let paragraphs = format!("<p>{LINE}</p>").repeat(1)
                + &(0..8)
                    .map(|at| format!("<p>{LINE} It was vote number {at}.</p>"))
                    .collect::<String>();
            format!(
                "<meta property=og:type content=article><title>{headline}</title><article>\
                 <h1>{headline}</h1>{paragraphs}</article><p>Subscribe to continue reading</p>\
                 <p>We value your privacy. Accept all. Reject all.</p>"
            )
        };
        for headline in [
            "404 people were rescued from the night ferry",
            "Access denied: how the harbour shut out the press",
            "Page not found: the lost leaf of the codex",
        ] {
            assert_eq!(verdict(&story(headline)), Outcome::Stored, "{headline}");
        }
    }
}
