//! The messages for mistakes in a configuration, and the example at the root, which must state the
//! defaults.

mod schema;

use super::*;

fn diagnostics(text: &str) -> Vec<String> {
    match Config::parse(text, Path::new("config.toml")) {
        Ok(_) => Vec::new(),
        Err(ConfigError::Invalid(diagnostics)) => {
            diagnostics.iter().map(Diagnostic::to_string).collect()
        }
        Err(error) => panic!("{error}"),
    }
}

const SOURCE: &str = "[[source]]\nname = \"a\"\nstart = [\"https://example.org/\"]\n";

#[test]
#[allow(clippy::too_many_lines)] // It is a table.
fn every_mistake_is_named_with_its_place_and_its_fix() {
    for (text, expected) in [
        (
            "[crawl]\ntimeuot = \"20s\"\n",
            "config.toml:2:1: unknown key `timeuot`; did you mean `timeout`?",
        ),
        (
            "[crawl]\ntimeout = \"fast\"\n",
            "config.toml:2:11: `timeout` must be a duration",
        ),
        (
            "[crawl]\ntimeout = 20\n",
            "config.toml:2:11: `timeout` must be a duration with a unit, such as \"20s\"",
        ),
        (
            "[crawl]\nmax_body = \"big\"\n",
            "config.toml:2:12: `max_body` must be a size",
        ),
        (
            "[crawl]\nconcurrency = 0\n",
            "config.toml:2:15: `concurrency` must be at least 1",
        ),
        ("[crawl]\nrequests_per_second = 0\n", "must be more than 0"),
        (
            "[crawl]\nuser_agent = \"\"\n",
            "`user_agent` must begin with a name",
        ),
        (
            "[crawl]\nrefetch_articles = \"sometimes\"\n",
            "config.toml:2:20: `refetch_articles` must be a duration",
        ),
        ("[store]\nurl = \"mysql://x\"\n", "name a SQLite file"),
        (
            "[store]\nkeep_pages = \"always\"\n",
            "config.toml:2:14: `keep_pages` must be a duration",
        ),
        (
            "[crawl]\nrecheck = \"0s\"\n",
            "config.toml:2:11: `recheck` must be more than 0",
        ),
        (
            "[output]\nformat = \"pdf\"\n",
            "one of: text, markdown, jsonl",
        ),
        (
            "[output]\ninclude = [\"paragraf\"]\n",
            "did you mean `paragraph`?",
        ),
        (
            "[network]\nproxy = \"proxy:3128x\"\n",
            "`proxy` must be an address",
        ),
        (
            "[network.resolve]\n\"a\" = \"127.0.0.1:1\"\n",
            "has no port",
        ),
        (
            "[network.resolve]\n\"a:80\" = \"there\"\n",
            "is not an \"address:port\"",
        ),
        (
            "[[source]]\nstart = [\"https://example.org/\"]\n",
            "needs a `name`",
        ),
        (
            "[[source]]\nname = \"a\"\n",
            "config.toml:2:8: source `a` needs `start`, `feeds` or `sitemaps`",
        ),
        (
            "[[source]]\nname = \"a\"\nstart = [\"example.org\"]\n",
            "config.toml:3:10: `start`: \"example.org\" is not a full address; start with https://",
        ),
        (
            "[[source]]\nname = \"a\"\nfeeds = []\ninclude = [\"[\"]\n",
            "is not a valid glob",
        ),
        (
            "[[source]]\nname = \"a\"\nfeeds = []\ndiscover = [\"links\", \"magic\"]\n",
            "unknown discovery method `magic`",
        ),
        (
            "[[source]]\nname = \"a\"\nfeeds = []\n[source.select]\nstrip = [\"div[\"]\n",
            "config.toml:5:10: `strip`: \"div[\" is not a valid CSS selector",
        ),
        (
            "[[source]]\nname = \"a\"\nlanguage = \"english\"\n",
            "config.toml:3:12: unknown `language` \"english\"; did you mean `en`?",
        ),
        (
            "[[source]]\nname = \"a\"\nlanguage = \"kr\"\n",
            "did you mean `ko`?",
        ),
        ("[output]\nformat = \"JSON\"\n", "did you mean `jsonl`?"),
        (
            "[crawl]\nkeep_pages = \"7d\"\n",
            "config.toml:2:1: `keep_pages` does not belong here but in [store]",
        ),
        (
            "[crawl]\nmin_words = 60\n",
            "`min_words` does not belong here but in [[source]]",
        ),
        (
            "[[source]]\nname = \"a\"\nfeeds = []\nmin_words = \"60\"\n",
            "`min_words` must be a number, without quotes",
        ),
        (
            "[[source]]\nname = \"a\"\nfeeds = []\nmin_words = -5\n",
            "`min_words` must be a whole number, and not less than 0",
        ),
        (
            "[[source]]\nname = \"a\"\nfeeds = []\ntimezone = \"Berlin\"\n",
            "config.toml:4:12: unknown `timezone` \"Berlin\"; did you mean `Europe/Berlin`?",
        ),
        (
            "[[source]]\nname = \"a\"\nfeeds = []\ntimezone = \"Mars/Base\"\n",
            "expected one such as \"Europe/Berlin\" or \"UTC\"",
        ),
        (
            "[crawl]\nheaders = {}\n",
            "`headers` does not belong here but in [[source]]",
        ),
        ("[crawl\n", "config.toml:1:"),
    ] {
        let found = diagnostics(text);
        assert!(
            found.iter().any(|it| it.contains(expected)),
            "{text}: {found:#?}"
        );
    }
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_how_to_write_it() {
    for (text, expected) in [
        (
            "[[source]]\nstart = \"https://example.org/\"\n",
            "config.toml:2:9: `start` must be a list; write start = [\"https://example.org/\"]",
        ),
        (
            "[[source]]\nfeeds='https://example.org/?a=b'\n",
            "`feeds` must be a list; write feeds = ['https://example.org/?a=b']",
        ),
        (
            "source = [{ name = \"a\", exclude = \"/x/*\" }]\n",
            "`exclude` must be a list; write exclude = [\"/x/*\"]",
        ),
        (
            "crawl.recheck_max = 7\n",
            "`recheck_max` must be a duration with a unit, such as \"7s\", \"7m\", \"7h\" or \"7d\"",
        ),
        (
            "[store]\nkeep_pages = 30\n",
            "`keep_pages` must be a duration with a unit",
        ),
        (
            "[crawl]\nmax_body = 5000000\n",
            "`max_body` must be a size with a unit, such as \"5 MiB\" or \"5000000 B\"",
        ),
        (
            "[[source]]\nname = 7\n",
            "`name` must be a text; write name = \"7\"",
        ),
        (
            "[[source]]\nlanguage = [\"en\"]\n",
            "`language` must be one text, not a list",
        ),
        (
            "[crawl]\nrespect_robots = \"no\"\n",
            "`respect_robots` must be true or false",
        ),
        (
            "[crawl]\nconcurrency = \"8\"\n",
            "`concurrency` must be a number, without quotes",
        ),
        (
            "[crawl]\nretries = \"2\"\n",
            "`retries` must be a number, without quotes",
        ),
        (
            "[[source]]\nrequests_per_second = \"0.5\"\n",
            "`requests_per_second` must be a number, without quotes",
        ),
        ("[source]\nname = \"a\"\n", "write [[source]]"),
    ] {
        let found = diagnostics(text);
        assert!(
            found.iter().any(|it| it.contains(expected)),
            "{text}: {found:#?}"
        );
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_settings() {
    let text = "\u{feff}[crawl]\r\nretries = 7\r\n";
    assert_eq!(
        Config::parse(text, Path::new("x")).unwrap().crawl.retries,
        7
    );
}

#[test]
fn all_mistakes_are_named_at_once_in_the_order_of_the_file() {
    let text = format!("[crawl]\ntimeout = \"x\"\nmax_body = \"y\"\n{SOURCE}{SOURCE}");
    let lines: Vec<_> = diagnostics(&text)
        .iter()
        .map(|it| it.split(':').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(lines, ["2", "3", "8"]);
}

#[test]
fn an_empty_file_gives_the_defaults() {
    let config = Config::parse("", Path::new("x")).unwrap();
    assert_eq!(config, Config::default());
}

#[test]
fn what_is_written_is_what_is_used() {
    let text = "[crawl]\nmax_age = \"never\"\nrecheck = \"90s\"\n[output]\ndir = \"\"\n\
        [network]\nresolve = { \"Paper.example:80\" = \"127.0.0.1:8080\" }\n\
        [[source]]\nname = \"a\"\nfeeds = [\"https://example.org/feed\"]\ndiscover = [\"feeds\"]\nlanguage = \" de \"\n\
        timezone = \"europe/berlin\"\n";
    let config = Config::parse(text, Path::new("x")).unwrap();
    assert_eq!(config.crawl.max_age, None);
    assert_eq!(config.crawl.recheck, Duration::from_secs(90));
    assert_eq!(config.output.dir, None);
    let key = ("paper.example".to_owned(), 80);
    assert_eq!(
        config.network.resolve[&key],
        "127.0.0.1:8080".parse().unwrap()
    );
    let source = &config.sources[0];
    assert_eq!(
        source.discover,
        DiscoverSettings {
            feeds: true,
            sitemaps: false,
            links: false
        }
    );
    assert_eq!(source.language.as_deref(), Some("de"));
    let zone = source.timezone.as_ref().and_then(|it| it.iana_name());
    assert_eq!(zone, Some("Europe/Berlin"));
    assert_eq!(source.max_depth, 1);
}

/// The example states every key with its default, so leaving all of them out changes nothing.
#[test]
fn the_example_at_the_root_states_the_defaults() {
    let text = include_str!("../../config.toml");
    let config = Config::parse(text, Path::new("config.toml")).unwrap_or_else(|it| panic!("{it}"));
    let defaults = Config {
        sources: config.sources.clone(),
        ..Config::default()
    };
    assert_eq!(config, defaults);
    assert!(config.sources.len() >= 3);
    for key in [
        "user_agent",
        "concurrency",
        "requests_per_second",
        "respect_robots",
        "timeout",
        "max_body",
        "max_redirects",
        "retries",
        "recheck",
        "recheck_max",
        "host_wait",
        "max_age",
        "allow_private",
        "proxy",
        "resolve",
        "url",
        "keep_pages",
        "wait",
        "dir",
        "format",
        "include",
        "name",
        "start",
        "feeds",
        "sitemaps",
        "discover",
        "max_depth",
        "exclude",
        "language",
        "timezone",
        "min_words",
        "render",
        "article",
        "title",
        "authors",
        "published",
        "strip",
        "keep",
        "tests",
        "next_page",
        "description",
        "modified",
        "section",
        "valid_from",
        "valid_until",
    ] {
        let stated = |line: &str| {
            line.trim_start_matches(['#', ' '])
                .split('=')
                .next()
                .is_some_and(|it| it.trim() == key)
        };
        assert!(
            text.lines().any(stated),
            "`{key}` is missing from config.toml"
        );
    }
}
