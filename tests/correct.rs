//! Corrections by pointing, as a library: what is proposed changes on stored pages what the dry run of `reextract`
//! reports once it is written; both files are written or neither, and taken back exactly.

#![cfg(feature = "serve")]
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use newsprint::config::Config;
use newsprint::correct::{CorrectError, Correction, Trial, propose, usual_key};
use newsprint::crawl::{CrawlError, Differences, ReextractOptions, reextract};
use newsprint::extract::explain::Explanation;
use newsprint::extract::{Extractor, SiteRules};
use newsprint::frontier::{self, Schedule, Storage};
use newsprint::page::Document;
use newsprint::rulebook::RuleBook;
use newsprint::rulebook::case;
use newsprint::selectors::SelectorKey;
use newsprint::store::{Filter, RawPage};
use support::{NOW, Newsroom, Reply, page, story};

const CRUFT: &str = "Your harbour, your paper: the Daily is printed on the quay.";

/// A source of three stories that end with the same line; the second is nothing else.
async fn crawled() -> Newsroom {
    let mut room = Newsroom::open();
    let mut links = String::new();
    for number in 1..=3 {
        let path = format!("/news/night-{}", 10_000 + number);
        links.push_str(&format!("<a href={path}>A long night in town {number}</a>"));
        let html = page("A long night", &format!("{}\n\n{CRUFT}", story(number)));
        let html = html.replace(
            &format!("<p>{CRUFT}"),
            &format!("<p class='house-line'>{CRUFT}"),
        );
        room.server
            .on(&format!("daily.test{path}"), Reply::html(&html));
    }
    room.server.on("daily.test/", Reply::html(&links));
    room.source("daily", &["http://daily.test/"]);
    assert_eq!(room.pass().await.articles(), 3);
    room
}

/// The configuration with its rules in the newsroom's folder, which it has as a file, too.
fn config(room: &Newsroom) -> (Config, PathBuf) {
    let path = room.dir.path().join("newsprint.toml");
    fs::write(&path, room.config_file()).unwrap();
    let mut config = room.config();
    config.rules = Config::load(&path).unwrap().rules;
    (config, path)
}

async fn storage(room: &Newsroom) -> Storage {
    frontier::open(
        room.location(),
        Schedule::new(Duration::from_secs(300), Duration::from_secs(86_400)),
    )
    .await
    .unwrap()
}

async fn newest(storage: &Storage) -> RawPage {
    let mut pages = storage.store.pages(Filter::default());
    pages.next().await.unwrap().unwrap()
}

fn explained(page: &RawPage, look: impl FnOnce(&newsprint::page::Page<'_>, &Explanation)) {
    let extractor = Extractor::builder().any_kind(true).build();
    let url = page.parsed_url();
    let input = page.input(url.as_ref());
    let document = Document::parse(&input, extractor.limits());
    let parsed = document.page();
    look(
        &parsed,
        &extractor.explain_page(&parsed, &SiteRules::default()),
    );
}

fn options(room: &Newsroom) -> ReextractOptions {
    ReextractOptions {
        clock: room.clock.clone(),
        ..ReextractOptions::default()
    }
}

async fn dry_run(config: &Config, room: &Newsroom) -> Vec<Differences> {
    let again = ReextractOptions {
        dry_run: true,
        ..options(room)
    };
    let mut all = Vec::new();
    let report = |source| {
        all.push(source);
        Ok::<_, CrawlError>(())
    };
    reextract(config, &again, report).await.unwrap();
    all
}

fn correction<'a>(
    (config, path): (&'a Config, &'a Path),
    page: &'a RawPage,
    (key, css): (SelectorKey, &'a str),
) -> Correction<'a> {
    Correction {
        config,
        config_path: Some(path),
        page,
        text: CRUFT,
        stays: None,
        key,
        css,
        now: NOW,
    }
}

