//! Words that mean a date only for those who know when the page was read.

use super::*;

/// 11 May 2026, 10:30:45 in UTC.
const AT: i64 = 1_778_495_445_000;

fn relative(text: &str) -> Option<String> {
    let fetched = Fetched { at: AT, zone: None };
    let date = reader("").relative(text, fetched)?;
    assert!(date.is_relative());
    Some(date.to_string())
}

#[test]
fn hours_and_minutes_ago_are_instants_in_the_languages_of_the_news() {
    for text in [
        "2 hours ago",
        "Published 2 hrs ago",
        "vor 2 Stunden",
        "Vor 2 Std.",
        "il y a 2 heures",
        "hace 2 horas",
        "há 2 horas",
        "2 ore fa",
        "fa 2 hores",
        "2 uur geleden",
        "för 2 timmar sedan",
        "for 2 timer siden",
        "2 timer siden",
        "2 tuntia sitten",
        "2 godziny temu",
        "před 2 hodinami",
        "2 órája",
        "acum 2 ore",
        "2 часа назад",
        "2 години тому",
        "преди 2 часа",
        "prije 2 sata",
        "πριν 2 ώρες",
        "2 saat önce",
        "منذ 2 ساعات",
        "۲ ساعت پیش",
        "לפני 2 שעות",
        "2 घंटे पहले",
        "2 jam yang lalu",
        "2 giờ trước",
        "2小时前",
        "2 小時前",
        "2時間前",
        "2시간 전",
        "2 ชั่วโมงที่แล้ว",
    ] {
        assert_eq!(
            relative(text).as_deref(),
            Some("2026-05-11T08:30:00Z"),
            "{text}"
        );
    }
    for text in [
        "30 minutes ago",
        "vor 30 Minuten",
        "30分前",
        "30분 전",
        "30 минут назад",
    ] {
        assert_eq!(
            relative(text).as_deref(),
            Some("2026-05-11T10:00:00Z"),
            "{text}"
        );
    }
    assert_eq!(
        relative("an hour ago").as_deref(),
        Some("2026-05-11T09:30:00Z")
    );
    assert_eq!(
        relative("vor einer Stunde").as_deref(),
        Some("2026-05-11T09:30:00Z")
    );
}

#[test]
fn days_are_counted_from_the_day_of_the_fetch() {
    for text in [
        "yesterday",
        "Gestern",
        "hier",
        "ayer",
        "ontem",
        "ieri",
        "gisteren",
        "i går",
        "wczoraj",
        "вчера",
        "χθες",
        "dün",
        "أمس",
        "אתמול",
        "kemarin",
        "昨天",
        "昨日",
        "어제",
        "1 day ago",
        "vor 1 Tag",
    ] {
        assert_eq!(relative(text).as_deref(), Some("2026-05-10"), "{text}");
    }
    for (text, date) in [
        ("today", "2026-05-11"),
        ("heute, 9:15 Uhr", "2026-05-11T09:15:00"),
        ("Gestern, 21:40 Uhr", "2026-05-10T21:40:00"),
        ("ayer a las 10:26", "2026-05-10T10:26:00"),
        ("vorgestern", "2026-05-09"),
        ("3 days ago", "2026-05-08"),
        ("3天前", "2026-05-08"),
        ("hace 3 días", "2026-05-08"),
    ] {
        assert_eq!(relative(text).as_deref(), Some(date), "{text}");
    }
}

#[test]
fn a_day_is_that_of_the_source_s_time_zone() {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(14));
    let fetched = Fetched {
        at: AT,
        zone: Some(&zone),
    };
    let read = |text| reader("").relative(text, fetched).map(|it| it.to_string());
    assert_eq!(read("yesterday").as_deref(), Some("2026-05-11"));
    assert_eq!(
        read("2 hours ago").as_deref(),
        Some("2026-05-11T22:30:00+14:00")
    );
}

#[test]
fn sentences_lengths_of_time_and_vague_words_are_no_dates() {
    for text in [
        "2 hours",
        "2 min read",
        "The ferry sank 2 hours ago",
        "Vor 2 Stunden brannte es",
        "3 weeks ago",
        "2 years ago",
        "999 hours ago",
        "hours ago",
        "ago",
        "",
    ] {
        assert_eq!(relative(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_and_no_time_makes_it_panic(text in "(?s).{0,60}|[0-9]{0,20} (hours|days|minutes) ago", at in any::<i64>()) {
        let _ = reader("").relative(&text, Fetched { at, zone: None });
    }
}
