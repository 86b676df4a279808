//! Years and days that are counted otherwise than in the Gregorian calendar.

use super::*;

const DAY: &str = "2026-05-11";

#[test]
fn years_of_eras_are_read_with_and_without_the_western_year() {
    for text in [
        "令和8年5月11日",
        "令和８年５月１１日（月）",
        "令和 8年 5月 11日",
        "R8.5.11",
        "R8/5/11",
        "2026年(令和8年)5月11日",
        "2026年（令和８年）５月１１日",
        "2026（令和8）年5月11日",
        "令和8年(2026年)5月11日",
        "令和8（2026）年5月11日",
        "令和八年五月十一日",
        "二〇二六年五月十一日",
    ] {
        assert_eq!(read_in("ja", text).as_deref(), Some(DAY), "{text}");
    }
    for (text, day) in [
        ("令和元年5月1日", Some("2019-05-01")),
        ("平成31年4月30日", Some("2019-04-30")),
        ("H30.12.3", Some("2018-12-03")),
        ("平成35年4月1日", None),
        ("令和8年", None),
    ] {
        assert_eq!(read_in("ja", text).as_deref(), day, "{text}");
    }
    for text in [
        "民國115年5月11日",
        "中華民國一一五年五月十一日",
        "115年5月11日",
    ] {
        assert_eq!(read_in("zh", text).as_deref(), Some(DAY), "{text}");
    }
    assert_eq!(read_in("en", "version R8.5.11"), None);
}

#[test]
fn buddhist_years_are_read_with_short_months_and_two_digits() {
    for text in [
        "11 พฤษภาคม 2569",
        "11 พฤษภาคม พ.ศ. 2569",
        "วันจันทร์ที่ 11 พฤษภาคม พ.ศ.2569",
        "11 พ.ค. 2569",
        "11 พ.ค. 69",
        "๑๑ พฤษภาคม ๒๕๖๙",
        "11 เดือนพฤษภาคม 2569",
        "11/05/2569",
        "11/05/69",
        "11 พฤษภาคม 2026",
        "11 พ.ค. ค.ศ. 2026",
    ] {
        assert_eq!(read_in("th", text).as_deref(), Some(DAY), "{text}");
    }
    assert_eq!(read_in("en", "11/05/69"), None);
}

#[test]
fn solar_hijri_dates_are_read_exactly() {
    for text in [
        "21 اردیبهشت 1405",
        "۲۱ اردیبهشت ۱۴۰۵",
        "دوشنبه ۲۱ اردیبهشت‌ماه ۱۴۰۵",
        "۱۴۰۵/۲/۲۱",
        "۱۴۰۵/۰۲/۲۱ - ۱۱ مه ۲۰۲۶",
        "21 ثور 1405",
        "۲۱ ثور ۱۴۰۵ هـ ش",
        "۲۱ غویی ۱۴۰۵",
    ] {
        assert_eq!(day_in("fa", text).as_deref(), Some(DAY), "{text}");
    }
    assert_eq!(day_in("fa", "30 اسفند 1403").as_deref(), Some("2025-03-20"));
    assert_eq!(day_in("fa", "30 اسفند 1404"), None);
    assert_eq!(day_in("en", "1405/02/21"), None);
}

fn day_in(language: &str, text: &str) -> Option<String> {
    let date = reader(language).parse(text)?;
    Some(date.date().to_string())
}

#[test]
fn lunar_hijri_dates_are_read_by_the_tables_of_umm_al_qura_and_marked() {
    for text in [
        "24 ذو القعدة 1447 هـ",
        "٢٤ ذو القعدة ١٤٤٧هـ",
        "24 ذي القعدة 1447",
        "1447/11/24 هـ",
        "24-11-1447هـ",
    ] {
        let date = reader("ar").parse(text).unwrap();
        assert_eq!(
            (date.to_string().as_str(), date.is_converted()),
            (DAY, true),
            "{text}"
        );
    }
    for (text, day) in [
        ("1 محرم 1446", "2024-07-07"),
        ("1 رمضان 1445", "2024-03-11"),
        ("10 ربيع الأول 1445", "2023-09-25"),
        ("1 جمادى الآخرة 1445", "2023-12-14"),
    ] {
        assert_eq!(read_in("ar", text).as_deref(), Some(day), "{text}");
    }
    assert_eq!(read_in("ar", "30 صفر 1447 ه"), None);
}

#[test]
fn a_gregorian_date_for_the_same_day_is_believed() {
    for text in [
        "الاثنين 23 ذو القعدة 1447 هـ - 11 مايو 2026 م",
        "11 مايو 2026 م الموافق 25 ذو القعدة 1447 هـ",
        "1447-11-24هـ | 11-05-2026م",
    ] {
        let date = reader("ar").parse(text).unwrap();
        assert_eq!(
            (date.to_string().as_str(), date.is_converted()),
            (DAY, false),
            "{text}"
        );
        assert_eq!(reader("ar").line(text).dates.len(), 1, "{text}");
    }
    let two = reader("ar").line("1 محرم 1446 - 11 مايو 2026");
    assert_eq!(two.dates.len(), 2);
    let hebrew = "כ\"ד באייר תשפ\"ו, 11.5.2026";
    assert_eq!(read_in("he", hebrew).as_deref(), Some(DAY));
}

