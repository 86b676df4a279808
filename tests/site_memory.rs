//! Site memory on sites of our own: five templates in three languages, with boilerplate inside the
//! element that holds the body, where one page can't give it away.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used)]

use newsprint::Article;
use newsprint::extract::site_memory::SiteMemory;
use newsprint::extract::{Extraction, Extractor};
use newsprint::page::Input;
use std::sync::Arc;
use url::Url;

const ARTICLES: usize = 30;

/// A site: its language's sentences, its boilerplate, and how it builds its pages.
struct Site {
    host: &'static str,
    language: &'static str,
    sentences: &'static [&'static str; 8],
    /// Stands on every page, where [`Site::build`] puts it.
    standing: &'static [&'static str],
    /// Begins a line that ends with a link to another article.
    pointer: Option<&'static str>,
    build: fn(&Parts<'_>) -> String,
}

/// What a page is built of.
struct Parts<'a> {
    body: &'a [String],
    standing: &'a [&'static str],
    /// The line with its link.
    pointer: String,
}

/// `{}` becomes a name, a number or a place that no other article has.
const ENGLISH: [&str; 8] = [
    "The council of {} agreed on Tuesday to spend {} thousand on its oldest bridge, and to close it for the whole of the winter.",
    "“We had counted on {} visitors and far more came,” said {}, who has kept the ferry’s books since she left school.",
    "Engineers found {} cracks in the pier below {}, none of them wider than a finger, most of them hidden under weed.",
    "In {} the last such storm tore {} boats from their moorings and left the market hall without its roof for a year.",
    "A neighbour, {}, remembers how the water stood in lane {} until Easter and how children went to school by raft.",
    "The plan leaves {} families without a garden, which {} calls a small price for a dry cellar.",
    "Whether the money lasts will be known when house {} on the quay is opened and {} has looked at its beams.",
    "Tickets at {} each went on sale at the kiosk of {} before the rain had stopped.",
];
const GERMAN: [&str; 8] = [
    "Der Rat von {} hat am Dienstag beschlossen, {} Tausend für die älteste Brücke auszugeben und sie den Winter über zu sperren.",
    "„Wir hatten mit {} Gästen gerechnet, und es kamen viel mehr“, sagt {}, die seit ihrer Schulzeit die Bücher der Fähre führt.",
    "Die Ingenieure fanden {} Risse im Pfeiler unter {}, keiner breiter als ein Finger, die meisten unter Tang verborgen.",
    "Im Jahr {} riss der letzte solche Sturm {} Boote los und nahm der Markthalle für ein Jahr das Dach.",
    "Eine Nachbarin, {}, erinnert sich, wie das Wasser in Gasse {} bis Ostern stand und die Kinder mit dem Floß zur Schule fuhren.",
    "Der CompiledSource lässt {} Familien ohne Garten, was {} einen kleinen Preis für einen trockenen Keller nennt.",
    "Ob das Geld reicht, zeigt sich, wenn Haus {} am Kai geöffnet wird und {} die Balken gesehen hat.",
    "Karten zu {} wurden am Kiosk von {} verkauft, bevor der Regen aufgehört hatte.",
];
const FRENCH: [&str; 8] = [
    "Le conseil de {} a décidé mardi de consacrer {} mille euros à son plus vieux pont et de le fermer tout l’hiver.",
    "« Nous attendions {} visiteurs, il en est venu bien plus », raconte {}, qui tient les comptes du bac depuis l’école.",
    "Les ingénieurs ont trouvé {} fissures dans la pile de {}, aucune plus large qu’un doigt, la plupart sous les algues.",
    "En {}, la dernière tempête de ce genre avait arraché {} bateaux à leurs amarres et le toit de la halle pour un an.",
    "Une voisine, {}, se souvient de l’eau restée ruelle {} jusqu’à Pâques et des enfants qui allaient à l’école en radeau.",
    "Le projet laisse {} familles sans jardin, ce que {} appelle un petit prix pour une cave au sec.",
    "On saura si l’argent suffit quand la maison {} du quai sera ouverte et que {} en aura vu les poutres.",
    "Des billets à {} euros se vendaient au kiosque de {} avant la fin de la pluie.",
];
const NAMES: [&str; 12] = [
    "Oda Lind",
    "Tam Verrill",
    "Jo Ferran",
    "Mila Brandt",
    "Arne Holt",
    "Ines Carvell",
    "Per Osk",
    "Nele Quist",
    "Luc Amand",
    "Rosa Tielke",
    "Finn Auber",
    "Zoe Marant",
];

