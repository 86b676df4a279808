//! The whole way on the project's own newsroom: serve, discover, fetch, extract, store, write; and
//! every text exactly as its reporter filed it.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use newsprint::Article;
use newsprint::config::Config;
use newsprint::crawl::{
    self, CancellationToken, CrawlError, Options, ReextractOptions, Silent, Summary,
};
use newsprint::demo::Newsroom;
use newsprint::verdict::VisitOutcome;
use serde_json::Value;

async fn crawl(config: &Config) -> Summary {
    crawl::run(
        config,
        &Options::default(),
        &CancellationToken::new(),
        &Silent,
    )
    .await
    .unwrap()
}

/// The articles of the output files, each in its last revision, by the path of their address.
fn written(dir: &Path) -> BTreeMap<String, Article> {
    let mut articles = BTreeMap::new();
    for source in fs::read_dir(dir.join("articles")).unwrap() {
        for file in fs::read_dir(source.unwrap().path()).unwrap() {
            for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
                let article: Article = serde_json::from_str(line).unwrap();
                let url = article.parsed_final_url().unwrap();
                let key = format!("{}{}", url.host_str().unwrap(), url.path());
                let revision = article.revision;
                let before = articles.insert(key, article);
                assert!(
                    before.is_none_or(|it: Article| it.revision < revision),
                    "written twice: {line}"
                );
            }
        }
    }
    articles
}

/// What each article must come out as: `fixtures/newsroom/HOST/expected/*.json`.
fn expected() -> Vec<(String, Value)> {
    let mut expected = Vec::new();
    for site in fs::read_dir("fixtures/newsroom").unwrap() {
        let site = site.unwrap();
        for file in fs::read_dir(site.path().join("expected")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let value: Value = serde_json::from_str(&text).unwrap();
            let host = site.file_name().into_string().unwrap();
            expected.push((format!("{host}{}", value["path"].as_str().unwrap()), value));
        }
    }
    expected
}

#[tokio::test(flavor = "multi_thread")]
async fn every_article_of_the_newsroom_comes_out_as_it_was_filed() {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = Newsroom::start().await.unwrap();
    let config = newsroom.config(dir.path()).unwrap();
    crawl(&config).await;
    // A house notice stands in every article of one paper: the first of them can't show what it is.
    crawl::reextract(&config, &ReextractOptions::default(), |_| {
        Ok::<(), CrawlError>(())
    })
    .await
    .unwrap();
    let written = written(dir.path());
    let expected = expected();
    assert!(expected.len() >= 19);
    let mut wrong = Vec::new();
    for (key, value) in &expected {
        let Some(article) = written.get(key) else {
            wrong.push(format!("{key}: not stored"));
            continue;
        };
        let authors: Vec<&str> = value["authors"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let day = |date: &str| date.get(..10).map(str::to_owned);
        if article.text != value["text"].as_str().unwrap() {
            wrong.push(format!(
                "{key}: text\n--- filed\n{}\n--- got\n{}",
                value["text"].as_str().unwrap(),
                article.text
            ));
        }
        if article.title.as_deref() != value["title"].as_str() {
            wrong.push(format!("{key}: title {:?}", article.title));
        }
        if article.authors != authors {
            wrong.push(format!(
                "{key}: authors {:?}, not {authors:?}",
                article.authors
            ));
        }
        if article.published.as_deref().and_then(day) != value["published"].as_str().and_then(day) {
            wrong.push(format!("{key}: published {:?}", article.published));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(written.len(), expected.len(), "{:?}", written.keys());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_visit_has_its_outcome_and_a_second_pass_fetches_nothing_new() {
    let dir = tempfile::tempdir().unwrap();
    let newsroom = Newsroom::start().await.unwrap();
    let config = newsroom.config(dir.path()).unwrap();
    let first = crawl(&config).await;
    let outcomes = |name: &str| -> Vec<(VisitOutcome, u64)> {
        let source = first.sources.iter().find(|source| source.name == name);
        source.unwrap().outcomes.clone().into_iter().collect()
    };
    // The first lines of an article for subscribers are no article.
    assert_eq!(
        outcomes("meridian-wire"),
        [(VisitOutcome::Stored, 5), (VisitOutcome::PaywallStub, 1)]
    );
    assert_eq!(
        outcomes("courant"),
        [
            (VisitOutcome::Stored, 3),
            // The old address redirects to an article that is stored already.
            (VisitOutcome::Unchanged, 1),
            (VisitOutcome::Soft404, 1),
            (VisitOutcome::Http4xx, 1),
            (VisitOutcome::Http5xx, 1),
        ]
    );
    assert_eq!(first.needs_attention().count(), 0);
    let before = written(dir.path());
    let second = crawl(&config).await;
    assert_eq!(second.articles(), 0);
    assert_eq!(second.written, 0);
    assert_eq!(written(dir.path()), before);
}
