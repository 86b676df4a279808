//! Dates of whole pages: which are the article's, which field each fills, and what is recorded.

use std::sync::Arc;

use crate::extract::SelectorLayer;
use crate::extract::fields::{Fields, collect};
use crate::extract::rules::site::SiteRules;
use crate::limits::Limits;
use crate::page::{Document, Input};
use crate::selectors::{SelectorKey, SelectorSet};

const HEADLINE: &str = "<h1>Night ferry sails again</h1>";
const STORY: &str = "<p>The night ferry sailed again on Monday after eleven years in dock, with four \
    hundred passengers and a brass band on board.</p>";
/// 11 May 2026, 10:30 in UTC.
const AT: i64 = 1_778_495_400_000;

fn page(language: &str, above: &str, below: &str) -> String {
    format!("<html lang={language}><article>{HEADLINE}{above}{STORY}{below}</article>")
}

fn read(html: &str, at: Option<i64>, rules: &SiteRules) -> Fields {
    let input = Input::new(html.as_bytes()).with_fetched_at(at);
    let document = Document::parse(&input, &Limits::DEFAULT);
    collect(&document.page(), rules)
}

fn dates(html: &str) -> (Option<String>, Option<String>) {
    let fields = read(html, None, &SiteRules::default());
    (fields.published, fields.modified)
}

fn both(published: &str, modified: &str) -> (Option<String>, Option<String>) {
    (Some(published.to_owned()), Some(modified.to_owned()))
}

#[test]
fn every_date_fills_the_field_that_its_label_names() {
    for above in [
        "<p class=dates>Updated 12 May 2026, first published 11 May 2026</p>",
        "<div class=x1>Published May 11, 2026 · Updated May 12, 2026 · 3 min read</div>",
        "<p>Updated <b>12 May 2026</b>, first published <b>11 May 2026</b></p>",
        "<span>Updated</span> <time datetime=2026-05-12>12 May</time> \
         <span>First published</span> <time datetime=2026-05-11>11 May</time>",
        "<time class=updated datetime=2026-05-12>12 May</time><time datetime=2026-05-11>11 May</time>",
        "<div class=z>11 May 2026 | Updated: 12 May 2026</div>",
        "<p>By Ada Quill, published 11/05/26, last updated on 12/05/26</p>",
        "<dl><dt>Published</dt><dd>11 May 2026</dd><dt>Last updated</dt><dd>12 May 2026</dd></dl>",
    ] {
        let found = dates(&page("en-GB", above, ""));
        assert_eq!(found, both("2026-05-11", "2026-05-12"), "{above}");
    }
    let below = "<p>Last updated: 12 May 2026</p>";
    let found = dates(&page("en-GB", "<p>11 May 2026</p>", below));
    assert_eq!(found, both("2026-05-11", "2026-05-12"));
    let korean = "<ul><li>입력 2026.05.11 11:08</li><li>수정 2026.05.12 09:15</li></ul>";
    let found = dates(&page("ko", korean, ""));
    assert_eq!(found, both("2026-05-11T11:08:00", "2026-05-12T09:15:00"));
}

#[test]
fn a_headline_laid_over_its_picture_keeps_its_date() {
    let head = "<figure><img src=x><figcaption><small>11.05.2026 Harbour</small>";
    let html =
        format!("<html lang=de>{head}{HEADLINE}<p>To the islands.</figcaption></figure>{STORY}");
    assert_eq!(dates(&html).0.as_deref(), Some("2026-05-11"));
}

