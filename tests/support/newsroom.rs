//! Sites to crawl: a server, a configuration that leads there, a clock that is moved by hand, and
//! what came out.

use std::fs;
use std::path::Path;
use std::time::Duration;

use newsprint::Article;
use newsprint::config::{
    Config, CrawlSettings, OutputSettings, RightsSettings, Source, StoreSettings,
};
use newsprint::crawl::{self, CancellationToken, Clock, Options, Silent, Summary};
use newsprint::location::StoreLocation;
use newsprint::rights::Purpose;
use newsprint::store::{self, Filter, Unindexed};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use url::Url;

use super::{Reply, Server, TestDatabase, is_on_server};

/// Some Tuesday: when the first pass starts.
pub const NOW: i64 = 1_795_500_000_000;

/// A server and whoever crawls it.
pub struct Newsroom {
    pub server: Server,
    pub dir: TempDir,
    /// The store, unless it is a file of the folder.
    pub database: Option<TestDatabase>,
    pub clock: Clock,
    /// Rates at which tests do not wait, nothing asked twice; a test changes what it is about.
    pub crawl: CrawlSettings,
    pub keep_pages: Duration,
    pub purpose: Purpose,
    pub sources: Vec<Source>,
}

/// The paths of some articles.
pub const NIGHTS: [&str; 6] = [
    "/news/one-long-night-in-the-harbour",
    "/news/two-long-nights-in-the-harbour",
    "/news/three-long-nights-in-the-harbour",
    "/news/four-long-nights-in-the-harbour",
    "/news/five-long-nights-in-the-harbour",
    "/news/six-long-nights-in-the-harbour",
];

/// A front page with these links.
pub fn front(links: &[&str]) -> Reply {
    let links = links.iter().map(|link| {
        format!("<h2><a href=\"{link}\">What happened in the harbour last night</a></h2>")
    });
    let links = links.collect::<String>();
    Reply::html(&format!("<html><body>{links}</body></html>"))
}

impl Newsroom {
    /// A newsroom whose store is in a file, or on a server where the tests run for it.
    pub fn open() -> Newsroom {
        let database = is_on_server().then(|| TestDatabase::create().unwrap());
        Newsroom::with_store(database)
    }

    /// A newsroom whose store nobody has made yet.
    pub fn without_tables() -> Newsroom {
        Newsroom::with_store(is_on_server().then(|| TestDatabase::create_empty().unwrap()))
    }

    /// A newsroom whose store is in this database, or in a file.
    pub fn with_store(database: Option<TestDatabase>) -> Newsroom {
        Newsroom {
            database,
            server: Server::for_crawls(),
            dir: tempfile::tempdir().unwrap(),
            clock: Clock::at(NOW),
            crawl: CrawlSettings {
                requests_per_second: 1000.0,
                retries: 0,
                timeout: Duration::from_secs(10),
                ..CrawlSettings::default()
            },
            keep_pages: StoreSettings::default().keep_pages,
            purpose: Purpose::default(),
            sources: Vec::new(),
        }
    }

    /// Adds a source of that name, which begins at these addresses.
    pub fn source(&mut self, name: &str, start: &[&str]) -> &mut Source {
        self.sources.push(Source {
            name: name.to_owned(),
            start: start.iter().map(|url| Url::parse(url).unwrap()).collect(),
            max_depth: 1,
            ..Source::default()
        });
        self.sources.last_mut().unwrap()
    }

    /// Serves a site with a front page and so many of the articles [`NIGHTS`], which may be asked for any
    /// number of times.
    pub fn site(&self, host: &str, articles: usize) {
        let links = &NIGHTS[..articles];
        self.server.may(&format!("{host}/"), front(links));
        for (number, link) in (0..).zip(links) {
            let headline = format!("Night {number} in the harbour of {host}");
            let text = story(number + 100 * host.len() as u64);
            let reply = Reply::html(&page(&headline, &text));
            self.server.may(&format!("{host}{link}"), reply);
        }
    }

    /// Where the store is.
    pub fn location(&self) -> StoreLocation {
        match &self.database {
            Some(database) => database.url().parse().unwrap(),
            None => self.dir.path().join("newsprint.db").into(),
        }
    }

