//! Imports site-config files of Full-Text RSS, which are in the public domain: `key: value` lines, mostly
//! XPath. Lines with an equivalent become rules for the host; every other line is reported with a
//! reason.

use url::Host;

use crate::page::text::is_invisible;
use crate::rulebook::xpath::to_css;
use crate::selectors::SelectorKey;

/// A converted file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// The host that the file is named after.
    pub host: String,
    /// Selectors, in the order in which they are tried.
    pub selectors: Vec<(SelectorKey, String)>,
    /// The addresses of test pages named in the file.
    pub test_urls: Vec<String>,
    /// Lines that could not be converted, with reasons.
    pub left_out: Vec<LeftOut>,
}

/// A line that could not be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// From 1.
    pub line: usize,
    /// As written.
    pub text: String,
    /// Why.
    pub reason: String,
    /// True if nothing is lost, because newsprint does what the line asks for anyway.
    pub needless: bool,
}

/// Keys for things that newsprint does anyway or does not need.
const NEEDLESS: [(&str, &str); 9] = [
    ("tidy", "pages are parsed as browsers parse them"),
    ("prune", "every block is scored anyway"),
    ("parser", "there is one parser"),
    (
        "convert_double_br_tags",
        "double line breaks separate paragraphs anyway",
    ),
    (
        "autodetect_on_failure",
        "the general extraction is the fallback anyway",
    ),
    (
        "autodetect_next_page",
        "`next_page` is followed if it is given",
    ),
    ("insert_detected_image", "the lead image is a field"),
    (
        "skip_json_ld",
        "JSON-LD is used for fields only, never for the text",
    ),
    (
        "test_contains",
        "write a case for `newsprint rules test` with `must`",
    ),
];

/// Keys without an equivalent.
const UNSUPPORTED: [(&str, &str); 12] = [
    (
        "single_page_link",
        "pages are joined by `next_page`; other addresses of an article are not used",
    ),
    (
        "single_page_link_in_feed",
        "pages are joined by `next_page`",
    ),
    ("find_string", "the page's text cannot be rewritten"),
    ("replace_string", "the page's text cannot be rewritten"),
    ("http_header", "all requests use the same headers"),
    ("native_ad_clue", "sponsored pages are not marked"),
    (
        "if_page_contains",
        "rules apply to all pages of their period",
    ),
    ("wrap_in", "the page cannot be rewritten"),
    ("src_lazy_load_attr", "images are not part of the text"),
    ("footnotes", "footnotes are scored like all blocks"),
    ("requires_login", "pages are fetched without an account"),
    ("login_uri", "pages are fetched without an account"),
];

/// The host that a file is named after, as addresses have it; `None` where the name is none.
pub fn host(name: &str) -> Option<String> {
    let stem = name.strip_suffix(".txt").unwrap_or(name);
    let Ok(Host::Domain(host)) = Host::parse(stem.trim_start_matches('.')) else {
        return None;
    };
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let is_label = |label: &str| {
        let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        !label.is_empty() && label.chars().all(is_known)
    };
    host.split('.').all(is_label).then(|| host.to_owned())
}

/// Reads a file; `name` is its file name, such as `example.org.txt`. Where that names no [`host`], the rules are for
/// none, and their host is empty.
pub fn read(name: &str, text: &str) -> Converted {
    let mut converted = Converted {
        host: host(name).unwrap_or_default(),
        ..Converted::default()
    };
    for (number, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Err((reason, needless)) = converted.take(line) {
            converted.left_out.push(LeftOut {
                line: number + 1,
                text: line.to_owned(),
                reason,
                needless,
            });
        }
    }
    converted
}

