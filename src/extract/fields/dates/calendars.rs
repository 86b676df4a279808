//! Years and days that are not counted as in the Gregorian calendar: Buddhist years, the eras of Japan, the
//! years of the Republic of China, solar Hijri (Iran, Afghanistan), lunar Hijri. The two Hijri calendars are
//! ICU4X's: the Persian one exact, the lunar one by the tables of Umm al-Qura, from which a month that
//! begins with a sighting may differ by a day.

use icu_calendar::Date;
use icu_calendar::cal::{Hijri, Iso};

use crate::extract::fields::dates::DateTime;
use crate::extract::fields::dates::lex::Token;

/// The years of articles on the web.
pub(super) const YEARS: std::ops::RangeInclusive<i64> = 1990..=2100;
/// The Buddhist calendar is so many years ahead.
pub(super) const BUDDHIST: i64 = 543;
/// The Republic of China counts from the year after this.
const MINGUO: i64 = 1911;
/// Solar Hijri years that lie in [`YEARS`].
const SOLAR_YEARS: std::ops::RangeInclusive<i64> = 1369..=1478;
/// Lunar Hijri years that lie in [`YEARS`].
const LUNAR_YEARS: std::ops::RangeInclusive<i64> = 1411..=1523;
/// A year of these is a lunar one, if nothing says which it is; solar before.
const LUNAR_FROM: i64 = 1430;

/// How years, months and days are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    Gregorian,
    /// Gregorian months, years counted from the Buddha.
    Buddhist,
    /// Solar Hijri.
    Solar,
    /// Lunar Hijri.
    Lunar,
}

/// The Gregorian day of a date in a Hijri calendar.
pub(super) fn hijri(calendar: Calendar, year: i64, month: i64, day: i64) -> Option<DateTime> {
    let valid = match calendar {
        Calendar::Solar => SOLAR_YEARS.contains(&year),
        Calendar::Lunar => LUNAR_YEARS.contains(&year),
        Calendar::Gregorian | Calendar::Buddhist => false,
    };
    if !valid {
        return None;
    }
    let (year, month, day) = (
        i32::try_from(year).ok()?,
        u8::try_from(month).ok()?,
        u8::try_from(day).ok()?,
    );
    let iso = if calendar == Calendar::Solar {
        Date::try_new_persian(year, month, day)
            .ok()?
            .to_calendar(Iso)
    } else {
        let rules = Hijri::new_umm_al_qura();
        let date = Date::try_new_hijri_with_calendar(year, month, day, rules);
        date.ok()?.to_calendar(Iso)
    };
    let (year, month) = (iso.year().extended_year(), iso.month().ordinal);
    let date = DateTime::day(year.into(), month.into(), iso.day_of_month().0.into())?;
    Some(if calendar == Calendar::Lunar {
        date.converted()
    } else {
        date
    })
}

/// The calendar of a date in numbers whose year is no Gregorian one, by the language of the page.
pub(super) fn of_numbers(year: i64, language: &str) -> Option<Calendar> {
    match language {
        "fa" | "ps" | "prs" | "ckb" | "tg" if year < LUNAR_FROM => Some(Calendar::Solar),
        "fa" | "ps" | "prs" | "ckb" | "ar" | "ur" => Some(Calendar::Lunar),
        _ => None,
    }
}

/// What stands after a year and says in which calendar it is: `1447 هـ`, `1405 ش`, `1447 AH`.
pub(super) fn after_year(rest: &[Token]) -> Option<(Calendar, usize)> {
    const SOLAR: &[&[&str]] = &[
        &["ه", "ش"],
        &["ش"],
        &["شمسي"],
        &["خورشيدي"],
        &["هجري", "شمسي"],
        &["هجري", "خورشيدي"],
    ];
    const LUNAR: &[&[&str]] = &[
        &["ه", "ق"],
        &["ه"],
        &["ق"],
        &["قمري"],
        &["هجري", "قمري"],
        &["هجري"],
        &["هجريه"],
        &["للهجره"],
        &["ah"],
        &["a", "h"],
    ];
    let of = |phrases: &[&[&str]]| phrases.iter().find_map(|words| phrase_end(rest, words));
    of(SOLAR)
        .map(|end| (Calendar::Solar, end))
        .or_else(|| Some((Calendar::Lunar, of(LUNAR)?)))
}