#[allow(clippy::too_many_lines)] // It is a table.
fn sites() -> [Site; 5] {
    [
        // The body is one run of paragraphs, all made alike, boilerplate among them.
        Site {
            host: "quay-gazette.example",
            language: "en",
            sentences: &ENGLISH,
            standing: &[
                "To go on reading with the crossword and the tide tables, readers of the Gazette sign in with the card they were sent by post.",
                "Oda Verrill has written for the Gazette about boats and weather since the harbour froze, and answers letters on Fridays.",
                "The Gazette is printed on the quay and owes nothing to anyone but its readers, who own the press it is printed on.",
            ],
            pointer: None,
            build: |it| {
                let mut lines = paragraphs(it.body);
                let middle = lines.len() / 2;
                lines.push(format!("<p>{}</p>", it.standing[1]));
                lines.push(format!("<p>{}</p>", it.standing[2]));
                lines.insert(middle, format!("<p>{}</p>", it.standing[0]));
                format!("<div class=story>{}</div>", lines.concat())
            },
        },
        // Boxes without telling names between the paragraphs.
        Site {
            host: "fjord-bote.example",
            language: "de",
            sentences: &GERMAN,
            standing: &[
                "Was am Fjord wichtig war, steht jeden Abend in einem Brief, den die Redaktion mit der Hand schreibt und den man bestellen kann.",
                "Nele Brandt schreibt seit zehn Wintern über Häfen und Menschen, die von ihnen leben, und wohnt selbst auf einem Kutter.",
            ],
            pointer: Some("Dazu passt:"),
            build: |it| {
                let mut lines = paragraphs(it.body);
                lines.insert(2, format!("<div class=k7><p>{}</p></div>", it.standing[0]));
                lines.insert(4, format!("<p class=k9>{}</p>", it.pointer));
                lines.push(format!("<div class=k8><p>{}</p></div>", it.standing[1]));
                format!(
                    "<main><article class=text>{}</article></main>",
                    lines.concat()
                )
            },
        },
        // Plain divs in place of paragraphs, a standing note in front.
        Site {
            host: "cap-matin.example",
            language: "fr",
            sentences: &FRENCH,
            standing: &[
                "Cet article fait partie de nos récits du littoral, écrits par celles et ceux qui y vivent et relus par leurs voisins.",
                "Le journal paraît grâce à ses lecteurs ; celui qui veut lire la suite sur papier la trouve chaque jeudi chez le boulanger.",
            ],
            pointer: Some("Sur le même rivage :"),
            build: |it| {
                let mut lines: Vec<String> = it
                    .body
                    .iter()
                    .map(|it| format!("<div>{it}</div>"))
                    .collect();
                lines.insert(0, format!("<div>{}</div>", it.standing[0]));
                let middle = lines.len() - 2;
                lines.insert(middle, format!("<div>{}</div>", it.pointer));
                lines.push(format!("<div>{}</div>", it.standing[1]));
                format!("<div id=main><div class=txt>{}</div></div>", lines.concat())
            },
        },
        // Sections, each with its own box; a heading and a list in one of them.
        Site {
            host: "north-bank.example",
            language: "en",
            sentences: &ENGLISH,
            standing: &[
                "Whoever lends us an hour a week helps to keep the reading room open for those who have no other warm place to sit.",
                "Letters about this story reach the editors by the box at the ferry, and are answered in the order in which they come.",
                "Three evenings a year on the boat",
                "A chair by the window of the press room",
            ],
            pointer: None,
            build: |it| {
                let lines = paragraphs(it.body);
                let (head, tail) = lines.split_at(3);
                format!(
                    "<div class=page><section class=s>{}<div class=j><h3>Stand by the paper</h3><p>{}</p>\
                     <ul><li>{}</li><li>{}</li></ul></div></section><section class=s>{}<p>{}</p></section></div>",
                    head.concat(),
                    it.standing[0],
                    it.standing[2],
                    it.standing[3],
                    tail.concat(),
                    it.standing[1]
                )
            },
        },
        // Nothing but line breaks: the text of one element.
        Site {
            host: "deich-kurier.example",
            language: "de",
            sentences: &GERMAN,
            standing: &[
                "Wer den Kurier weiterlesen will, meldet sich mit der Nummer an, die auf der Rückseite der Monatskarte der Fähre steht.",
                "Der Kurier gibt die Meinung seiner Leserschaft wieder, auch wo er sie nicht teilt, und haftet nicht für das Wetter.",
            ],
            pointer: None,
            build: |it| {
                let mut lines = it.body.to_vec();
                lines.insert(3, it.standing[0].to_owned());
                lines.push(it.standing[1].to_owned());
                format!("<td class=c>{}</td>", lines.join("<br><br>"))
                    .replace("<td", "<div")
                    .replace("</td", "</div")
            },
        },
    ]
}

