//! Site memory on sites whose articles are written to a pattern: ledes, quotes, lists and tables that differ in a
//! name or a number, and lines that a few articles share. Whatever the site, no line of an article is lost by it.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use newsprint::Article;
use newsprint::extract::site_memory::SiteMemory;
use newsprint::extract::{Extraction, Extractor};
use newsprint::page::Input;
use proptest::prelude::*;
use url::Url;

/// Numbers from a seed, always the same ones (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut roll = self.0;
        roll = (roll ^ (roll >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        roll = (roll ^ (roll >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((roll ^ (roll >> 31)) % most as u64).unwrap()
    }

    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }
}

const PLACES: [&str; 13] = [
    "Oslo",
    "Port Marra",
    "Kell",
    "Tarnbrook",
    "Lower Vey",
    "Brest",
    "Ystad",
    "Hull",
    "Narva",
    "Cobh",
    "Aalen",
    "Pola",
    "Varde",
];
const PEOPLE: [&str; 7] = [
    "Oda Lind",
    "Tam Verrill",
    "Jo Ferran",
    "Mila Brandt",
    "Arne Holt",
    "Ines Carvell",
    "Per Osk",
];
const LEDES: [&str; 3] = [
    "A report from PLACE, where the harbour has been dry since the spring and nobody knows why.",
    "PLACE: what to know about the week ahead, from the ferry to the market, by PERSON.",
    "In PLACE the bridge is closed for NUMBER days, and the ferry sails at night as well.",
];
const PROSE: [&str; 6] = [
    "The council of PLACE agreed on Tuesday to spend NUMBER thousand on its oldest bridge, after PERSON had counted the cracks below.",
    "Engineers found NUMBER cracks in the pier near PLACE, none of them wider than a finger, as PERSON wrote in her letter of May.",
    "A neighbour, PERSON, remembers how the water stood in lane NUMBER of PLACE until Easter, and how children went to school by raft.",
    "The plan leaves NUMBER families of PLACE without a garden, which PERSON calls a small price for a dry cellar and a new school.",
    "Tickets at NUMBER each went on sale at the kiosk of PERSON before the rain over PLACE had stopped and the queue had gone home.",
    "Whether the money of PLACE lasts will be known when house NUMBER on the quay is opened and PERSON has looked at its old beams.",
];
const QUOTES: [&str; 3] = [
    "“We had counted on NUMBER visitors and far more came,” said PERSON of PLACE.",
    "“No comment for now,” said the office of the harbour master.",
    "“It is what it is, and we shall see in the summer,” the mayor said.",
];
const ITEMS: [&str; 5] = [
    "NUMBER boats for PLACE",
    "A lamp with red glass",
    "Two loaves of rye bread, one of them stale",
    "Nothing for PERSON",
    "A rope of NUMBER metres",
];
const STANDING: &str = "Whoever lends us an hour a week helps to keep the reading room open for those who have no other warm place to sit.";

fn filled(pattern: &str, dice: &mut Dice) -> String {
    let number = (11 + dice.below(900)).to_string();
    pattern
        .replace("PLACE", dice.of(&PLACES))
        .replace("PERSON", dice.of(&PEOPLE))
        .replace("NUMBER", &number)
}

/// A site: which kinds of patterned lines its articles have.
#[derive(Debug, Clone, Copy)]
struct Site {
    seed: u64,
    lede: usize,
    lede_class: &'static str,
    has_quotes: bool,
    has_lists: bool,
    has_tables: bool,
}

fn sites() -> impl Strategy<Value = Site> {
    let classes = prop::sample::select(&["standfirst", "", "k1"][..]);
    (any::<u64>(), 0..LEDES.len(), classes, any::<[bool; 3]>()).prop_map(
        |(seed, lede, lede_class, has)| Site {
            seed,
            lede,
            lede_class,
            has_quotes: has[0],
            has_lists: has[1],
            has_tables: has[2],
        },
    )
}

/// An article's page and its lines.
fn page(site: &Site, number: usize) -> (String, Vec<String>) {
    let mut dice = Dice(site.seed.wrapping_add(number as u64 * 7919));
    let mut lines = Vec::new();
    let mut line = |text: String| {
        lines.push(text.clone());
        text
    };
    // No two articles come from one place on one day.
    let lede = LEDES[site.lede].replace("PLACE", PLACES[number % PLACES.len()]);
    let lede = line(filled(&lede, &mut dice));
    let mut body = format!("<p class=\"{}\">{lede}</p>", site.lede_class);
    let count = 4 + dice.below(3);
    for at in 0..count {
        let pattern = PROSE[(number + at) % PROSE.len()];
        body += &format!("<p>{}</p>", line(filled(pattern, &mut dice)));
        if at == 1 {
            body += &format!("<div class=k7><p>{STANDING}</p></div>");
        }
        if at == 2 && site.has_quotes && dice.below(3) > 0 {
            // One of the quotes that several articles share comes now and then, as do those with a name.
            let quote = if dice.below(5) == 0 {
                QUOTES[1 + dice.below(2)]
            } else {
                QUOTES[0]
            };
            body += &format!(
                "<blockquote><p>{}</p></blockquote>",
                line(filled(quote, &mut dice))
            );
        }
        if at == 3 && site.has_lists && dice.below(3) > 0 {
            let items: Vec<String> = (0..3)
                .map(|at| filled(ITEMS[(number + 2 * at) % ITEMS.len()], &mut dice))
                .collect();
            body += "<ul>";
            for item in items {
                body += &format!("<li>{}</li>", line(item));
            }
            body += "</ul>";
        }
        if at == 3 && site.has_tables {
            body += "<table><tr><th>Boat</th><th>Place</th></tr>";
            for _ in 0..3 {
                let (boat, place) = (filled("Ferry NUMBER", &mut dice), dice.of(&PLACES));
                line(format!("{boat} | {place}"));
                body += &format!("<tr><td>{boat}</td><td>{place}</td></tr>");
            }
            body += "</table>";
        }
    }
    body += &format!(
        "<p>{}</p>",
        line(filled(PROSE[number % PROSE.len()], &mut dice))
    );
    let title = filled("PLACE waits for boat NUMBER", &mut dice);
    let html = format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title}</title><meta property=og:type content=article>\
         </head><body><h1>{title}</h1><div class=story>{body}</div><div class=foot>© 2026</div></body></html>"
    );
    (html, lines)
}

