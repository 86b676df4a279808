//! Makes a store of many articles, to measure with: twenty sources in six languages, four hundred days of daily passes,
//! pages that were lost, copies from other sources, and revisions. The same count makes the same articles. It writes
//! rows as a crawl leaves them, without visiting anything; they have no bands of similar texts.
//!
//! ```text
//! cargo run --example many_articles -- sqlite:many.db 100000
//! ```
//!
//! Words to look for: `ferry` is in about every tenth English text, "harbour strike" in every 200th, `quokka` in one of
//! 20,000 texts; `渡轮停航` in every 50th Chinese text and `東京都` in every 20th Japanese one.

use std::error::Error;
use std::ops::ControlFlow;
use std::path::PathBuf;

use fastrand::Rng;
use newsprint::Url;
use newsprint::article::Article;
use newsprint::canonical;
use newsprint::location::StoreLocation;
use newsprint::store;
use sqlx::{Connection, SqliteConnection, SqliteTransaction};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// 1 November 2026, the day after the last.
const END: i64 = 1_793_491_200_000;
const DAYS: i64 = 400;

/// The sources, each with its language.
const SOURCES: [(&str, &str); 20] = [
    ("Harbour Times", "en"),
    ("Daily Courier", "en"),
    ("The Evening Post", "en"),
    ("Northern Echo", "en"),
    ("Coast Guardian", "en"),
    ("City Ledger", "en"),
    ("Capital Wire", "en"),
    ("Morgenblatt", "de"),
    ("Hafenzeitung", "de"),
    ("Süddeutscher Bote", "de"),
    ("Le Phare", "fr"),
    ("La Dépêche du Port", "fr"),
    ("El Faro", "es"),
    ("Северный вестник", "ru"),
    ("Портовые новости", "ru"),
    ("港口日报", "zh"),
    ("海岸新闻", "zh"),
    ("東京夕刊", "ja"),
    ("港町新聞", "ja"),
    ("海辺ニュース", "ja"),
];

const FREQUENT: [(&str, &str); 5] = [
    (
        "en",
        "the of and to in a is that for it was on with as by at from said his they have this will are",
    ),
    (
        "de",
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an",
    ),
    (
        "fr",
        "le de la les et des en un du une que est pour qui dans par plus pas au sur ne se été",
    ),
    (
        "es",
        "de la que el en y a los del se las por un para con no una su al lo como más",
    ),
    (
        "ru",
        "и в не на что с по как это он из за от для до был но его к а при все",
    ),
];
const SYLLABLES: &str = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri flo gru pla ste tri sho chu";
const CYRILLIC: &str = "ба ве ги до жу за ке ли мо ну па ре си то фу ха це чи шо щу";
const WORDS: f64 = 30_000.0;
const CHARACTERS: f64 = 2_500.0;
const KANA: &str = "のにはをたがでてとしれさあるいうなもこ";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [location, count] = arguments.as_slice() else {
        return Err("usage: many_articles STORE ARTICLES".into());
    };
    let count: i64 = count.parse()?;
    match location.parse()? {
        StoreLocation::File(path) => fill(path, count).await,
        server => {
            let folder = tempfile::tempdir()?;
            let file = folder.path().join("many.db");
            fill(file.clone(), count).await?;
            let carry_on = &mut |_| ControlFlow::Continue(());
            store::copy(&file.into(), &server, carry_on).await?;
            Ok(())
        }
    }
}

/// Makes a store in this file.
async fn fill(path: PathBuf, count: i64) -> Result<(), Box<dyn Error>> {
    store::open(path.clone()).await?.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let mut filling = Filling {
        random: Rng::with_seed(20),
        number: 0,
        last_text: String::new(),
    };
    let mut transaction = connection.begin().await?;
    for (at, (name, _)) in SOURCES.iter().enumerate() {
        sources(&mut transaction, i64::try_from(at)? + 1, name).await?;
    }
    transaction.commit().await?;
    for day in 0..DAYS {
        let mut transaction = connection.begin().await?;
        let visited_at = END - (DAYS - day) * DAY + 22 * HOUR;
        let until = count * (day + 1) / DAYS;
        filling.day(&mut transaction, visited_at, until).await?;
        transaction.commit().await?;
    }
    connection.close().await?;
    Ok(())
}

/// A source with its host and its front page, under one number.
async fn sources(
    to: &mut SqliteTransaction<'_>,
    number: i64,
    name: &str,
) -> Result<(), sqlx::Error> {
    let host = format!("news{number}.example");
    for sql in [
        "INSERT INTO source_ids (id, name) VALUES ($1, $2)",
        "INSERT INTO hosts (id, host, source_id, claimed_at, visited_at) VALUES ($1, $3, $1, $4, $4)",
        "INSERT INTO host_shares (host_id, source_id, due_at) VALUES ($1, $1, $4)",
        "INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, due_at, visits, found_at, visited_at,
                           outcome, status, read_at, links_followed)
         VALUES ($1, $1, 1, -$1, '/', 0, 1, $4 + 3600000, 400, $4, $4, 'index', 200, $4, 12)",
    ] {
        let statement = sqlx::query(sql).bind(number).bind(name).bind(&host);
        statement.bind(END - 2 * HOUR).execute(&mut **to).await?;
    }
    Ok(())
}

