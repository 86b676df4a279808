//! Twelve newspapers of different make, with twenty articles each: their addresses, when each
//! article is published, and what each was filed as.

use std::collections::HashSet;

use crate::faults::{Trouble, Wrapping, faults_of, troubles_of, wrapping};
use crate::prose::{Language, Random};

/// Articles of a site.
pub(crate) const ARTICLES: usize = 20;
/// Passes over the sites.
pub(crate) const PASSES: usize = 5;
/// Hours from one pass to the next: a page that fails is tried again after 1, 6, 24 and 72 hours.
pub(crate) const HOURS: [u64; PASSES] = [0, 2, 8, 26, 74];
/// Articles that have been published by each pass.
const PUBLISHED: [usize; PASSES] = [12, 16, 19, 20, 20];
/// The newest articles, which the front page and the feed name; older ones have dropped off.
const NAMED: usize = 16;

/// How a site is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Make {
    /// Cards whose links say 'Read more' and whose addresses are numbers.
    Cards,
    /// `?id=`.
    Query,
    /// `/?p=`.
    WordPress,
    /// Headlines at the root of the site.
    RootSlugs,
    /// Tables in EUC-KR, `idxno=`.
    Tables,
    FeedOnly,
    NewsSitemap,
    /// A start page on one domain, its feed and articles on another.
    Sister,
    /// Refuses the first pass altogether, and each page once.
    Firewall,
    /// A consent wall on the front page at first.
    Consent,
    /// A front page of whole articles, one after the other.
    Scroll,
    /// A German paper whose articles are named by one word.
    ShortSlugs,
}

/// A newspaper.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) make: Make,
    pub(crate) name: &'static str,
    /// Where its front page, feed or sitemap is.
    pub(crate) host: &'static str,
    /// Where its articles are.
    pub(crate) articles_host: &'static str,
    pub(crate) language: Language,
    pub(crate) articles: Vec<Filed>,
    /// What happens to its feeds, its front page and the host, by pass.
    pub(crate) troubles: [Trouble; PASSES],
}

/// An article as its reporter filed it.
#[derive(Debug, Clone)]
pub(crate) struct Filed {
    pub(crate) number: usize,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) author: &'static str,
    pub(crate) paragraphs: Vec<String>,
    /// Which of the paragraphs is a heading.
    pub(crate) heading: Option<usize>,
    /// The first pass that can find it.
    pub(crate) pass: usize,
    /// Unix milliseconds.
    pub(crate) published: i64,
    /// How its first visits end.
    pub(crate) faults: Vec<crate::faults::Fault>,
    pub(crate) wrapping: Wrapping,
    /// It is gone for good, and this is answered.
    pub(crate) gone: Option<u16>,
}

impl Filed {
    pub(crate) fn text(&self) -> String {
        self.paragraphs.join("\n\n")
    }
}

impl Site {
    /// The articles that the front page or the feed names at a pass, the newest first.
    pub(crate) fn named(&self, pass: usize) -> Vec<&Filed> {
        let published = self.articles.iter().rev().filter(|it| it.pass <= pass);
        published.take(NAMED).collect()
    }

    /// The last pass at which an article is named.
    fn last_named(&self, number: usize) -> usize {
        let is_named = |pass: &usize| self.named(*pass).iter().any(|it| it.number == number);
        (0..PASSES).rev().find(is_named).unwrap_or(0)
    }

    pub(crate) fn article(&self, path: &str) -> Option<&Filed> {
        self.articles.iter().find(|it| it.path == path)
    }

    /// Where a crawl looks for articles, as host and path.
    pub(crate) fn entry_points(&self) -> Vec<String> {
        let front = format!("{}/", self.host);
        match self.make {
            Make::FeedOnly => vec![format!("{}/rss", self.host)],
            Make::NewsSitemap => vec![format!("{}/news.xml", self.host)],
            Make::Sister => vec![front, format!("{}/rss", self.articles_host)],
            _ => vec![front],
        }
    }

    /// The address of an article.
    pub(crate) fn url(&self, filed: &Filed) -> String {
        format!("http://{}{}", self.articles_host, filed.path)
    }
}

const SITES: [(Make, &str, &str, &str, Language); 12] = [
    (
        Make::Cards,
        "cards",
        "cards.test",
        "cards.test",
        Language::English,
    ),
    (
        Make::Query,
        "query",
        "query.test",
        "query.test",
        Language::French,
    ),
    (
        Make::WordPress,
        "wordpress",
        "wordpress.test",
        "wordpress.test",
        Language::English,
    ),
    (
        Make::RootSlugs,
        "root-slugs",
        "root.test",
        "root.test",
        Language::English,
    ),
    (
        Make::Tables,
        "tables",
        "www.tables.test",
        "www.tables.test",
        Language::Korean,
    ),
    (
        Make::FeedOnly,
        "feed-only",
        "feed.test",
        "feed.test",
        Language::Russian,
    ),
    (
        Make::NewsSitemap,
        "news-sitemap",
        "sitemap.test",
        "sitemap.test",
        Language::French,
    ),
    (
        Make::Sister,
        "sister",
        "www.evening-echo.co.uk",
        "www.evening-echo.com",
        Language::English,
    ),
    (
        Make::Firewall,
        "firewall",
        "firewall.test",
        "firewall.test",
        Language::English,
    ),
    (
        Make::Consent,
        "consent",
        "consent.test",
        "consent.test",
        Language::French,
    ),
    (
        Make::Scroll,
        "scroll",
        "scroll.test",
        "scroll.test",
        Language::Russian,
    ),
    (
        Make::ShortSlugs,
        "short-slugs",
        "kurz.test",
        "kurz.test",
        Language::German,
    ),
];

