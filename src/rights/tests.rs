//! Each form of an opt-out, for each purpose.

use super::*;

fn rights(field: &str, value: &str) -> Rights {
    let value = Some(value.to_owned());
    let mut rights = Rights::default();
    let slot = match field {
        "robots" => &mut rights.robots_meta,
        "tdm" => &mut rights.tdm_reservation,
        "policy" => &mut rights.ai_policy,
        "signal" => &mut rights.content_signal,
        "usage" => &mut rights.content_usage,
        _ => &mut rights.rsl,
    };
    *slot = value;
    rights
}

/// The statement that binds each purpose, in their order; empty for none.
fn bound(rights: &Rights) -> [&'static str; 4] {
    Purpose::ALL.map(|purpose| {
        let reader = Reader::new(purpose, "newsprint/1 (+https://a.test)");
        let found = reader.forbidden_by(rights);
        found.map_or("", |it| it.statement.name())
    })
}

/// A field of the record, what it states, and the statement that binds archive, search, ai-input and ai-train.
const CASES: &[(&str, &str, [&str; 4])] = &[
    (
        "signal",
        "search=yes, ai-input=yes, ai-train=yes",
        ["", "", "", ""],
    ),
    (
        "signal",
        "ai-train=no",
        ["", "", "", "Content-Signal ai-train=no"],
    ),
    (
        "signal",
        "AI-Train = No",
        ["", "", "", "Content-Signal ai-train=no"],
    ),
    (
        "signal",
        "search=no;ai-input=no",
        [
            "",
            "Content-Signal search=no",
            "Content-Signal ai-input=no",
            "",
        ],
    ),
    (
        "signal",
        "search=yes,ai-train=perhaps",
        ["", "", "", "Content-Signal ai-train=no"],
    ),
    (
        "signal",
        "ai-train=yes, ai-train=no",
        ["", "", "", "Content-Signal ai-train=no"],
    ),
    ("signal", "use=full", ["", "", "", ""]),
    (
        "signal",
        "use=reference",
        [
            "",
            "",
            "Content-Signal use=reference",
            "Content-Signal use=reference",
        ],
    ),
    (
        "usage",
        "train-ai=n",
        ["", "", "", "Content-Usage train-ai=n"],
    ),
    (
        "usage",
        "train-ai=n;x=1, search=y",
        ["", "", "", "Content-Usage train-ai=n"],
    ),
    (
        "usage",
        "train-genai=n",
        ["", "", "", "Content-Usage train-ai=n"],
    ),
    (
        "usage",
        "train-ai=y, train-ai=n",
        ["", "", "", "Content-Usage train-ai=n"],
    ),
    ("usage", "ai-use=n", ["", "", "Content-Usage ai-use=n", ""]),
    ("usage", "search=n", ["", "Content-Usage search=n", "", ""]),
    (
        "usage",
        "bots=n",
        [
            "",
            "Content-Usage bots=n",
            "Content-Usage bots=n",
            "Content-Usage bots=n",
        ],
    ),
    (
        "usage",
        "bots=n, search=y",
        ["", "", "Content-Usage bots=n", "Content-Usage bots=n"],
    ),
    (
        "usage",
        "bots=n, search=y, search=n",
        [
            "",
            "Content-Usage bots=n",
            "Content-Usage bots=n",
            "Content-Usage bots=n",
        ],
    ),
    ("usage", "train-ai, search", ["", "", "", ""]),
    ("tdm", "0", ["", "", "", ""]),
    (
        "tdm",
        "1",
        [
            "",
            "tdm-reservation 1",
            "tdm-reservation 1",
            "tdm-reservation 1",
        ],
    ),
    (
        "tdm",
        "0, 1",
        [
            "",
            "tdm-reservation 1",
            "tdm-reservation 1",
            "tdm-reservation 1",
        ],
    ),
    (
        "tdm",
        "unread",
        [
            "",
            "tdmrep.json unread",
            "tdmrep.json unread",
            "tdmrep.json unread",
        ],
    ),
    ("robots", "index, follow, max-snippet:-1", ["", "", "", ""]),
    ("robots", "NOAI", ["", "", "noai", "noai"]),
    ("robots", "noimageai", ["", "", "", ""]),
    ("robots", "noindex", ["", "noindex", "noindex", ""]),
    ("robots", "none", ["", "noindex", "noindex", ""]),
    ("robots", "noarchive", ["", "", "noarchive", "noarchive"]),
    ("robots", "nosnippet", ["", "", "nosnippet", ""]),
    ("robots", "max-snippet: 0", ["", "", "nosnippet", ""]),
    (
        "robots",
        "unavailable_after: 25 Jun 2030 15:00:00 PST",
        ["", "", "", ""],
    ),
    (
        "robots",
        "newsprint: noindex",
        ["", "noindex", "noindex", ""],
    ),
    (
        "robots",
        "NewsPrint: noindex noai",
        ["", "noindex", "noai", "noai"],
    ),
    ("robots", "googlebot: noindex", ["", "", "", ""]),
    (
        "robots",
        "googlebot: nofollow, newsprint: noai",
        ["", "", "noai", "noai"],
    ),
    ("robots", "*: noai", ["", "", "noai", "noai"]),
    ("policy", "disallow", ["", "", "ai-policy", "ai-policy"]),
    ("policy", "https://a.test/policy", ["", "", "", ""]),
    ("policy", "allow", ["", "", "", ""]),
    ("policy", "noai", ["", "", "ai-policy", "ai-policy"]),
    (
        "rsl",
        "<https://a.test/l.xml> permits usage all",
        ["", "", "", ""],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> prohibits usage ai-train",
        ["", "", "", "RSL without ai-train"],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> prohibits usage ai-all",
        ["", "", "RSL without ai-input", "RSL without ai-train"],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> prohibits usage ai-index",
        ["", "", "RSL without ai-input", ""],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> permits usage search",
        ["", "", "RSL without ai-input", "RSL without ai-train"],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> prohibits usage all",
        ["RSL prohibits all"; 4],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> prohibits usage all | permits usage all",
        ["", "", "", ""],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> permits usage all, <inline> prohibits usage all",
        ["RSL prohibits all"; 4],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> payment attribution",
        ["", "", "", ""],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> permits usage all; payment crawl",
        [
            "",
            "RSL without search",
            "RSL without ai-input",
            "RSL without ai-train",
        ],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> permits user education",
        [
            "",
            "RSL without search",
            "RSL without ai-input",
            "RSL without ai-train",
        ],
    ),
    (
        "rsl",
        "<https://a.test/l.xml> unread",
        [
            "",
            "RSL licence unread",
            "RSL licence unread",
            "RSL licence unread",
        ],
    ),
    ("rsl", "junk > < ; |", ["", "", "", ""]),
];