fn paragraphs(body: &[String]) -> Vec<String> {
    body.iter().map(|it| format!("<p>{it}</p>")).collect()
}

/// Fills a sentence with what only this article has.
fn filled(sentence: &str, seed: usize) -> String {
    let mut parts = sentence.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (at, part) in parts.enumerate() {
        let name = NAMES[(seed * 5 + at * 7) % NAMES.len()];
        let value = match at % 2 {
            0 => format!("{}", 17 + seed * 13 + at),
            _ => format!("{name} {}", 1900 + seed),
        };
        text.push_str(&value);
        text.push_str(part);
    }
    text
}

/// The body of an article: six to eight paragraphs of two sentences, in an order of its own.
fn body(site: &Site, number: usize) -> Vec<String> {
    let count = 6 + number % 3;
    let sentence = |at: usize| {
        let which = (number * 3 + at * 5) % site.sentences.len();
        filled(site.sentences[which], number * 16 + at)
    };
    (0..count)
        .map(|at| format!("{} {}", sentence(2 * at), sentence(2 * at + 1)))
        .collect()
}

/// A page around this body.
fn page(site: &Site, number: usize, body: &[String]) -> String {
    let other = (number * 7 + 3) % 900;
    let target = filled(site.sentences[(number + 4) % 8], other)
        .chars()
        .take(48)
        .collect::<String>();
    let label = site.pointer.unwrap_or_default();
    let parts = Parts {
        body,
        standing: site.standing,
        pointer: format!("{label} <a href=/news/story-of-{other}>{target}</a>"),
    };
    let headline = filled("{} boats and the year of {}", number);
    format!(
        "<!DOCTYPE html><html lang={}><head><title>{headline}</title>\
         <meta property=og:type content=article></head><body><ul class=menu><li><a href=/>Home</a>\
         <li><a href=/sport>Sport</a></ul><h1>{headline}</h1>{}<div class=foot>© 2026</div></body></html>",
        site.language,
        (site.build)(&parts)
    )
}

fn extract(extractor: &Extractor, site: &Site, number: usize, html: &str) -> Extraction {
    let url = Url::parse(&format!("https://{}/news/story-{number}", site.host)).unwrap();
    extractor.extract(&Input::new(html.as_bytes()).with_url(&url))
}

/// Lines of boilerplate that were kept, and lines of the article that were lost.
fn faults(site: &Site, body: &[String], article: &Article) -> (usize, usize) {
    let has = |line: &str| article.text.contains(line);
    let kept = site.standing.iter().filter(|line| has(line)).count();
    let pointed = site.pointer.is_some_and(has);
    let lost = body.iter().filter(|line| !has(line)).count();
    (kept + usize::from(pointed), lost)
}