fn extract(extractor: &Extractor, number: usize, html: &str) -> Extraction {
    let url = Url::parse(&format!("https://pattern.example/news/story-{number}")).unwrap();
    extractor.extract(&Input::new(html.as_bytes()).with_url(&url))
}

/// The lines of an article that a text holds.
fn held<'l>(lines: &'l [String], article: &Article) -> Vec<&'l str> {
    let lines = lines.iter().map(String::as_str);
    lines.filter(|line| article.text.contains(line)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// In the order of a crawl, each page with the memory of those before it; then all again, with all of it.
    #[test]
    fn no_line_of_a_patterned_article_is_lost(site in sites(), pages in 11usize..14) {
        let alone = Extractor::default();
        let mut memory = SiteMemory::default();
        let mut single = Vec::new();
        for number in 0..pages {
            let (html, lines) = page(&site, number);
            let without = extract(&alone, number, &html).article;
            let with = extract(&alone.with_memory(Arc::new(memory.clone())), number, &html);
            let (expected, found) = (held(&lines, &without), held(&lines, &with.article));
            prop_assert_eq!(found, expected, "page {}", number);
            if number >= 3 {
                prop_assert!(!with.article.text.contains(STANDING), "page {}", number);
            }
            memory.learn(&with.fingerprint);
            single.push(without);
        }
        let learned = alone.with_memory(Arc::new(memory));
        for (number, without) in single.iter().enumerate() {
            let (html, lines) = page(&site, number);
            let with = extract(&learned, number, &html).article;
            prop_assert_eq!(held(&lines, &with), held(&lines, without), "page {} again", number);
        }
    }
}