/// Where a phrase ends that the tokens begin with; white space and full stops may separate its words.
fn phrase_end(tokens: &[Token], words: &[&str]) -> Option<usize> {
    let mut at = 0;
    for word in words {
        while matches!(tokens.get(at), Some(Token::Space | Token::Mark('.'))) {
            at += 1;
        }
        if !tokens.get(at)?.is(word) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

/// The tokens with every year of an East Asian era as a Gregorian year, and Chinese numerals before a unit
/// as numbers: `令和8年5月11日`, `2026年(令和8年)5月11日`, `R8.5.11`, `民國115年`, `二〇二六年五月十一日`. All
/// other text stays as it is.
pub(super) fn with_gregorian_years(tokens: Vec<Token>, is_japanese: bool) -> Vec<Token> {
    let has = |words: &[&str]| tokens.iter().any(|it| words.iter().any(|word| it.is(word)));
    let latin_era = is_japanese && has(&["r", "h"]);
    if !latin_era && !has(&["年"]) {
        return tokens;
    }
    let tokens = with_numerals(tokens);
    let mut read: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        match era_year(&tokens, at, latin_era) {
            Some(Era::Written(year, end)) => {
                at = end;
                push_year(&mut read, year, &tokens, &mut at);
            }
            Some(Era::Letter(value, end)) => {
                at = end;
                read.push(Token::Number { value, digits: 4 });
            }
            None => {
                read.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    read
}

/// Adds a year and `年`. A year that is stated twice, once in brackets, is one.
fn push_year(read: &mut Vec<Token>, year: i64, tokens: &[Token], at: &mut usize) {
    let number = Token::Number {
        value: year,
        digits: 4,
    };
    let skip_brackets = |at: &mut usize| {
        if tokens.get(*at) == Some(&Token::Mark(')')) {
            *at += 1;
        }
        if tokens.get(*at).is_some_and(|it| it.is("年")) {
            *at += 1;
        }
    };
    // '2026年(令和8年)', '2026(令和8)年'.
    if let [rest @ .., Token::Mark('(')] = read.as_slice() {
        let is_unit = |it: &Token| it.is("年") || *it == Token::Space;
        let before = rest.iter().rposition(|it| !is_unit(it));
        if before.is_some_and(|place| rest[place] == number) {
            read.truncate(before.unwrap_or(0) + 1);
            read.push(Token::Word("年".to_owned()));
            skip_brackets(at);
            return;
        }
    }
    read.push(number.clone());
    read.push(Token::Word("年".to_owned()));
    // '令和8年(2026年)', '令和8(2026)年'.
    if tokens.get(*at) == Some(&Token::Mark('(')) && tokens.get(*at + 1) == Some(&number) {
        *at += 2;
        if tokens.get(*at).is_some_and(|it| it.is("年")) {
            *at += 1;
        }
        skip_brackets(at);
    }
}

/// The Gregorian year of an era's year, and where it ends.
enum Era {
    /// In characters, the `年` after it included.
    Written(i64, usize),
    /// With the letter of the era: `R8`.
    Letter(i64, usize),
}

/// The year of an era that begins at a token.
fn era_year(tokens: &[Token], at: usize, latin: bool) -> Option<Era> {
    const ERAS: [(&str, &str, i64, i64); 3] = [
        ("令", "和", 2018, 99),
        ("平", "成", 1988, 31),
        ("昭", "和", 1925, 64),
    ];
    let first = tokens.get(at)?.word();
    let second = tokens.get(at + 1).and_then(Token::word);
    let era = ERAS
        .iter()
        .find(|era| first == Some(era.0) && second == Some(era.1));
    if let Some(&(_, _, before, longest)) = era {
        let (year, at) = ordinal(tokens, at + 2)?;
        let end = at + usize::from(tokens.get(at).is_some_and(|it| it.is("年")));
        let is_valid = (1..=longest).contains(&year);
        return is_valid.then_some(Era::Written(before + year, end));
    }
    if matches!(first, Some("民")) && matches!(second, Some("國" | "国")) {
        let (year, at) = ordinal(tokens, at + 2)?;
        let is_valid = (1..=200).contains(&year) && tokens.get(at)?.is("年");
        return is_valid.then_some(Era::Written(MINGUO + year, at + 1));
    }
    // '115年5月11日': no other calendar has such years.
    if let &Token::Number { value, digits: 3 } = tokens.get(at)?
        && tokens.get(at + 1)?.is("年")
    {
        return Some(Era::Written(MINGUO + value, at + 2));
    }
    let before = match first? {
        "r" if latin => 2018,
        "h" if latin => 1988,
        _ => return None,
    };
    let is_apart = at == 0 || tokens[at - 1].word().is_none();
    let year = tokens.get(at + 1)?.number(1..=2)?;
    let is_date = matches!(tokens.get(at + 2)?, Token::Mark('.' | '/' | '-'))
        && tokens.get(at + 3)?.number(1..=2).is_some()
        && tokens.get(at + 4) == tokens.get(at + 2);
    (is_apart && is_date).then_some(Era::Letter(before + year, at + 2))
}

/// The number of an era's year, the first of which is `元`, and where it ends.
fn ordinal(tokens: &[Token], mut at: usize) -> Option<(i64, usize)> {
    while tokens.get(at) == Some(&Token::Space) {
        at += 1;
    }
    if tokens.get(at)?.is("元") {
        return Some((1, at + 1));
    }
    Some((tokens.get(at)?.number(1..=3)?, at + 1))
}

/// The tokens with Chinese numerals before a unit of time as numbers.
fn with_numerals(tokens: Vec<Token>) -> Vec<Token> {
    const UNITS: [&str; 8] = ["年", "月", "日", "号", "號", "時", "时", "分"];
    let value = |token: &Token| token.word().and_then(numeral);
    let mut read: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let length = tokens[at..].iter().take_while(|it| value(it).is_some());
        let length = length.count();
        let unit = tokens.get(at + length).and_then(Token::word);
        let is_number = length > 0 && unit.is_some_and(|unit| UNITS.contains(&unit));
        let values = tokens[at..at + length].iter().filter_map(value);
        match written_number(&values.collect::<Vec<_>>()).filter(|_| is_number) {
            Some(number) => read.push(number),
            None => read.extend(tokens[at..(at + length.max(1))].iter().cloned()),
        }
        at += length.max(1);
    }
    read
}

/// The value of a Chinese numeral.
fn numeral(word: &str) -> Option<i64> {
    const NUMERALS: [&str; 11] = [
        "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十",
    ];
    let place = NUMERALS.iter().position(|it| *it == word);
    let place = place.or((word == "零").then_some(0))?;
    i64::try_from(place).ok()
}

/// `二〇二六` digit by digit, `二十三` by tens; at most four digits.
fn written_number(values: &[i64]) -> Option<Token> {
    let value = match *values {
        [10] => 10,
        [10, ones @ 1..=9] => 10 + ones,
        [tens @ 1..=9, 10] => tens * 10,
        [tens @ 1..=9, 10, ones @ 1..=9] => tens * 10 + ones,
        _ if (1..=4).contains(&values.len()) && values.iter().all(|it| *it < 10) => {
            values.iter().fold(0, |sum, digit| sum * 10 + digit)
        }
        _ => return None,
    };
    let digits = match value {
        1000.. => 4,
        100.. => 3,
        _ => 2,
    };
    Some(Token::Number { value, digits })
}