#[test]
fn a_date_in_a_sentence_is_none_of_the_article() {
    for below in [
        "<p>Both drawings hang in the library until <time datetime=2026-06-04>4 June</time>, when the \
         meeting is held.</p>",
        "<p>The meeting is on <time datetime=2026-06-04>4 June 2026</time>.</p>",
        "<p>A public meeting is to be held in the school hall on 4 June 2026.</p>",
        "<figure><img src=x><figcaption>The ferry on 3 May 2026</figcaption></figure>",
        "<blockquote>Letter of 3 May 2026</blockquote>",
        "<div class=info>Residents may send written comments until 4 June 2026.</div>",
        "<p>Read <a href=/x>the whole plan</a> that was shown on 4 June 2026 in the library.</p>",
    ] {
        assert_eq!(dates(&page("en-GB", "", below)), (None, None), "{below}");
    }
    let german =
        "<p>Bis zum <time datetime=2026-06-04>4. Juni</time> hängen beide Entwürfe aus.</p>";
    assert_eq!(dates(&page("de", german, "")), (None, None));
    let japanese =
        "<p>説明会は<time datetime=2026-06-04>六月四日</time>に小学校の体育館で開かれる。</p>";
    assert_eq!(dates(&page("ja", japanese, "")), (None, None));
}

#[test]
fn a_line_with_a_byline_is_no_sentence() {
    for above in [
        "<p>By Ada Quill and Tom Weir, staff writers, <time datetime=2026-05-11>11 May</time></p>",
        "<div>Posted by <a href=/ada>Ada Quill</a> on 11 May 2026 in <a href=/news>News</a></div>",
        "<p>This article was first published on 11 May 2026.</p>",
        "<p>This entry was posted on Monday, May 11th, 2026 at 11:03 pm and is filed under News.</p>",
        "<p>11.05.2026 – The night ferry sailed again on Monday after eleven years in dock, with <a \
         href=/x>four hundred passengers from the isles</a> on board.</p><p>More.</p>",
    ] {
        let (published, _) = dates(&page("en-GB", above, ""));
        let day = published.as_deref().and_then(|it| it.get(..10));
        assert_eq!(day, Some("2026-05-11"), "{above}");
    }
}

#[test]
fn a_date_on_the_card_of_another_story_is_none_of_the_article() {
    let heading = "<div class=c><h3><a href=/swans>Two swans stop the tram</a></h3>\
        <time datetime=2026-05-02>2 May</time></div>";
    let link = "<li><a href=/clock>Why the clock on the customs house runs early</a> \
        <time datetime=2026-05-02>2 May</time></li>";
    for below in [
        heading.to_owned(),
        heading.repeat(3),
        format!("<ul>{}</ul>", link.repeat(2)),
        format!(
            "<a href=/swans>{}</a>",
            "<h4>Two swans stop the tram</h4><span class=date>2 May 2026</span>"
        ),
    ] {
        assert_eq!(dates(&page("en-GB", "", &below)), (None, None), "{below}");
        let (published, _) = dates(&page("en-GB", "<p>11 May 2026</p>", &below));
        assert_eq!(published.as_deref(), Some("2026-05-11"), "{below}");
    }
}

#[test]
fn the_last_resort_looks_inside_the_article() {
    let far = "<p>The ferry.</p>".repeat(200);
    let day = "<p>3 May 2026</p>";
    let aside = format!("<html lang=en-GB>{HEADLINE}{far}<aside>{day}</aside>");
    assert_eq!(dates(&aside), (None, None));
    let comments = format!("<html lang=en-GB>{HEADLINE}{far}<div class=comments>{day}</div>");
    assert_eq!(dates(&comments), (None, None));
    let widget = format!("<html lang=en-GB><div class=widget>{HEADLINE}{far}{day}</div>");
    assert_eq!(dates(&widget).0.as_deref(), Some("2026-05-03"));
    let own = format!("<html lang=en-GB>{HEADLINE}{far}{day}");
    assert_eq!(dates(&own).0.as_deref(), Some("2026-05-03"));
}

