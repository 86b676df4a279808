//! What is read as a date, and what is not.

mod calendars;
mod lines;
mod relative;
mod times;

use proptest::prelude::*;

use super::*;

const DAY_FIRST: DateReader = DateReader {
    month_before_slash: false,
    month_before_dash: false,
    max_chars: Limits::DEFAULT.field_chars,
    language: "",
};
const MONTH_FIRST: DateReader = DateReader {
    month_before_slash: true,
    ..DAY_FIRST
};

fn read(text: &str) -> Option<String> {
    DAY_FIRST.parse(text).map(|date| date.to_string())
}

/// The reader for a language.
fn reader(language: &str) -> DateReader {
    DateReader::new(Some(language), Some("news.example.org"), &Limits::DEFAULT)
}

fn read_in(language: &str, text: &str) -> Option<String> {
    reader(language).parse(text).map(|date| date.to_string())
}

/// The day alone.
fn day(text: &str) -> Option<String> {
    DAY_FIRST.parse(text).map(|date| date.date().to_string())
}

#[test]
fn machine_forms_keep_the_page_s_own_offset() {
    for (text, stated) in [
        ("2023-12-22T10:15:30Z", "2023-12-22T10:15:30Z"),
        ("2023-12-22T10:15:30.123+01:00", "2023-12-22T10:15:30+01:00"),
        ("2023-12-22T10:15:30+0530", "2023-12-22T10:15:30+05:30"),
        ("2023-12-22 10:15:30 -0500", "2023-12-22T10:15:30-05:00"),
        ("2023-12-22T10:15-08", "2023-12-22T10:15:00-08:00"),
        ("2023-12-22T10:15:0Z", "2023-12-22T10:15:00Z"),
        ("2023-12-22 10:15:30+00", "2023-12-22T10:15:30Z"),
        ("20231222T101530Z", "2023-12-22T10:15:30Z"),
        ("2023-12-22 10:15:30 UTC", "2023-12-22T10:15:30Z"),
        ("Fri, 22 Dec 2023 10:15:30 GMT", "2023-12-22T10:15:30Z"),
        ("Fri, 22 Dec 23 10:15:30 +0100", "2023-12-22T10:15:30+01:00"),
        ("Fri Dec 22 10:15:30 EST 2023", "2023-12-22T10:15:30-05:00"),
        (
            "Fri Dec 22 2023 10:15:30 GMT+0100 (Central European Standard Time)",
            "2023-12-22T10:15:30+01:00",
        ),
        ("1703240130", "2023-12-22T10:15:30Z"),
        ("1703240130000", "2023-12-22T10:15:30Z"),
    ] {
        assert_eq!(read(text).as_deref(), Some(stated), "{text}");
    }
}

#[test]
fn dates_as_people_write_them_are_read_in_their_languages() {
    for text in [
        "December 22, 2023",
        "Published: Friday, Dec. 22nd, 2023 at 10:15",
        "22 Dec 2023",
        "22-Dec-2023",
        "22nd of December 2023",
        "Freitag, 22. Dezember 2023",
        "22. Dez. 2023",
        "vendredi 22 décembre 2023 à 10h15",
        "22 de diciembre de 2023",
        "22 dicembre 2023",
        "22 de dezembro de 2023 às 10h15",
        "vrijdag 22 december 2023",
        "22 grudnia 2023",
        "22 декабря 2023 г.",
        "22 грудня 2023 року",
        "22. prosince 2023",
        "22. desember 2023",
        "22. joulukuuta 2023",
        "22 Aralık 2023 Cuma",
        "22 Δεκεμβρίου 2023",
        "2023. december 22.",
        "22 decembrie 2023",
        "22 Desember 2023",
        "2023. gada 22. decembris",
        "22 снежня 2023",
        "22 de decembro de 2023",
        "2023ko abenduaren 22a",
        "22 dhjetor 2023",
        "22 Rhagfyr 2023",
        "22 dekabr 2023",
        "22 Desemba 2023",
        "22 Disember 2023",
        "22 ديسمبر 2023",
        "۲۲ دسامبر ۲۰۲۳",
        "22 دسمبر 2023",
        "22 दिसंबर 2023",
        "২২ ডিসেম্বর ২০২৩",
        "22 ธันวาคม 2566",
        "22 בדצמבר 2023",
        "2023 m. gruodžio 22 d.",
        "2023年12月22日 10時15分",
        "2023년 12월 22일 오후 3시 15분",
        "2023. 12. 22. 15:15",
        "２０２３年１２月２２日",
        "22.12.2023",
        "22.12.23",
        "22/12/2023",
        "12/22/2023",
        "22-12-2023",
        "2023/12/22",
        "10:15, 22 December 2023",
    ] {
        assert_eq!(day(text).as_deref(), Some("2023-12-22"), "{text}");
    }
}