/// The twelve sites; `now` is when the first pass starts. Where `calm`, nothing goes wrong; where
/// `some_gone`, two articles of each site are gone for good.
pub(crate) fn sites(seed: u64, now: i64, calm: bool, some_gone: bool) -> Vec<Site> {
    let mut sites = Vec::new();
    for (at, (make, name, host, articles_host, language)) in SITES.into_iter().enumerate() {
        let mut random = Random::new(seed.wrapping_mul(1_000).wrapping_add(at as u64));
        let mut site = Site {
            make,
            name,
            host,
            articles_host,
            language,
            articles: articles(make, language, now, &mut random),
            troubles: [Trouble::None; PASSES],
        };
        if !calm {
            site.troubles = troubles_of(make, &mut random);
            for number in 0..ARTICLES {
                let named = site.last_named(number);
                let pass = site.articles[number].pass;
                site.articles[number].faults = faults_of(&site, pass, named, &mut random);
                site.articles[number].wrapping = wrapping(make, &mut random);
            }
        }
        if some_gone {
            let gone = [404, 410, 403];
            for turn in 0..2 {
                let number = 10 * turn + random.below(10);
                site.articles[number].gone = Some(gone[(2 * at + turn) % 3]);
            }
        }
        sites.push(site);
    }
    sites
}

fn articles(make: Make, language: Language, now: i64, random: &mut Random) -> Vec<Filed> {
    let mut paths = HashSet::new();
    let mut titles = HashSet::new();
    let mut hours = 0;
    let starts: Vec<i64> = HOURS
        .iter()
        .map(|wait| {
            hours += i64::try_from(*wait).unwrap();
            now + hours * 3_600_000
        })
        .collect();
    let mut articles = Vec::new();
    while articles.len() < ARTICLES {
        let number = articles.len();
        let title = language.headline(random);
        let path = path(make, number, &title, random);
        if !titles.insert(title.clone()) || !paths.insert(path.clone()) {
            continue;
        }
        let pass = PUBLISHED.iter().position(|count| number < *count).unwrap();
        // Three news in brief.
        let words = match (make, number % 7) {
            (Make::FeedOnly, 3) => 40,
            _ => 80 + random.below(320),
        };
        let minutes = i64::try_from(6 * (ARTICLES - number)).unwrap();
        let mut paragraphs = language.story(random, words);
        let is_plain = matches!(make, Make::FeedOnly | Make::Scroll);
        let heading = (!is_plain && paragraphs.len() > 5).then_some(paragraphs.len() / 2);
        if let Some(at) = heading {
            paragraphs.insert(at, language.headline(random));
        }
        articles.push(Filed {
            number,
            path,
            title,
            author: language.name(random),
            paragraphs,
            heading,
            pass,
            published: starts[pass] - minutes * 60_000,
            faults: Vec::new(),
            wrapping: Wrapping::None,
            gone: None,
        });
    }
    articles
}

fn path(make: Make, number: usize, title: &str, random: &mut Random) -> String {
    let id = 41_200 + 7 * number;
    match make {
        Make::Cards => format!("/n/{id}"),
        Make::Query => format!("/article.php?id={id}"),
        Make::WordPress => format!("/?p={}", 1_200 + 3 * number),
        Make::RootSlugs => format!("/{}", slug(title, 5)),
        Make::Tables => format!("/news/articleView.html?idxno={id}"),
        Make::FeedOnly => format!("/post/{id}"),
        Make::NewsSitemap => format!("/actualites/{}-{id}.html", slug(title, 6)),
        Make::Sister => format!("/news/{}", slug(title, 6)),
        Make::Firewall => format!("/2026/11/{}/", slug(title, 6)),
        Make::Consent => format!("/{}-{id}", slug(title, 4)),
        Make::Scroll => format!("/t/{:x}", random.next() % 0xff_ffff),
        Make::ShortSlugs => {
            let section = ["politik", "wirtschaft", "sport"][number % 3];
            let word = title.split(' ').next_back().unwrap_or_default();
            format!("/{section}/{}", slug(word, 1))
        }
    }
}

/// The first words of a title in ASCII, joined by hyphens.
fn slug(title: &str, words: usize) -> String {
    let mut slug = String::new();
    let lower = title.to_lowercase();
    let parts = lower.split(|it: char| !it.is_alphanumeric());
    for part in parts.filter(|it| !it.is_empty()).take(words) {
        if !slug.is_empty() {
            slug.push('-');
        }
        for letter in part.chars() {
            match letter {
                'ä' => slug.push_str("ae"),
                'ö' | 'ô' => slug.push_str("oe"),
                'ü' | 'û' => slug.push_str("ue"),
                'ß' => slug.push_str("ss"),
                'é' | 'è' | 'ê' | 'ë' => slug.push('e'),
                'à' | 'â' => slug.push('a'),
                'î' | 'ï' => slug.push('i'),
                'ç' => slug.push('c'),
                letter if letter.is_ascii() => slug.push(letter),
                _ => {}
            }
        }
    }
    slug
}
