//! What is read as a name, and what is not.

use proptest::prelude::*;

use super::people::fullest;
use super::*;

fn clean<S: AsRef<str>>(raw: &[S], context: NameContext) -> Vec<String> {
    super::clean(raw, context, &Limits::DEFAULT)
}

#[test]
fn what_is_seen_and_reads_like_prose_is_no_name() {
    let seen = |line| clean(&[line], NameContext::VisibleText);
    for prose in ["Police found the Body", "Von Mask über Mask", "5 mins read"] {
        assert_eq!(seen(prose), Vec::<String>::new(), "{prose}");
    }
    for name in [
        "Ludwig van der Berg",
        "Ministry of the Sea",
        "bell hooks",
        "Ada Quill",
    ] {
        assert_eq!(seen(name), [name]);
    }
}

#[test]
fn a_byline_gives_its_names() {
    for (byline, expected) in [
        ("By Ada Quill", vec!["Ada Quill"]),
        (
            "BY ADA QUILL AND BEN HARROW",
            vec!["ADA QUILL", "BEN HARROW"],
        ),
        (
            "Ada Quill, Ben Harrow and Cy Moss",
            vec!["Ada Quill", "Ben Harrow", "Cy Moss"],
        ),
        (
            "Von Ada Quill und Ben Harrow",
            vec!["Ada Quill", "Ben Harrow"],
        ),
        ("Par Ada Quill avec AFP", vec!["Ada Quill"]),
        (
            "Por Ada Quill y Ben Harrow",
            vec!["Ada Quill", "Ben Harrow"],
        ),
        ("Written by: Ada Quill", vec!["Ada Quill"]),
        ("Автор: Анна Перова", vec!["Анна Перова"]),
        (
            "Ada Quill, Senior Political Correspondent",
            vec!["Ada Quill"],
        ),
        ("Ada Quill | ada@example.org", vec!["Ada Quill"]),
        ("By Ada Quill (Reuters) Updated 10:15", vec!["Ada Quill"]),
        ("Ada Quill in Berlin", vec!["Ada Quill"]),
        ("https://example.org/ada @adaquill", vec![]),
        ("December 22, 2023", vec![]),
        ("ByAda Quill", vec!["Ada Quill"]),
        ("ada-quill", vec![]),
        ("Written by", vec![]),
        ("Interview: Ada Quill", vec!["Ada Quill"]),
        ("Ada Quill, MD, RDN", vec!["Ada Quill"]),
        ("admin", vec![]),
        ("page.head.author", vec![]),
        ("6:35AM", vec![]),
        ("Ada (Addie) Quill", vec!["Ada Quill"]),
        (
            "By Ada Quill, DVM. Reviewed by Ben Harrow",
            vec!["Ada Quill"],
        ),
        ("reader99", vec!["reader99"]),
        ("Associated Press", vec!["Associated Press"]),
        ("Di Ana Costa", vec!["Di Ana Costa"]),
        ("Byron Lane", vec!["Byron Lane"]),
        ("王小明", vec!["王小明"]),
        ("Radio1 News", vec!["Radio1 News"]),
        ("Ada Quill, +55 more", vec!["Ada Quill"]),
        ("capital | von | Ada Quill", vec!["Ada Quill"]),
        ("By Ada Quill, in Sea, Ferries · 24 Dec", vec!["Ada Quill"]),
        ("Recipe by Ada Quill | 5 mins read", vec!["Ada Quill"]),
        ("Ein Artikel von Ada Quill", vec!["Ada Quill"]),
    ] {
        assert_eq!(
            clean(&[byline], NameContext::VisibleText),
            expected,
            "{byline}"
        );
    }
}

#[test]
fn papers_publishers_and_agencies_are_known_by_their_names() {
    for name in [
        "The Ferry Press",
        "Ferry Times",
        "Condé Nast",
        "AFP",
        "Ferry Staff",
        "田の川新聞社",
    ] {
        assert!(people::is_organisation(name), "{name}");
    }
    for name in ["Ada Quill", "岸本まり", "홍길동", "Анна Перова"] {
        assert!(!people::is_organisation(name), "{name}");
    }
}

#[test]
fn what_says_the_same_and_more_is_taken() {
    let list = |names: &str| names.split(", ").map(str::to_owned).collect::<Vec<_>>();
    for (names, other, context, fullest_one) in [
        (
            "adaquill",
            "Ada Quill",
            NameContext::VisibleText,
            "Ada Quill",
        ),
        (
            "Ada",
            "Ada van Quill",
            NameContext::VisibleText,
            "Ada van Quill",
        ),
        ("Ada", "Ada in Berlin", NameContext::VisibleText, "Ada"),
        (
            "Ada Quill",
            "Ada Quill, Ben Harrow",
            NameContext::AuthorField,
            "Ada Quill, Ben Harrow",
        ),
        (
            "Ada Quill",
            "Ada Quill, Ben Harrow",
            NameContext::VisibleText,
            "Ada Quill",
        ),
        (
            "Quill, Ada",
            "Ada Quill",
            NameContext::VisibleText,
            "Ada Quill",
        ),
        (
            "Ada Quill",
            "Ben Harrow, Cy Moss",
            NameContext::AuthorField,
            "Ada Quill",
        ),
    ] {
        let others = [(list(other), context)].into_iter();
        assert_eq!(
            fullest(list(names), others),
            list(fullest_one),
            "{names} {other}"
        );
    }
}

#[test]
fn each_name_stands_once() {
    assert_eq!(
        clean(&["By Ada Quill", "ADA QUILL"], NameContext::VisibleText),
        ["Ada Quill"]
    );
}

#[test]
fn ten_thousand_names_are_bounded() {
    let many: Vec<String> = (0..10_000)
        .map(|n| format!("Ada Quill{}", "x".repeat(n % 30)))
        .collect();
    assert!(clean(&many, NameContext::AuthorField).len() <= Limits::DEFAULT.list_items);
    assert!(clean(&[many.join(", ")], NameContext::AuthorField).is_empty());
}

proptest! {
    #[test]
    fn no_byline_makes_the_splitter_panic(line in "(?s).{0,80}|(By |von |[A-Zİß][a-zé]{1,8}|, | and |\\(|\\)|@|:| ){0,12}") {
        for name in clean(&[line], NameContext::VisibleText) {
            prop_assert!(name.chars().count() <= NAME_CHARS);
            prop_assert!(!name.contains('@'));
        }
    }
}