/// Every file below a folder with its bytes.
fn contents(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else {
        return all;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[tokio::test]
async fn what_is_measured_is_what_the_dry_run_reports_once_it_is_written() {
    let room = crawled().await;
    let (config, path) = config(&room);
    let storage = storage(&room).await;
    let page = newest(&storage).await;
    let mut proposals = Vec::new();
    explained(&page, |parsed, explanation| {
        let block = explanation
            .blocks
            .iter()
            .position(|it| it.text == CRUFT)
            .unwrap();
        let key = usual_key(&explanation.blocks[block]);
        assert_eq!(key, SelectorKey::Strip);
        proposals = propose(parsed, explanation, block, key);
    });
    assert_eq!(proposals[0].css, "p.house-line");

    let url = page.parsed_url().unwrap();
    let trial = Trial {
        config: &config,
        storage: &storage,
        url: &url,
        options: options(&room),
    };
    let baseline = trial.baseline().await.unwrap().unwrap();
    assert!(baseline.is_nothing());
    let selector = (SelectorKey::Strip, "p.house-line");
    let effect = trial.effect(selector, &baseline).await.unwrap().unwrap();
    assert_eq!((effect.pages, effect.changed), (3, 3));
    assert_eq!(effect.went, [(CRUFT.to_owned(), 3)]);
    assert!(effect.came.is_empty() && effect.lost.is_empty());
    // One that leaves too little of every article loses them.
    let all = trial
        .effect((SelectorKey::Strip, "p:not(.house-line)"), &baseline)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(all.lost.len(), 3, "{all:?}");

    // At most so many, and none once it is stopped.
    let newest = Trial {
        options: ReextractOptions {
            newest: Some(2),
            ..options(&room)
        },
        ..trial
    };
    let effect_of_two = newest.effect(selector, &baseline).await.unwrap().unwrap();
    assert_eq!(effect_of_two.pages, 2);
    newest.options.stop.cancel();
    assert_eq!(newest.effect(selector, &baseline).await.unwrap(), None);

    correction((&config, &path), &page, selector)
        .apply()
        .unwrap();
    let mut written = room.config();
    written.rules = Config::load(&path).unwrap().rules;
    assert_eq!(dry_run(&written, &room).await, [effect.differences]);
    // Nothing that was tried has changed the store.
    let options = options(&room);
    let mut done = Vec::new();
    storage.store.close().await;
    reextract(&written, &options, |source| {
        done.push(source);
        Ok::<_, CrawlError>(())
    })
    .await
    .unwrap();
    assert_eq!((done[0].texts, done[0].pages), (3, 3));
}

#[tokio::test]
async fn rules_and_case_are_written_and_taken_back_exactly() {
    let room = crawled().await;
    let (config, path) = config(&room);
    let storage = storage(&room).await;
    let page = newest(&storage).await;
    let rules = room.dir.path().join("rules");
    let selector = (SelectorKey::Strip, "p.house-line");

    // Where there are no folders, they are gone again in the end.
    let applied = correction((&config, &path), &page, selector)
        .apply()
        .unwrap();
    let text = fs::read_to_string(&applied.rules).unwrap();
    assert!(
        text.ends_with("[select]\nstrip = \"p.house-line\"\n"),
        "{text}"
    );
    assert_eq!(applied.rules, rules.join("sites/daily.test.toml"));
    let case = applied.case.clone().unwrap();
    assert_eq!(case, rules.join("tests/daily/strip-p-house-line.toml"));
    assert!(
        fs::read_to_string(&case)
            .unwrap()
            .contains(&format!("must_not = [\"{CRUFT}\"]"))
    );
    let loaded = Config::load(&path).unwrap();
    let run = |config: &Config| {
        let cases = case::read(&config.rules.tests, &[]).unwrap();
        let book = RuleBook::new(config);
        cases.iter().flat_map(|it| it.run(&book, NOW)).count()
    };
    assert_eq!(run(&loaded), 0);
    // The case would fail without the rule.
    assert_eq!(run(&config), 1);
    applied.undo.restore().unwrap();
    assert!(!rules.exists());

    // Comments and layout stay, and come back.
    fs::create_dir_all(rules.join("sites")).unwrap();
    let mine = "# Mine.\n[select]   # here\nstrip = [ '.x' ] # why\n";
    fs::write(rules.join("sites/daily.test.toml"), mine).unwrap();
    let before = contents(&rules);
    let applied = correction((&config, &path), &page, selector)
        .apply()
        .unwrap();
    let text = fs::read_to_string(&applied.rules).unwrap();
    assert!(
        text.starts_with("# Mine.\n[select]   # here\nstrip = ["),
        "{text}"
    );
    assert!(
        text.contains("\"p.house-line\"") && text.ends_with("# why\n"),
        "{text}"
    );
    applied.undo.restore().unwrap();
    assert_eq!(contents(&rules), before);

    // What was changed since is left alone.
    let applied = correction((&config, &path), &page, selector)
        .apply()
        .unwrap();
    fs::write(&applied.rules, "# Somebody else's.\n").unwrap();
    let changed = contents(&rules);
    assert!(matches!(
        applied.undo.restore(),
        Err(CorrectError::Changed { .. })
    ));
    assert_eq!(contents(&rules), changed);
}

#[tokio::test]
async fn what_cannot_be_written_whole_is_not_written_at_all() {
    let room = crawled().await;
    let (config, path) = config(&room);
    let storage = storage(&room).await;
    let page = newest(&storage).await;
    let rules = room.dir.path().join("rules");
    let apply = |selector| correction((&config, &path), &page, selector).apply();

    // A selector that does not do it, or is none.
    let other = apply((SelectorKey::Strip, "nav"));
    assert!(
        matches!(other, Err(CorrectError::CaseFails(_))),
        "{other:?}"
    );
    let none = apply((SelectorKey::Strip, "p..x"));
    assert!(matches!(none, Err(CorrectError::Config(_))), "{none:?}");
    let field = apply((SelectorKey::Authors, "nav.nothing"));
    assert!(
        matches!(field, Err(CorrectError::CaseFails(_))),
        "{field:?}"
    );
    assert!(!rules.exists());

    // A file where the folder of cases would be: the rules are not written either.
    fs::create_dir_all(rules.join("sites")).unwrap();
    fs::write(rules.join("tests"), "").unwrap();
    let before = contents(&rules);
    let selector = (SelectorKey::Strip, "p.house-line");
    assert!(matches!(apply(selector), Err(CorrectError::File { .. })));
    assert_eq!(contents(&rules), before);
    fs::remove_file(rules.join("tests")).unwrap();

    // A configuration that is invalid by now is none to write into.
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}\n[crawl\n")).unwrap();
    assert!(matches!(apply(selector), Err(CorrectError::Config(_))));
    assert_eq!(contents(&rules), []);
    fs::write(&path, text).unwrap();

    // A link is not followed.
    #[cfg(unix)]
    {
        let elsewhere = room.dir.path().join("elsewhere.toml");
        fs::write(&elsewhere, "[select]\n").unwrap();
        std::os::unix::fs::symlink(&elsewhere, rules.join("sites/daily.test.toml")).unwrap();
        assert!(matches!(apply(selector), Err(CorrectError::File { .. })));
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "[select]\n");
    }
}

#[tokio::test]
async fn a_field_is_pointed_at_and_its_case_states_the_value() {
    let room = crawled().await;
    let (config, path) = config(&room);
    let storage = storage(&room).await;
    let page = newest(&storage).await;
    let selector = (SelectorKey::Section, "footer");
    let applied = correction((&config, &path), &page, selector)
        .apply()
        .unwrap();
    let case = fs::read_to_string(applied.case.unwrap()).unwrap();
    assert!(
        case.contains("[fields]\nsection = \"All rights reserved\""),
        "{case}"
    );
    let again = correction((&Config::load(&path).unwrap(), &path), &page, selector).apply();
    assert!(matches!(again, Err(CorrectError::AlreadyThere { .. })));
}