/// A store that is being filled.
struct Filling {
    random: Rng,
    number: i64,
    last_text: String,
}

impl Filling {
    /// The pass of a day, until there are so many articles.
    async fn day(
        &mut self,
        to: &mut SqliteTransaction<'_>,
        at: i64,
        until: i64,
    ) -> Result<(), Box<dyn Error>> {
        let mut counts = [[0_i64; 4]; SOURCES.len()];
        while self.number < until {
            self.number += 1;
            let source = self.random.usize(..SOURCES.len());
            counts[source][0] += 1;
            self.store(to, source, at).await?;
            if self.random.u32(..20) == 0 {
                let kind = self.random.usize(1..4);
                counts[source][kind] += 1;
                self.lose(to, source, at, kind).await?;
            }
        }
        for (source, counts) in counts.iter().enumerate() {
            pass(to, SOURCES[source].0, at, counts).await?;
        }
        Ok(())
    }

    async fn store(
        &mut self,
        to: &mut SqliteTransaction<'_>,
        source: usize,
        at: i64,
    ) -> Result<(), Box<dyn Error>> {
        let mut article = self.article(source, at)?;
        if self.random.u32(..30) == 0 {
            sqlx::query(
                "INSERT INTO revisions (id, revision, replaced_at, record) VALUES ($1, 1, $2, $3)",
            )
            .bind(&article.id)
            .bind(at)
            .bind(serde_json::to_string(&article)?)
            .execute(&mut **to)
            .await?;
            article.text.push_str("\n\nThis text was corrected.");
            article.content_hash = canonical::digest(article.text.as_bytes());
            article.revision = 2;
        }
        sqlx::query(
            "INSERT INTO articles (seq, id, source, content_hash, fetched_at, written_at, record, words)
             VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
        )
        .bind(self.number)
        .bind(&article.id)
        .bind(&article.source)
        .bind(&article.content_hash)
        .bind(at)
        .bind(serde_json::to_string(&article)?)
        .bind(i64::try_from(article.word_count)?)
        .execute(&mut **to)
        .await?;
        let page = Page {
            number: self.number,
            source,
            at,
            outcome: "stored",
            reason: None,
            status: 200,
        };
        page.insert(to, Some(&article.id)).await
    }

    /// A page that is lost.
    async fn lose(
        &mut self,
        to: &mut SqliteTransaction<'_>,
        source: usize,
        at: i64,
        kind: usize,
    ) -> Result<(), Box<dyn Error>> {
        let (outcome, reason, status) = LOST[kind - 1];
        let page = Page {
            number: -self.number,
            source,
            at,
            outcome,
            reason: Some(reason),
            status,
        };
        page.insert(to, None).await
    }

    fn article(&mut self, source: usize, now: i64) -> Result<Article, Box<dyn Error>> {
        let (name, language) = SOURCES[source];
        let random = &mut self.random;
        let mut text = match random.u32(..40) {
            // What an agency gave to several.
            0 => self.last_text.clone(),
            _ => body(random, language),
        };
        if random.u32(..20_000) == 0 {
            text.push_str("\n\nA quokka was seen near the harbour.");
        }
        self.last_text.clone_from(&text);
        let url = Url::parse(&format!(
            "https://news{}.example/story/{}",
            source + 1,
            self.number
        ))?;
        let author = random.u32(..400);
        Ok(Article {
            id: canonical::id(&url),
            url: Some(url.to_string()),
            final_url: Some(url.to_string()),
            canonical_url: Some(url.to_string()),
            source: Some(name.to_owned()),
            title: Some(title(random, language)),
            description: Some(sentence(random, language)),
            authors: vec![format!(
                "{} {}",
                capital(&word(author + 40)),
                capital(&word(author * 7 + 90))
            )],
            published: Some(time(now - random.i64(0..20 * HOUR))),
            section: Some(
                ["Politics", "Economy", "Sport", "Culture"][random.usize(..4)].to_owned(),
            ),
            tags: vec![word(random.u32(..300) + 30), word(random.u32(..300) + 30)],
            language: Some(language.to_owned()),
            site_name: Some(name.to_owned()),
            word_count: if is_spaced(language) {
                text.split(' ').count()
            } else {
                text.chars().count()
            },
            quality: 0.9,
            fetched_at: Some(time(now)),
            status: Some(200),
            content_hash: canonical::digest(text.as_bytes()),
            text,
            revision: 1,
            extractor: newsprint::article::EXTRACTOR.to_owned(),
            schema_version: newsprint::article::SCHEMA_VERSION,
            ..Article::default()
        })
    }
}

/// How pages are lost.
const LOST: [(&str, &str, i64); 3] = [
    ("http_4xx", "HTTP 404", 404),
    (
        "paywall_stub",
        "the first lines of an article for subscribers",
        200,
    ),
    ("http_5xx", "HTTP 503", 503),
];

/// A page that was visited.
struct Page {
    number: i64,
    source: usize,
    at: i64,
    outcome: &'static str,
    reason: Option<&'static str>,
    status: i64,
}