impl Converted {
    fn take(&mut self, line: &str) -> Result<(), (String, bool)> {
        // Such a character would end a line of the rules or a string of CSS, or hide what it says.
        let is_hidden = |c: char| is_invisible(c) || c.is_control() && c != '\t';
        if line.contains(is_hidden) || line.contains(['\u{2028}', '\u{2029}']) {
            return Err((
                "the line has characters that are not shown".to_owned(),
                false,
            ));
        }
        let (key, value) = line
            .split_once(':')
            .ok_or(("not a `key: value` line".to_owned(), false))?;
        // `replace_string(before): after`
        let key = key
            .split('(')
            .next()
            .unwrap_or(key)
            .trim()
            .to_ascii_lowercase();
        let value = value.trim();
        let lost = |reason: String| (reason, false);
        match key.as_str() {
            "body" => self.path(SelectorKey::Article, value).map_err(lost),
            "title" => self.path(SelectorKey::Title, value).map_err(lost),
            "author" => self.path(SelectorKey::Authors, value).map_err(lost),
            "date" => self.path(SelectorKey::Published, value).map_err(lost),
            "next_page_link" => self.path(SelectorKey::NextPage, value).map_err(lost),
            "strip" => self.path(SelectorKey::Strip, value).map_err(lost),
            "strip_id_or_class" => {
                let name = quoted(value).ok_or(lost("the value is empty".to_owned()))?;
                self.add(SelectorKey::Strip, format!("[class*={name}]"));
                self.add(SelectorKey::Strip, format!("[id*={name}]"));
                Ok(())
            }
            "strip_image_src" => {
                let name = quoted(value).ok_or(lost("the value is empty".to_owned()))?;
                self.add(SelectorKey::Strip, format!("img[src*={name}]"));
                Ok(())
            }
            "test_url" => {
                self.test_urls.push(value.to_owned());
                Ok(())
            }
            other => Err(unsupported(other)),
        }
    }

    fn path(&mut self, key: SelectorKey, value: &str) -> Result<(), String> {
        for css in to_css(
            value,
            key != SelectorKey::Strip && key != SelectorKey::Authors,
        )? {
            self.add(key, css);
        }
        Ok(())
    }

    fn add(&mut self, key: SelectorKey, css: String) {
        if !self.selectors.contains(&(key, css.clone())) {
            self.selectors.push((key, css));
        }
    }

    /// The rules as a file of `[rules] dir`.
    pub fn to_toml(&self) -> String {
        let mut out = format!(
            "# Rules for {}, converted from a site config of Full-Text RSS.\n",
            self.host
        );
        for url in &self.test_urls {
            out.push_str(&format!("# To try it on: {url}\n"));
        }
        out.push_str("\n[select]\n");
        for key in SelectorKey::ALL {
            let of_key = self.selectors.iter().filter(|(it, _)| *it == key);
            let listed: Vec<String> = of_key
                .map(|(_, css)| toml::Value::from(css.as_str()).to_string())
                .collect();
            match listed.as_slice() {
                [] => {}
                [one] => out.push_str(&format!("{} = {one}\n", key.name())),
                several => {
                    let lines = several.join(",\n    ");
                    out.push_str(&format!("{} = [\n    {lines},\n]\n", key.name()));
                }
            }
        }
        out
    }
}

fn unsupported(key: &str) -> (String, bool) {
    let find = |table: &[(&str, &str)]| {
        let found = table.iter().find(|(known, _)| *known == key);
        found.map(|(_, reason)| (*reason).to_owned())
    };
    if let Some(reason) = find(&NEEDLESS) {
        return (reason, true);
    }
    let unknown = || format!("unknown key `{key}`");
    (find(&UNSUPPORTED).unwrap_or_else(unknown), false)
}