#[test]
fn twelve_hour_clocks_and_named_zones_are_understood() {
    for (text, stated) in [
        ("Dec 22, 2023 3:15 PM EST", "2023-12-22T15:15:00-05:00"),
        ("Dec 22, 2023 12:05 a.m. PST", "2023-12-22T00:05:00-08:00"),
        ("3:15 p.m. (GMT), Dec 22, 2023", "2023-12-22T15:15:00Z"),
        ("2023年12月22日 下午3:15 +0800", "2023-12-22T15:15:00+08:00"),
    ] {
        assert_eq!(read(text).as_deref(), Some(stated), "{text}");
    }
}

#[test]
fn ambiguous_numbers_follow_the_country() {
    for (language, host, stated) in [
        (Some("en-US"), Some("news.example.com"), "2023-05-04"),
        (Some("en"), Some("news.example.com"), "2023-05-04"),
        (Some("en"), Some("news.example.co.uk"), "2023-04-05"),
        (Some("en-GB"), Some("news.example.com"), "2023-04-05"),
        (Some("de"), Some("news.example.com"), "2023-04-05"),
        (None, None, "2023-05-04"),
    ] {
        let date = DateReader::new(language, host, &Limits::DEFAULT)
            .parse("05/04/2023")
            .unwrap();
        assert_eq!(date.to_string(), stated, "{language:?} {host:?}");
    }
    assert_eq!(read("05.04.2023").as_deref(), Some("2023-04-05"));
}

#[test]
fn what_no_calendar_has_is_no_date() {
    for text in [
        "",
        "32 January 2023",
        "2023-02-30",
        "2023-13-01",
        "31 December 9999",
        "1889-04-01",
        "0000-00-00T00:00:00Z",
        "12 22 2023",
        "1.2.3",
        "December 2023",
        "555-12-2023 call",
        "99999999999999999999999999",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(?s).{0,60}|[0-9TZ:+./ a-z年月日-]{0,40}") {
        if let Some(date) = read(&text) {
            prop_assert_eq!(read(&date), Some(date));
        }
    }

    #[test]
    fn every_day_is_read_back(year in 1990i64..2100, month in 1i64..13, day in 1i64..29) {
        let iso = format!("{year:04}-{month:02}-{day:02}");
        prop_assert_eq!(read(&iso), Some(iso.clone()));
        prop_assert_eq!(read(&format!("{day}.{month}.{year}")), Some(iso.clone()));
        prop_assert_eq!(MONTH_FIRST.parse(&format!("{month}/{day}/{year}")).map(|it| it.to_string()), Some(iso));
    }
}

#[test]
fn a_date_opens_a_paragraph_where_a_mark_parts_it_from_the_rest() {
    let opens = |text| DAY_FIRST.before_mark(text).map(|date| date.to_string());
    for text in [
        "22.12.2023 - The ferry sailed",
        " 22. Dezember 2023 – Die Fähre fuhr",
        "22.12.2023 „Die Fähre fuhr“",
        "2023-12-22 | The ferry sailed",
    ] {
        assert_eq!(opens(text).as_deref(), Some("2023-12-22"), "{text}");
    }
    for text in [
        "22 December 2023 was cold",
        "On 22.12.2023 - cold",
        "22 - a",
    ] {
        assert_eq!(opens(text), None, "{text}");
    }
}

#[test]
fn an_hour_is_no_year() {
    assert_eq!(read("8 января, 17:46"), None);
    assert_eq!(read("8 Jan 17").as_deref(), Some("2017-01-08"));
}

#[test]
fn numeric_characters_are_those_of_unicode() {
    let all = '\0'..=char::MAX;
    let other = all
        .into_iter()
        .find(|c| super::is_numeric(*c) != c.is_numeric());
    assert_eq!(other, None);
}