#[test]
fn from_the_fourth_article_on_no_boilerplate_is_kept_and_no_line_lost() {
    let extractor = Extractor::default();
    println!("site                   kept alone  kept with memory  lost");
    for site in sites() {
        let (mut alone, mut with, mut lost) = (0, 0, 0);
        let mut memory = SiteMemory::default();
        for number in 0..ARTICLES {
            let body = body(&site, number);
            let html = page(&site, number, &body);
            let single = extract(&extractor, &site, number, &html);
            let remembering = extractor.with_memory(Arc::new(memory.clone()));
            let extraction = extract(&remembering, &site, number, &html);
            memory.learn(&extraction.fingerprint);
            if number >= 3 {
                alone += faults(&site, &body, &single.article).0;
                let (kept, gone) = faults(&site, &body, &extraction.article);
                with += kept;
                lost += gone;
            }
        }
        println!("{:<22} {alone:>10}  {with:>16}  {lost:>4}", site.host);
        assert_eq!((with, lost), (0, 0), "{}", site.host);
        assert_eq!(memory.articles(), 30);
    }
}

/// An extractor that knows nothing yet, and returns what there is to learn.
fn learning() -> Extractor {
    Extractor::default().with_memory(Arc::default())
}

/// What the memory of the first site holds after so many articles.
fn learned(site: &Site, count: usize) -> SiteMemory {
    let mut memory = SiteMemory::default();
    for number in 0..count {
        let html = page(site, number, &body(site, number));
        memory.learn(&extract(&learning(), site, number, &html).fingerprint);
    }
    memory
}

#[test]
fn a_story_of_an_agency_at_several_addresses_keeps_its_text() {
    for site in sites() {
        let mut memory = learned(&site, 10);
        let wire = body(&site, 500);
        for number in 500..506 {
            let html = page(&site, number, &wire);
            let extractor = Extractor::default().with_memory(Arc::new(memory.clone()));
            let extraction = extract(&extractor, &site, number, &html);
            let kept = faults(&site, &wire, &extraction.article);
            assert_eq!(kept, (0, 0), "{} {number}", site.host);
            memory.learn(&extraction.fingerprint);
        }
        assert_eq!(memory.articles(), 11, "five of the six repeat the first");
    }
}

#[test]
fn a_story_told_on_at_new_addresses_keeps_what_it_repeats() {
    let site = &sites()[0];
    let mut memory = SiteMemory::default();
    let first = body(site, 500);
    for update in 0..8 {
        // Each time two new paragraphs on top, and the last ones go.
        let mut text = body(site, 600 + update)[..3].to_vec();
        text.extend_from_slice(&first[..4]);
        let html = page(site, 600 + update, &text);
        let extractor = Extractor::default().with_memory(Arc::new(memory.clone()));
        let extraction = extract(&extractor, site, 600 + update, &html);
        assert_eq!(faults(site, &text, &extraction.article).1, 0, "{update}");
        memory.learn(&extraction.fingerprint);
    }
}

#[test]
fn a_paragraph_of_background_that_comes_now_and_then_stays() {
    let site = &sites()[1];
    let mut memory = learned(site, 6);
    let background = "Die Fähre zum Nordufer war vor elf Jahren eingestellt worden, nachdem ein Eisgang \
                      beide Anleger zerstört hatte; seither führt der einzige Weg über die alte Brücke, \
                      die für Lastwagen gesperrt ist und im Winter oft für Wochen nicht befahren werden \
                      kann, was die Dörfer am anderen Ufer von Arzt, Schule und Markt trennt.";
    for number in 6..30 {
        let mut text = body(site, number);
        if number % 3 == 0 {
            text.insert(3, background.to_owned());
        }
        let html = page(site, number, &text);
        let extractor = Extractor::default().with_memory(Arc::new(memory.clone()));
        let extraction = extract(&extractor, site, number, &html);
        assert_eq!(faults(site, &text, &extraction.article), (0, 0), "{number}");
        memory.learn(&extraction.fingerprint);
    }
}