#[test]
fn words_relative_to_the_fetch_are_read_where_its_time_is_known() {
    let html = page("en", "<span class=t>2 hours ago</span>", "");
    let known = read(&html, Some(AT), &SiteRules::default());
    assert_eq!(known.published.as_deref(), Some("2026-05-11T08:30:00Z"));
    assert_eq!(known.warnings, ["date_from_relative"]);
    assert_eq!(dates(&html), (None, None));
    let german = page(
        "de",
        "<p>Aktualisiert vor 30 Minuten</p><p>Gestern, 21:40 Uhr</p>",
        "",
    );
    let known = read(&german, Some(AT), &SiteRules::default());
    let found = (known.published, known.modified);
    assert_eq!(found, both("2026-05-10T21:40:00", "2026-05-11T10:00:00Z"));
    // A date that is stated is believed before.
    let stated = page(
        "en",
        "<p>yesterday</p><time datetime=2026-05-09>9 May</time>",
        "",
    );
    let known = read(&stated, Some(AT), &SiteRules::default());
    assert_eq!(known.published.as_deref(), Some("2026-05-09"));
    assert!(known.warnings.is_empty());
}

#[test]
fn a_local_time_is_recorded_in_the_source_s_zone_where_it_states_one() {
    let html = page("de", "<p class=date>11.05.2026, 10:26 Uhr</p>", "");
    assert_eq!(dates(&html).0.as_deref(), Some("2026-05-11T10:26:00"));
    let zone = jiff::tz::TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
    let rules = SiteRules::default().with_timezone(Some(zone));
    let zoned = read(&html, None, &rules);
    assert_eq!(
        zoned.published.as_deref(),
        Some("2026-05-11T10:26:00+02:00")
    );
    let utc = page(
        "de",
        "<time datetime=2026-05-11T08:26:00Z>11. Mai</time>",
        "",
    );
    let stated = read(&utc, None, &rules).published;
    assert_eq!(stated.as_deref(), Some("2026-05-11T08:26:00Z"));
}

#[test]
fn a_user_s_selector_finds_the_date_of_its_field_and_keeps_the_hour() {
    let select = |text: &str| {
        let selectors = SelectorSet::of(
            &[
                (SelectorKey::Published, ".d"),
                (SelectorKey::Modified, ".d"),
            ],
            "config.toml:1",
        );
        let layer = SelectorLayer::compile(&selectors.selectors);
        let rules = SiteRules::new(vec![Arc::new(layer)]);
        let fields = read(
            &page("de", &format!("<p class=d>{text}</p>"), ""),
            Some(AT),
            &rules,
        );
        (fields.published, fields.modified)
    };
    let line = "Erstellt: 11.05.2026, 10:26 Uhr | Aktualisiert: 12.05.2026, 9.15 Uhr";
    assert_eq!(
        select(line),
        both("2026-05-11T10:26:00", "2026-05-12T09:15:00")
    );
    let one = "승인 2026.05.11 11:08";
    assert_eq!(select(one).0.as_deref(), Some("2026-05-11T11:08:00"));
    assert_eq!(
        select("vor 2 Stunden").0.as_deref(),
        Some("2026-05-11T08:30:00Z")
    );
}

#[test]
fn a_lunar_date_alone_gets_a_warning() {
    let html = |line: &str| page("ar", &format!("<div class=date>{line}</div>"), "");
    let alone = read(&html("24 ذو القعدة 1447 هـ"), None, &SiteRules::default());
    assert_eq!(alone.published.as_deref(), Some("2026-05-11"));
    assert_eq!(alone.warnings, ["date_from_hijri"]);
    let with_western = html("الاثنين 23 ذو القعدة 1447 هـ - 11 مايو 2026 م");
    let with_western = read(&with_western, None, &SiteRules::default());
    assert_eq!(with_western.published.as_deref(), Some("2026-05-11"));
    assert!(with_western.warnings.is_empty());
}

#[test]
fn numbers_that_are_no_dates_and_pages_of_dates_are_bounded() {
    let odd = "<p class=date>31 February 2026 31.02.2026 99999-01-01 12/13/99999 year 0000</p>";
    assert_eq!(dates(&page("en", odd, "")), (None, None));
    let many = "<time datetime=2026-05-11>11 May 2026</time>".repeat(5_000);
    assert_eq!(
        dates(&page("en", &many, "")).0.as_deref(),
        Some("2026-05-11")
    );
    let one_line = format!("<p class=date>{}</p>", "11 May 2026 ".repeat(5_000));
    dates(&page("en", &one_line, ""));
}