#[test]
fn months_of_the_levant_and_the_maghreb_and_digits_of_every_script_are_read() {
    for text in [
        "الإثنين 11 أيار 2026",
        "11 أيّار 2026",
        "11 أيار/مايو 2026",
        "11 ماي 2026",
        "١١ مايو ٢٠٢٦",
        "ថ្ងៃទី១១ ខែឧសភា ឆ្នាំ២០២៦",
        "១១ ឧសភា ២០២៦",
        "၂၀၂၆ ခုနှစ် မေလ ၁၁ ရက်",
        "၁၁ မေ ၂၀၂၆",
        "১১ মে ২০২৬",
        "११ मई २०२६",
        "११ मे २०२६",
        "11 พฤษภาคม 2026",
        "11 ພຶດສະພາ 2026",
        "11 மே 2026",
        "11 మే 2026",
        "11 ಮೇ 2026",
        "11 മെയ് 2026",
        "11 મે 2026",
        "11 ਮਈ 2026",
        "2026 මැයි 11",
        "11 მაისი 2026",
        "11 մայիսի 2026",
        "11 мамыр 2026",
        "11 svibnja 2026",
        "11. маја 2026.",
        "11 ΜΑΪΟΥ 2026",
        "11 MAYIS 2026",
        "𝟏𝟏.𝟎𝟓.𝟐𝟎𝟐𝟔",
    ] {
        assert_eq!(day_in("", text).as_deref(), Some(DAY), "{text}");
    }
    for (text, day) in [
        ("3 كانون الثاني 2026", "2026-01-03"),
        ("3 شباط 2026", "2026-02-03"),
        ("3 حزيران 2026", "2026-06-03"),
        ("3 تشرين الأول 2026", "2026-10-03"),
        ("3 تشرين الثاني 2026", "2026-11-03"),
        ("3 كانون الأول 2026", "2026-12-03"),
        ("3 جانفي 2026", "2026-01-03"),
        ("3 أوت 2026", "2026-08-03"),
        ("3 غشت 2026", "2026-08-03"),
    ] {
        assert_eq!(read_in("ar", text).as_deref(), Some(day), "{text}");
    }
    let october = "3. listopada 2026.";
    assert_eq!(read_in("hr", october).as_deref(), Some("2026-10-03"));
    assert_eq!(read_in("pl", october).as_deref(), Some("2026-11-03"));
}

proptest! {
    #[test]
    fn every_day_is_read_back_in_every_calendar(
        year in 1991i16..2030, month in 1i8..13, day in 1i8..29, hour in 0i64..24, minute in 1i64..60,
    ) {
        let iso = format!("{year:04}-{month:02}-{day:02}");
        let date = |language: &str, text: String| read_in(language, &text);
        let same = Some(iso.clone());
        prop_assert_eq!(date("th", format!("{day}/{month}/{}", year + 543)), same.clone());
        if year >= 2020 {
            prop_assert_eq!(date("ja", format!("令和{}年{month}月{day}日", year - 2018)), same.clone());
        }
        prop_assert_eq!(date("zh", format!("民國{}年{month}月{day}日", year - 1911)), same.clone());
        let timed = Some(format!("{iso}T{hour:02}:{minute:02}:00"));
        prop_assert_eq!(date("de", format!("{day}.{month}.{year}, {hour}:{minute:02} Uhr")), timed.clone());
        prop_assert_eq!(date("fr", format!("{day}/{month}/{year} à {hour}h{minute:02}")), timed.clone());
        prop_assert_eq!(date("ko", format!("{year}.{month}.{day} {hour}:{minute:02}")), timed);
    }

    #[test]
    fn every_month_is_read_in_every_language_that_names_it(day in 1i64..29, year in 1995i64..2040) {
        for (month, name) in months::gregorian_names() {
            let text = format!("{day} {name} {year}");
            let date = format!("{year:04}-{month:02}-{day:02}");
            prop_assert_eq!(read(&text), Some(date), "{}", text);
        }
    }

    #[test]
    fn days_of_other_calendars_are_days_in_a_row(day in 1i64..29, month in 1i64..13, year in 1400i64..1430) {
        let read = |language: &str, year: i64, day: i64| {
            let text = format!("{year}/{month}/{day}");
            reader(language).parse(&text)
        };
        let solar = read("fa", year, day).zip(read("fa", year, day + 1));
        prop_assert_eq!(solar.and_then(|(one, next)| one.days_until(&next)), Some(1));
        let lunar = read("ar", year + 30, day).zip(read("ar", year + 30, day + 1));
        prop_assert_eq!(lunar.and_then(|(one, next)| one.days_until(&next)), Some(1));
    }
}