/// A substring for an attribute selector. Full-Text RSS ignores quotes, too.
fn quoted(value: &str) -> Option<String> {
    let plain = value.replace(['"', '\''], "");
    (!plain.is_empty()).then(|| format!("\"{}\"", plain.replace('\\', "\\\\")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An example made for this test.
    const CONFIG: &str = "# The Harbour Post
title: //h1[@class='head']
body: //div[@id='story']
body: (//article)[1]
author: //p[@class='by']/a
date: //meta[@name='date']/@content

strip: //div[contains(@class, 'promo')] | //aside
strip: //p[contains(text(), 'Read more')]
strip_id_or_class: newsletter
strip_image_src: /pixel.gif
next_page_link: //a[@rel='next']/@href
single_page_link: //a[@class='print']
replace_string(<b>): <strong>
tidy: no
nonsense
test_url: http://harbour-post.example/a
";

    #[test]
    fn lines_with_an_equivalent_become_rules_and_the_rest_are_reported() {
        let converted = read("www.harbour-post.example.txt", CONFIG);
        assert_eq!(converted.host, "harbour-post.example");
        let expected = "# Rules for harbour-post.example, converted from a site config of Full-Text RSS.\n\
            # To try it on: http://harbour-post.example/a\n\n[select]\n\
            article = [\n    \"div#story\",\n    \"article\",\n]\n\
            strip = [\n    'div[class*=\"promo\"]',\n    \"aside\",\n    '[class*=\"newsletter\"]',\n    \
            '[id*=\"newsletter\"]',\n    'img[src*=\"/pixel.gif\"]',\n]\n\
            next_page = 'a[rel=\"next\"][href]'\n\
            title = 'h1[class=\"head\"]'\n\
            authors = 'p[class=\"by\"] > a'\n\
            published = 'meta[name=\"date\"][content]'\n";
        assert_eq!(converted.to_toml(), expected);
        let left: Vec<(usize, bool)> = converted
            .left_out
            .iter()
            .map(|it| (it.line, it.needless))
            .collect();
        assert_eq!(
            left,
            [
                (9, false),
                (13, false),
                (14, false),
                (15, true),
                (16, false)
            ]
        );
        assert!(converted.left_out[0].reason.contains("not text"));
    }

    #[test]
    fn a_file_that_names_no_host_gives_no_line_to_the_rules() {
        for name in [
            "harbour.example\n[select]\nstrip = [\"p\"]\n#.txt",
            "harbour.example\r# .txt",
            "harbour\0.example.txt",
            "..\\up.txt",
            "../up.txt",
            "...txt",
            "..txt",
            ".txt",
            "a..b.txt",
            "[::1].txt",
            "127.0.0.1.txt",
            "a b.txt",
            "a\u{2028}b.txt",
            "a\u{202e}b.txt",
            "a%0ab.example.txt",
        ] {
            assert_eq!(host(name), None, "{name:?}");
            let toml = read(name, "body: //article\n").to_toml();
            assert_eq!(toml.matches("\n[select]").count(), 1, "{toml}");
            assert!(toml.starts_with("# Rules for , converted"), "{toml}");
        }
        for (name, expected) in [
            ("www.harbour-post.example.txt", "harbour-post.example"),
            (".harbour_post.example.txt", "harbour_post.example"),
            ("MÜLLER.example.txt", "xn--mller-kva.example"),
            ("global.txt", "global"),
        ] {
            assert_eq!(host(name).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn no_line_of_a_file_ends_a_line_of_the_rules() {
        for line in [
            "test_url: http://a.example/\r[select]\rstrip = \"p\"",
            "test_url: http://a.example/\u{85}\u{202e}x",
            "strip_id_or_class: a\u{c}b",
            "strip_image_src: a\u{2028}b",
            "body: //div[@id='a\rb']",
        ] {
            let converted = read("a.example.txt", &format!("title: //h1\n{line}\n"));
            assert_eq!(converted.left_out.len(), 1, "{line:?}");
            let expected = read("a.example.txt", "title: //h1\n").to_toml();
            assert_eq!(converted.to_toml(), expected, "{line:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back_as_rules() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("harbour-post.example.toml");
        std::fs::write(&path, read("harbour-post.example.txt", CONFIG).to_toml()).unwrap();
        let text = format!("[rules]\ndir = {:?}\n", dir.path());
        let config = dir.path().join("config");
        std::fs::write(&config, text).unwrap();
        let config = crate::config::Config::load(&config).unwrap();
        assert_eq!(
            config.rules.hosts["harbour-post.example"][0]
                .selectors
                .len(),
            11
        );
    }
}
