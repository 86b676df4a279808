//! Bylines in many languages, and lines of credits.

use proptest::prelude::*;

use super::*;

fn seen(line: &str) -> Vec<String> {
    super::clean(&[line], NameContext::VisibleText, &Limits::DEFAULT)
}

fn check(cases: &[(&str, &[&str])]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|&(line, names)| (line, names, seen(line)))
        .filter(|(_, names, seen)| seen != names)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Lines with labels, and the writers in them.
const LABELLED: &[(&str, &[&str])] = &[
    ("Text: Ada Quill  Photo: Ben Harrow", &["Ada Quill"]),
    ("Foto: Ben Harrow Tekst: Ada Quill", &["Ada Quill"]),
    ("Text und Fotos: Ada Quill", &["Ada Quill"]),
    ("Text & Bild: Ada Quill", &["Ada Quill"]),
    ("Text: Ada Quill, Foto: Ben Harrow", &["Ada Quill"]),
    ("Text Ada Quill Foto Ben Harrow", &["Ada Quill"]),
    ("Text | Ada Quill | Foto | Ben Harrow", &["Ada Quill"]),
    (
        "Words by Ada Quill. Photographs by Ben Harrow",
        &["Ada Quill"],
    ),
    ("Words: Ada Quill / Pictures: Ben Harrow", &["Ada Quill"]),
    ("By Ada Quill, photographs by Ben Harrow", &["Ada Quill"]),
    (
        "By Ada Quill, with photographs by Ben Harrow",
        &["Ada Quill"],
    ),
    ("Ada Quill and photos by Ben Harrow", &["Ada Quill"]),
    ("文・岸本まり、写真・田中一", &["岸本まり"]),
    ("Tin, ảnh: Ada Quill", &["Ada Quill"]),
    ("Ada Quill, fot. Ben Harrow", &["Ada Quill"]),
    ("Pictures: Ben Harrow", &[]),
    ("Photos by Ben Harrow", &[]),
    (
        "Von Ada Quill, Cy Moss und Ben Harrow (Fotos)",
        &["Ada Quill", "Cy Moss"],
    ),
    ("Ada Quill (Text), Ben Harrow (Fotos)", &["Ada Quill"]),
    (
        "Ada Quill (text) and Ben Harrow (photography)",
        &["Ada Quill"],
    ),
    ("Texte : Ada Quill – Photos : Ben Harrow", &["Ada Quill"]),
    ("Textes et photos : Ada Quill", &["Ada Quill"]),
    ("Texto: Ada Quill Fotos: Ben Harrow", &["Ada Quill"]),
    ("Testo di Ada Quill, foto di Ben Harrow", &["Ada Quill"]),
    ("Tekst: Ada Quill Beeld: Ben Harrow", &["Ada Quill"]),
    ("Teksti: Ada Quill Kuvat: Ben Harrow", &["Ada Quill"]),
    (
        "Reportage: Ada Quill, Illustration: Ben Harrow",
        &["Ada Quill"],
    ),
    (
        "Reporting by Ada Quill; Editing by Ben Harrow",
        &["Ada Quill"],
    ),
    ("Tekst i zdjęcia: Ada Quill", &["Ada Quill"]),
    (
        "Text: Ada Quill | Foto: Ben Harrow | Zdroj: ČTK",
        &["Ada Quill"],
    ),
    ("Szöveg: Ada Quill, Fotó: Ben Harrow", &["Ada Quill"]),
    ("Текст: Анна Перова, фото: Иван Белов", &["Анна Перова"]),
    ("Текст і фото: Олена Коваль", &["Олена Коваль"]),
    (
        "Κείμενο: Άννα Δήμου Φωτογραφίες: Νίκος Κάππας",
        &["Άννα Δήμου"],
    ),
    ("Haber: Ada Quill - Fotoğraf: Ben Harrow", &["Ada Quill"]),
    ("Penulis: Ada Quill Editor: Ben Harrow", &["Ada Quill"]),
    ("Bài và ảnh: Ada Quill", &["Ada Quill"]),
    ("Bài: Ada Quill - Ảnh: Ben Harrow", &["Ada Quill"]),
    ("تقرير: ليلى منصور تصوير: هاني بركات", &["ليلى منصور"]),
    ("כתבה: דנה כהן צילום: יוסי לוי", &["דנה כהן"]),
    ("เรื่อง: สมชาย ใจดี ภาพ: สมหญิง รักดี", &["สมชาย ใจดี"]),
    ("เรื่อง สมชาย ใจดี ภาพ สมหญิง รักดี", &["สมชาย ใจดี"]),
    ("रिपोर्ट: अनिल शर्मा, फोटो: रवि वर्मा", &["अनिल शर्मा"]),
    ("取材・文／岸本まり　写真／田中一", &["岸本まり"]),
    ("文＝岸本まり 写真＝田中一", &["岸本まり"]),
    ("文・写真：岸本まり", &["岸本まり"]),
    (
        "取材・文：岸本まり　撮影：田中一　編集：山田花",
        &["岸本まり"],
    ),
    ("構成／山田花", &[]),
    ("聞き手・岸本まり", &["岸本まり"]),
    ("文/张小明 图/李大伟", &["张小明"]),
    ("撰文：黃宇 攝影：林小舟", &["黃宇"]),
    ("文｜张小明 编辑｜李大伟", &["张小明"]),
    ("来源：新华社 作者：张小明 编辑：李大伟", &["张小明"]),
    ("圖：林小舟", &[]),
    ("글 홍길동 사진 김철수", &["홍길동"]),
    ("글=홍길동 사진=김철수", &["홍길동"]),
    ("글·사진 홍길동 기자", &["홍길동"]),
    ("홍길동 글, 김철수 사진", &["홍길동"]),
    ("글 홍길동 기자 · 사진 김철수 기자", &["홍길동"]),
];