#[test]
fn the_reason_and_the_memory_are_part_of_the_record() {
    let site = &sites()[0];
    let memory = learned(site, 20);
    let extractor = Extractor::builder().blocks(true).memory(memory).build();
    let article = extract(&extractor, site, 20, &page(site, 20, &body(site, 20))).article;
    assert!(
        article.extractor.ends_with(" memory 2 (20 pages)"),
        "{}",
        article.extractor
    );
    let reasons: Vec<String> = article
        .blocks
        .unwrap()
        .into_iter()
        .filter_map(|it| it.dropped)
        .collect();
    assert!(
        reasons.contains(&"seen in 20 of 20 pages".to_owned()),
        "{reasons:?}"
    );
    // One that was learned does not speak against itself.
    let known = extract(&extractor, site, 5, &page(site, 5, &body(site, 5))).article;
    assert!(known.extractor.ends_with(" memory 2 (19 pages)"));
    assert_eq!(faults(site, &body(site, 5), &known), (0, 0));
}

#[test]
fn a_host_without_end_takes_bounded_room_and_what_stands_everywhere_is_not_forgotten() {
    let site = &sites()[0];
    let mut memory = SiteMemory::default();
    for number in 0..400 {
        // A hundred paragraphs that no other page has.
        let text: Vec<String> = (0..12)
            .flat_map(|at| body(site, number * 12 + at))
            .collect();
        memory.learn(&extract(&learning(), site, number, &page(site, number, &text)).fingerprint);
    }
    assert!(memory.len() <= 6_500, "{}", memory.len());
    assert!(memory.to_bytes().len() <= 140_000);
    let extractor = Extractor::default().with_memory(Arc::new(memory));
    let article = extract(&extractor, site, 900, &page(site, 900, &body(site, 900))).article;
    assert_eq!(faults(site, &body(site, 900), &article), (0, 0));
}

/// The pages of a site in a folder, each with its own address in its head, and one of another host.
fn folder(site: &Site, count: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..count {
        let html = page(site, number, &body(site, number)).replace(
            "<head>",
            &format!(
                "<head><link rel=canonical href=https://www.{}/news/story-{number}>",
                site.host
            ),
        );
        std::fs::write(dir.path().join(format!("{number:03}.html")), html).unwrap();
    }
    dir
}

fn run(dir: &std::path::Path, args: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_newsprint"));
    let output = command
        .current_dir(dir)
        .env_clear()
        .arg("extract")
        .args(args);
    String::from_utf8(output.output().unwrap().stdout).unwrap()
}

#[test]
fn a_folder_is_learned_before_it_is_extracted_alike_with_any_number_of_jobs() {
    let site = &sites()[0];
    let dir = folder(site, 70);
    let out = run(dir.path(), &[".", "--jobs", "1"]);
    let articles = |out: &str| -> Vec<Article> {
        out.lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect()
    };
    for (number, article) in articles(&out).iter().enumerate() {
        assert_eq!(
            faults(site, &body(site, number), article),
            (0, 0),
            "{number}"
        );
    }
    for jobs in ["2", "7"] {
        assert_eq!(run(dir.path(), &[".", "--jobs", jobs]), out, "{jobs}");
    }
    let alone = run(dir.path(), &[".", "--no-site-memory"]);
    assert_eq!(faults(site, &body(site, 9), &articles(&alone)[9]), (3, 0));
    // Two pages of a host show nothing, nor do pages that come through a pipe.
    let two = folder(site, 2);
    let out = run(two.path(), &["."]);
    assert_eq!(faults(site, &body(site, 1), &articles(&out)[1]), (3, 0));
}

#[test]
fn a_memory_comes_back_from_its_bytes_and_damaged_ones_are_none() {
    let memory = learned(&sites()[3], 5);
    let bytes = memory.to_bytes();
    assert_eq!(SiteMemory::from_bytes(&bytes), Some(memory));
    for damaged in [&bytes[..bytes.len() - 1], &[], &[9, 1, 2], &bytes[..1]] {
        assert_eq!(SiteMemory::from_bytes(damaged), None);
    }
}