#[test]
fn each_statement_binds_the_purposes_of_its_row() {
    for (field, value, expected) in CASES {
        assert_eq!(bound(&rights(field, value)), *expected, "{field}: {value}");
    }
    assert_eq!(bound(&Rights::default()), [""; 4]);
}

#[test]
fn a_page_that_addresses_another_crawler_does_not_mean_this_one() {
    let rights = rights("robots", "newsprint: noai");
    let other = Reader::new(Purpose::AiTrain, "daily-bot/2");
    assert_eq!(other.forbidden_by(&rights), None);
}

#[test]
fn a_reason_names_its_statement() {
    for row in STATEMENTS {
        let opt_out = OptOut {
            statement: row.statement,
            purpose: Purpose::AiTrain,
        };
        let reason = opt_out.to_string();
        assert_eq!(OptOut::statement_of(&reason), Some(row.name), "{reason}");
        assert!(!row.source.is_empty());
    }
    assert_eq!(
        OptOut::statement_of("blocked by robots.txt of a.test"),
        None
    );
}

#[test]
fn what_an_export_leaves_out_is_counted_by_statement() {
    let purposes = [Purpose::Search, Purpose::AiTrain, Purpose::Search];
    let mut required = Required::new(&purposes, "newsprint/1");
    assert!(required.allow(&Rights::default()));
    assert!(required.allow(&rights("signal", "ai-input=no")));
    assert!(!required.allow(&rights("signal", "ai-train=no")));
    assert!(!required.allow(&rights("robots", "noindex")));
    assert!(!required.allow(&rights("robots", "newsprint: noindex")));
    let expected = [(Statement::NoIndex, 2), (Statement::SignalTrain, 1)];
    assert_eq!(required.left_out(), expected);
    assert!(Required::default().allow(&rights("rsl", "<inline> prohibits usage all")));
}

/// `docs/rights.md` says of each statement what the program does.
#[test]
fn the_table_of_the_documentation_is_the_one_of_the_code() {
    let text = include_str!("../../docs/rights.md");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let documented: Vec<Vec<&str>> = cells.filter(|it| it.len() > 6).collect();
    assert_eq!(documented.len(), STATEMENTS.len());
    for (row, cells) in STATEMENTS.iter().zip(documented) {
        assert_eq!(cells[0].trim_end_matches('`'), row.name);
        for (purpose, cell) in Purpose::ALL.iter().zip(&cells[1..5]) {
            let binds = row.binds.contains(purpose);
            let expected = if binds { "binds" } else { "" };
            assert_eq!(*cell, expected, "{} for {}", row.name, purpose.name());
        }
        assert!(cells[5].contains(row.source), "{}: {}", row.name, cells[5]);
    }
}

#[test]
fn the_product_token_is_the_name_before_the_version() {
    assert_eq!(
        product_token("newsprint/0.1 (+https://example.org)"),
        "newsprint"
    );
    assert_eq!(product_token("My-News_bot"), "My-News_bot");
    assert_eq!(product_token("(anonymous)"), "");
}