#[test]
fn labels_inside_a_line_give_the_writers_only() {
    check(LABELLED);
}

/// Bylines with words around the names, and the names.
const BYLINES: &[(&str, &[&str])] = &[
    (
        "Ada Quill, Ben Harrow, and Cy Moss",
        &["Ada Quill", "Ben Harrow", "Cy Moss"],
    ),
    (
        "Ana Ruiz, Luis Mora y Eva Gil",
        &["Ana Ruiz", "Luis Mora", "Eva Gil"],
    ),
    ("Dan Quill", &["Dan Quill"]),
    ("Ve Nguyen and Dan Quill", &["Ve Nguyen", "Dan Quill"]),
    ("홍길동 기자", &["홍길동"]),
    ("홍길동 한강일보 기자", &["홍길동"]),
    ("취재/홍길동 기자 편집/김철수", &["홍길동"]),
    ("홍길동 기자 hong@example.com", &["홍길동"]),
    ("[서울=한강뉴스] 홍길동 기자 = ", &["홍길동"]),
    ("홍길동 선임기자", &["홍길동"]),
    ("뉴욕=홍길동 특파원", &["홍길동"]),
    ("정치부 홍길동 기자", &["홍길동"]),
    ("한강일보 홍길동 인턴기자", &["홍길동"]),
    ("홍길동기자", &["홍길동"]),
    ("홍길동·김철수 기자", &["홍길동", "김철수"]),
    ("홍길동 기자, 김철수 기자", &["홍길동", "김철수"]),
    ("홍길동 김철수 기자", &["홍길동", "김철수"]),
    ("홍길동 기자 및 김철수 특파원", &["홍길동", "김철수"]),
    ("홍길동 기자 외 1명", &["홍길동"]),
    ("岸本まり記者", &["岸本まり"]),
    ("（田の川支局・岸本まり）", &["岸本まり"]),
    ("【岸本まり、田中一】", &["岸本まり", "田中一"]),
    ("東京＝岸本まり", &["岸本まり"]),
    ("岸本まり、田中一", &["岸本まり", "田中一"]),
    ("ジョン・スミス", &["ジョン・スミス"]),
    ("本报记者 张小明", &["张小明"]),
    ("作者简介", &[]),
    ("记者手记", &[]),
    ("记者张小明 李大伟", &["张小明", "李大伟"]),
    ("記者張小明／台北報導", &["張小明"]),
    ("〔記者張小明／台北報導〕", &["張小明"]),
    ("記者張小明台北報導", &["張小明"]),
    ("實習記者 林小舟 報導", &["林小舟"]),
    ("（记者 张小明 通讯员 李大伟）", &["张小明", "李大伟"]),
    ("张小明和李大伟", &["张小明", "李大伟"]),
    ("林小舟、赵远", &["林小舟", "赵远"]),
    ("张和平", &["张和平"]),
    ("卡尔·马克思", &["卡尔·马克思"]),
    ("מאת דנה כהן", &["דנה כהן"]),
    (
        "מאת: דנה כהן, יוסי לוי ורון שגב",
        &["דנה כהן", "יוסי לוי", "רון שגב"],
    ),
    ("דנה כהן ויוסי לוי", &["דנה כהן", "יוסי לוי"]),
    ("יוסי ורד לוי", &["יוסי ורד לוי"]),
    ("בלעדי, ורד כהן", &["בלעדי", "ורד כהן"]),
    ("بقلم ليلى منصور", &["ليلى منصور"]),
    (
        "بقلم: ليلى منصور وهاني بركات",
        &["ليلى منصور", "هاني بركات"],
    ),
    ("كتبت ليلى منصور", &["ليلى منصور"]),
    ("كتب: هاني بركات", &["هاني بركات"]),
    (
        "ليلى منصور، هاني بركات وسامي حداد",
        &["ليلى منصور", "هاني بركات", "سامي حداد"],
    ),
    ("محمد وليد", &["محمد وليد"]),
    ("ليلى منصور، وليد حداد", &["ليلى منصور", "وليد حداد"]),
    ("أحمد محمد وجيه علي", &["أحمد محمد وجيه علي"]),
    ("نوشته مریم رضایی و علی کریمی", &["مریم رضایی", "علی کریمی"]),
    ("نویسنده: مریم رضایی", &["مریم رضایی"]),
    ("تحریر: سارہ خان اور علی رضا", &["سارہ خان", "علی رضا"]),
    ("โดย สมชาย ใจดี", &["สมชาย ใจดี"]),
    ("โดย: สมชาย ใจดี และ สมหญิง รักดี", &["สมชาย ใจดี", "สมหญิง รักดี"]),
    ("โดยสมชาย ใจดี", &["สมชาย ใจดี"]),
    ("ผู้เขียน : สมชาย ใจดี", &["สมชาย ใจดี"]),
    ("द्वारा अनिल शर्मा और रवि वर्मा", &["अनिल शर्मा", "रवि वर्मा"]),
    ("लेखक: अनिल शर्मा", &["अनिल शर्मा"]),
    ("লেখক: রিনা দাস ও অনীক সেন", &["রিনা দাস", "অনীক সেন"]),
    (
        "Автор: Анна Перова и Иван Белов",
        &["Анна Перова", "Иван Белов"],
    ),
    ("корреспондент Анна Перова", &["Анна Перова"]),
    (
        "Олена Коваль та Іван Біленко",
        &["Олена Коваль", "Іван Біленко"],
    ),
    ("Της Άννας Δήμου", &["Άννας Δήμου"]),
    ("Γράφει ο Νίκος Κάππας", &["Νίκος Κάππας"]),
    (
        "Νίκος Κάππας και Άννα Δήμου",
        &["Νίκος Κάππας", "Άννα Δήμου"],
    ),
    (
        "Yazan: Ada Quill ve Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    (
        "Autor: Ada Quill i Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    ("Rozmawiała Ada Quill", &["Ada Quill"]),
    (
        "Napsal Ada Quill a Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    (
        "Írta: Ada Quill és Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    (
        "Scris de Ada Quill și Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    ("de Ada Quill", &["Ada Quill"]),
    ("di Ada Quill", &["Ada Quill"]),
    ("Piše: Ada Quill", &["Ada Quill"]),
    (
        "Tác giả: Ada Quill và Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    (
        "Oleh Ada Quill dan Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    (
        "Skrevet av Ada Quill og Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    (
        "Kirjoittanut Ada Quill ja Ben Harrow",
        &["Ada Quill", "Ben Harrow"],
    ),
    ("Door Ada Quill en Ben Harrow", &["Ada Quill", "Ben Harrow"]),
    ("Ana Ruiz y Luis Mora", &["Ana Ruiz", "Luis Mora"]),
    ("Santiago Ramón y Cajal", &["Santiago Ramón y Cajal"]),
    ("Gal·la Puig", &["Gal·la Puig"]),
];

#[test]
fn words_of_bylines_and_roles_are_taken_off_in_every_language() {
    check(BYLINES);
}

#[test]
fn offices_degrees_and_agencies_are_no_persons() {
    check(&[
        ("Ada Quill, Ph.D.", &["Ada Quill"]),
        (
            "Ada Quill, M.D., Ben Harrow, PhD",
            &["Ada Quill", "Ben Harrow"],
        ),
        ("Ada Quill MD", &["Ada Quill"]),
        (
            "Dr. Ada Quill, Dr. Ben Harrow",
            &["Dr. Ada Quill", "Dr. Ben Harrow"],
        ),
        ("Senior Reporter Ada Quill", &["Ada Quill"]),
        ("Ada Quill Political Correspondent", &["Ada Quill"]),
        ("By agencies", &[]),
        ("staff", &[]),
        ("Ada Quill, Redaktion", &["Ada Quill"]),
        ("Par Ada Quill avec AFP", &["Ada Quill"]),
        ("Ada Quill, dpa", &["Ada Quill"]),
        ("Staff reporter", &[]),
        ("AFP", &["AFP"]),
        (
            "Center for Harbours and Ferries",
            &["Center for Harbours and Ferries"],
        ),
        ("Ada Quill, Head of Ferries and Trade", &["Ada Quill"]),
        ("Ada QuillStaff Writer", &["Ada Quill"]),
        ("Ada Quill MS, RDN, LD", &["Ada Quill"]),
        ("Ada Quill The Associated Press", &["Ada Quill"]),
        ("Posted by quayside on Wednesday December 17", &["quayside"]),
    ]);
}

/// A name in each script, which stays as it is.
const PLAIN: [&str; 18] = [
    "Ada Quill",
    "Jörg von der Heide",
    "Анна Перова",
    "Νίκος Κάππας",
    "דנה כהן",
    "ليلى منصور",
    "مریم رضایی",
    "สมชาย ใจดี",
    "अनिल शर्मा",
    "রিনা দাস",
    "홍길동",
    "岸本まり",
    "张小明",
    "Ümit Kaya",
    "Dan Davies",
    "Vanessa De Wit",
    "Un Ja Kim",
    "Per Hansson",
];

#[test]
fn a_plain_name_stays_as_it_is_in_every_script() {
    for name in PLAIN {
        assert_eq!(seen(name), [name]);
    }
}

#[test]
fn two_hundred_names_in_one_line_are_parted() {
    let limits = Limits {
        list_items: 200,
        ..Limits::DEFAULT
    };
    for comma in [", ", "、", "، ", "; ", " / "] {
        let names: Vec<String> = (0..200)
            .map(|n| format!("Ada Quill{}", letters(n)))
            .collect();
        let line = [names.join(comma)];
        assert_eq!(clean(&line, NameContext::AuthorField, &limits), names);
        let bounded = clean(&line, NameContext::AuthorField, &Limits::DEFAULT);
        assert_eq!(bounded.len(), Limits::DEFAULT.list_items);
    }
}

fn letters(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap_or(0));
    [letter(n / 26), letter(n)].iter().collect()
}

#[test]
fn names_of_both_directions_keep_their_letters_without_marks() {
    for line in [
        "\u{202B}ليلى منصور\u{202C} and Ada Quill",
        "\u{200F}ליאת כהן\u{200E}, Ada Quill",
    ] {
        let names = seen(line);
        assert_eq!(names.len(), 2, "{line}");
        assert_eq!(names[1], "Ada Quill");
    }
}

proptest! {
    #[test]
    fn any_line_is_read_within_bounds(line in "(?s).{0,200}|(Text: |Foto |글 |文/|ו|و|、|및 |기자 |記者|Ph\\.D\\.|Ada Quill|홍길동|\\(|\\)|=|:|・| and | ){0,30}") {
        for name in seen(&line) {
            prop_assert!(name.chars().count() <= NAME_CHARS);
            prop_assert!(!name.contains(brackets::NO_WRITER));
        }
    }

    #[test]
    fn plain_names_in_a_list_are_all_found(places in proptest::collection::vec(0..PLAIN.len(), 1..8)) {
        let mut names: Vec<&str> = Vec::new();
        for place in places {
            if !names.contains(&PLAIN[place]) {
                names.push(PLAIN[place]);
            }
        }
        prop_assert_eq!(seen(&names.join(", ")), names);
    }
}