    /// Carries out statements in the store.
    pub async fn run(&self, sql: &'static str) {
        if let Some(database) = &self.database {
            return database.run(sql).await;
        }
        let url = format!("sqlite:{}", self.location());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    pub fn config(&self) -> Config {
        Config {
            crawl: self.crawl.clone(),
            network: self.server.network(),
            store: StoreSettings {
                location: self.location(),
                keep_pages: self.keep_pages,
                ..StoreSettings::default()
            },
            output: OutputSettings {
                dir: Some(self.dir.path().join("articles")),
                ..OutputSettings::default()
            },
            rights: RightsSettings {
                purpose: self.purpose,
            },
            sources: self.sources.clone(),
            ..Config::default()
        }
    }

    /// The configuration as a file, for the program.
    pub fn config_file(&self) -> String {
        let mut file = format!(
            "[crawl]\nrequests_per_second = {:?}\nconcurrency = {}\nretries = {}\nrecheck = \"{}ms\"\n\
             recheck_max = \"{}ms\"\ntimeout = \"{}s\"\n\n[network.resolve]\n",
            self.crawl.requests_per_second,
            self.crawl.concurrency,
            self.crawl.retries,
            self.crawl.recheck.as_millis(),
            self.crawl.recheck_max.as_millis(),
            self.crawl.timeout.as_secs(),
        );
        if let Some(database) = &self.database {
            file.insert_str(0, &format!("[store]\nurl = {:?}\n\n", database.url()));
        }
        for ((host, port), address) in self.server.network().resolve {
            file.push_str(&format!("\"{host}:{port}\" = \"{address}\"\n"));
        }
        if self.purpose != Purpose::default() {
            let name = self.purpose.name();
            file.push_str(&format!("\n[rights]\npurpose = \"{name}\"\n"));
        }
        for source in &self.sources {
            file.push_str(&format!(
                "\n[[source]]\nname = {:?}\nstart = {:?}\nfeeds = {:?}\nsitemaps = {:?}\n",
                source.name,
                source.start.iter().map(Url::as_str).collect::<Vec<_>>(),
                source.feeds.iter().map(Url::as_str).collect::<Vec<_>>(),
                source.sitemaps.iter().map(Url::as_str).collect::<Vec<_>>(),
            ));
        }
        file
    }

    /// One pass.
    pub async fn pass(&self) -> Summary {
        let options = Options {
            clock: self.clock.clone(),
            ..Options::default()
        };
        crawl::run(&self.config(), &options, &CancellationToken::new(), &Silent)
            .await
            .unwrap()
    }

    /// One pass after so many minutes, with what was asked before forgotten.
    pub async fn pass_after(&self, minutes: u64) -> Summary {
        self.clock.advance(Duration::from_secs(60 * minutes));
        self.server.forget_hits();
        self.pass().await
    }

    /// The articles of the output files, in the order in which they were written.
    pub fn written(&self) -> Vec<Article> {
        written(&self.dir.path().join("articles"))
    }

    /// Articles that the store holds.
    pub async fn exported(&self) -> usize {
        let store = store::open(&self.config().store.location).await.unwrap();
        let mut articles = store.articles(Filter::default());
        let mut count = 0;
        while articles.next().await.unwrap().is_some() {
            count += 1;
        }
        count
    }

    /// Puts all articles into the index for full-text search. On a server, other tests' transactions hold some back.
    pub async fn index(&self) {
        let store = store::open(&self.config().store.location).await.unwrap();
        while store.index_articles(500).await.unwrap().left != Unindexed::Nothing {}
        store.close().await;
    }

    /// The addresses of the raw pages that the store holds.
    pub async fn raw_pages(&self) -> Vec<String> {
        let store = store::open(&self.config().store.location).await.unwrap();
        let mut pages = store.pages(Filter::default());
        let mut urls = Vec::new();
        while let Some(page) = pages.next().await.unwrap() {
            urls.push(page.url);
        }
        urls
    }

    /// What was asked since the hits were last forgotten, as host and path.
    pub fn asked(&self) -> Vec<String> {
        let hits = self.server.hits().into_iter();
        hits.map(|hit| format!("{}{}", hit.host, hit.path))
            .collect()
    }
}

fn written(dir: &Path) -> Vec<Article> {
    let mut articles = Vec::new();
    let Ok(sources) = fs::read_dir(dir) else {
        return articles;
    };
    for source in sources {
        let files = fs::read_dir(source.unwrap().path()).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            let lines = fs::read_to_string(file).unwrap();
            articles.extend(
                lines
                    .lines()
                    .map(|line| serde_json::from_str::<Article>(line).unwrap()),
            );
        }
    }
    articles
}

/// The text of a story, different for each number.
pub fn story(number: u64) -> String {
    const WORDS: [&str; 32] = [
        "harbour", "council", "ferry", "winter", "budget", "school", "bridge", "minister", "storm",
        "hospital", "railway", "museum", "election", "market", "river", "police", "village",
        "film", "airport", "farmer", "library", "tourist", "court", "factory", "island", "doctor",
        "garden", "captain", "theatre", "engine", "letter", "station",
    ];
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        WORDS[usize::try_from(state >> 59).unwrap()]
    };
    let paragraph = |_| {
        let words: Vec<&str> = (0..45).map(|_| word()).collect();
        format!("The {}, officials said on Monday.", words.join(" the "))
    };
    (0..5).map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// A page with that headline and that text, a menu and a footer around it.
pub fn page(headline: &str, text: &str) -> String {
    let paragraphs: String = text
        .split("\n\n")
        .map(|paragraph| format!("<p>{paragraph}</p>\n"))
        .collect();
    format!(
        "<!DOCTYPE html><html lang=en><head><title>{headline}</title>\
         <meta property=og:type content=article></head><body>\
         <nav><a href=/>Home</a> <a href=/sport>Sport</a></nav>\
         <article><h1>{headline}</h1>\n{paragraphs}</article>\
         <footer>All rights reserved</footer></body></html>"
    )
}