impl Page {
    async fn insert(
        self,
        to: &mut SqliteTransaction<'_>,
        article: Option<&str>,
    ) -> Result<(), Box<dyn Error>> {
        sqlx::query(
            "INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, visits, stored_at, evidence, hint,
                               found_at, visited_at, outcome, reason, status, article)
             VALUES ($1, $1, 0, $2, '/story/' || $2, 1, 0, 1, CASE WHEN $3 IS NOT NULL THEN $4 END, 4, $4,
                     $4, $4, $5, $6, $7, $3)",
        )
        .bind(i64::try_from(self.source)? + 1)
        .bind(self.number)
        .bind(article)
        .bind(self.at)
        .bind(self.outcome)
        .bind(self.reason)
        .bind(self.status)
        .execute(&mut **to)
        .await?;
        Ok(())
    }
}

/// Notes a pass over a source, with so many pages that were stored and lost.
async fn pass(
    to: &mut SqliteTransaction<'_>,
    source: &str,
    at: i64,
    counts: &[i64; 4],
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO runs (source, started, ended) VALUES ($1, $2, $2 + 600000)")
        .bind(source)
        .bind(at)
        .execute(&mut **to)
        .await?;
    let outcomes = ["stored"]
        .into_iter()
        .chain(LOST.map(|(outcome, _, _)| outcome));
    let pages = outcomes
        .zip(counts)
        .map(|(outcome, count)| (0, outcome, *count));
    for (entry_point, outcome, count) in pages.chain([(1, "index", 1)]) {
        sqlx::query(
            "INSERT INTO run_outcomes (source, started, entry_point, outcome, count)
             SELECT $1, $2, $3, $4, $5 WHERE $5 > 0",
        )
        .bind(source)
        .bind(at)
        .bind(entry_point)
        .bind(outcome)
        .bind(count)
        .execute(&mut **to)
        .await?;
    }
    Ok(())
}

fn time(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or(String::new(), |it| it.to_string())
}

/// About four hundred words in paragraphs.
fn body(random: &mut Rng, language: &str) -> String {
    let mut text = String::new();
    for _ in 0..random.u32(5..12) {
        for _ in 0..random.u32(2..6) {
            text.push_str(&sentence(random, language));
            text.push_str(if is_spaced(language) { " " } else { "" });
        }
        let end = text.trim_end().len();
        text.truncate(end);
        text.push_str("\n\n");
    }
    for (of, text_of, one_in) in [
        ("en", " The ferry waited off the pier.", 10),
        ("en", " Talks on the harbour strike went on.", 200),
        ("zh", "渡轮停航三天。", 50),
        ("ja", "東京都の発表による。", 20),
    ] {
        if of == language && random.u32(..one_in) == 0 {
            text.truncate(text.trim_end().len());
            text.push_str(text_of);
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn title(random: &mut Rng, language: &str) -> String {
    let sentence = sentence(random, language);
    let most = if is_spaced(language) { 60 } else { 20 };
    let title: String = sentence.chars().take(most).collect();
    title.trim_end_matches(['.', '。', ' ']).to_owned()
}

fn is_spaced(language: &str) -> bool {
    !["zh", "ja"].contains(&language)
}

fn sentence(random: &mut Rng, language: &str) -> String {
    if !is_spaced(language) {
        let count = random.u32(12..30);
        let characters: String = (0..count).map(|_| character(random, language)).collect();
        return characters + "。";
    }
    let frequent = FREQUENT.iter().find(|(it, _)| *it == language);
    let frequent: Vec<&str> = frequent.map_or(Vec::new(), |(_, words)| words.split(' ').collect());
    let mut words = Vec::new();
    for _ in 0..random.u32(8..20) {
        let rank = rank(random, WORDS);
        let known = usize::try_from(rank)
            .ok()
            .and_then(|rank| frequent.get(rank));
        words.push(known.map_or_else(|| spelt(rank, language), |it| (*it).to_owned()));
    }
    capital(&words.join(" ")) + "."
}

/// A number below `most`, of which each is as frequent as its reciprocal says.
fn rank(random: &mut Rng, most: f64) -> u32 {
    most.powf(random.f64()) as u32
}

fn word(rank: u32) -> String {
    spelt(rank, "en")
}

fn spelt(mut rank: u32, language: &str) -> String {
    let syllables = if language == "ru" {
        CYRILLIC
    } else {
        SYLLABLES
    };
    let syllables: Vec<&str> = syllables.split(' ').collect();
    let base = u32::try_from(syllables.len()).unwrap_or(1);
    let mut word = String::new();
    loop {
        let at = usize::try_from(rank % base).unwrap_or_default();
        word.push_str(syllables[at]);
        rank /= base;
        if rank == 0 {
            return word;
        }
    }
}

fn character(random: &mut Rng, language: &str) -> char {
    if language == "ja" && random.bool() {
        return KANA.chars().nth(random.usize(..20)).unwrap_or('の');
    }
    char::from_u32(0x4e00 + rank(random, CHARACTERS) * 7).unwrap_or('一')
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
