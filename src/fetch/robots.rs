//! robots.txt (RFC 9309). The matching is `robotxt`'s; a pass over the lines before it mends what
//! that crate reads more loosely than the RFC: a version after the product token in a `User-agent`
//! line (2.2.1), lines between two `User-agent` lines of one group (2.2.4), relative sitemaps.

use std::time::Duration;

use robotxt::Robots;
use url::Url;

/// A `Crawl-delay` is obeyed up to this; a longer one is a mistake or a way to say no.
const LONGEST_DELAY: Duration = Duration::from_secs(120);

/// What one host's robots.txt says to us.
#[derive(Debug, Clone)]
pub struct Rules {
    robots: Robots,
    delay: Option<Duration>,
    sitemaps: Vec<Url>,
}

impl Rules {
    /// Reads the file that was found at `url`.
    pub fn parse(text: &[u8], url: &Url, agent: &str) -> Rules {
        let text = String::from_utf8_lossy(text);
        let mended = mend(&text);
        let robots = Robots::parse(mended.as_bytes(), agent);
        let delay = robots.crawl_delay().map(|delay| delay.min(LONGEST_DELAY));
        Rules {
            delay,
            sitemaps: sitemaps(&text, url),
            robots,
        }
    }

    /// There is no file: everything is allowed (RFC 9309, 2.3.1.3).
    pub fn allow_all() -> Rules {
        Rules {
            robots: Robots::allow_all(),
            delay: None,
            sitemaps: Vec::new(),
        }
    }

    /// The file can't be had: nothing is allowed for now (RFC 9309, 2.3.1.4).
    pub fn disallow_all() -> Rules {
        Rules {
            robots: Robots::disallow_all(),
            delay: None,
            sitemaps: Vec::new(),
        }
    }

    /// True where we may ask for this address.
    pub fn allows(&self, url: &Url) -> bool {
        url.path() == "/robots.txt" || self.robots.is_url_allowed(url)
    }

    /// The `Crawl-delay` for us.
    pub fn delay(&self) -> Option<Duration> {
        self.delay
    }

    /// The sitemaps that the file names.
    pub fn sitemaps(&self) -> &[Url] {
        &self.sitemaps
    }
}

/// The product token of a user agent: its leading letters, `-` and `_` (RFC 9309, 2.2.1).
pub fn product_token(user_agent: &str) -> &str {
    let end = user_agent.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_')));
    &user_agent[..end.unwrap_or(user_agent.len())]
}

/// Cuts `User-agent` values to their token and moves what stands between two `User-agent` lines,
/// but is no rule, below them.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut held = String::new();
    let mut in_agents = false;
    for line in text.split(['\n', '\r']) {
        let content = line.split('#').next().unwrap_or_default().trim();
        let key = content
            .split(':')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match key.as_str() {
            "user-agent" | "user agent" | "useragent" => {
                let value = content
                    .split_once(':')
                    .map_or("", |(_, value)| value.trim());
                let token = if value.starts_with('*') {
                    "*"
                } else {
                    product_token(value)
                };
                out.push_str(&format!("User-agent: {token}\n"));
                in_agents = true;
            }
            "" => {}
            key if in_agents && !is_rule(key) => {
                held.push_str(content);
                held.push('\n');
            }
            _ => {
                out.push_str(&std::mem::take(&mut held));
                out.push_str(content);
                out.push('\n');
                in_agents = false;
            }
        }
    }
    out.push_str(&held);
    out
}

/// True for `allow`, `disallow` and their usual misspellings, which end a run of `User-agent` lines.
fn is_rule(key: &str) -> bool {
    key.contains("allow") || key.contains("alow") || key.contains("allaw")
}

fn sitemaps(text: &str, base: &Url) -> Vec<Url> {
    text.split(['\n', '\r'])
        .filter_map(|line| line.trim().split_once(':'))
        .filter(|(key, _)| key.trim().eq_ignore_ascii_case("sitemap"))
        .filter_map(|(_, value)| base.join(value.split(" #").next()?.trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .take(100)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        rules(robots).allows(
            &Url::parse("https://example.org")
                .unwrap()
                .join(path)
                .unwrap(),
        )
    }

    fn rules(robots: &str) -> Rules {
        let url = Url::parse("https://example.org/robots.txt").unwrap();
        Rules::parse(robots.as_bytes(), &url, "newsprint")
    }

    #[test]
    fn the_cases_of_the_rfc_and_of_common_practice() {
        let cases: &[(&str, &str, bool)] = &[
            ("", "/a", true),
            ("User-agent: *\nDisallow:", "/a", true),
            ("User-agent: *\nDisallow: /", "/a", false),
            ("user-AGENT: NewsPrint\ndisallow: /a", "/a", false),
            ("User-agent: other\nDisallow: /", "/a", true),
            ("User-agent: newsprinter\nDisallow: /", "/a", true),
            ("User-agent: newsprint/0.1\nDisallow: /a", "/a", false),
            (
                "User-agent: *\nDisallow: /\nUser-agent: newsprint\nAllow: /",
                "/a",
                true,
            ),
            (
                "User-agent: newsprint\nUser-agent: other\nDisallow: /a",
                "/a",
                false,
            ),
            (
                "User-agent: newsprint\nCrawl-delay: 2\nUser-agent: other\nDisallow: /a",
                "/a",
                false,
            ),
            (
                "User-agent: newsprint\nDisallow: /a\n\nUser-agent: newsprint\nDisallow: /b",
                "/b",
                false,
            ),
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
            ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", false),
            ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", true),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true),
            ("User-agent: *\nDisallow: /a*c", "/abbbc", false),
            ("User-agent: *\nDisallow: /A", "/a", true),
            ("User-agent: *\nDisallow: /a?b=", "/a?b=1", false),
            ("User-agent: *\nDisallow: /%7Ejoe", "/~joe/x", false),
            ("User-agent: *\nDisallow: /ä", "/%C3%A4/x", false),
            ("User-agent: *\nDisallow: /%c3%a4", "/%C3%A4/x", false),
            ("User-agent: *\nDisallow: /a # why", "/a", false),
            ("\u{FEFF}User-agent: *\nDisallow: /a", "/a", false),
            ("User-agent: *\r\nDisallow: /a\r\n", "/a", false),
            ("User-agent: *\rDisallow: /a\r", "/a", false),
            ("Disallow: /a", "/a", true),
            ("User-agent: *\nNoindex: /a\nDisallow: /b", "/a", true),
            ("<html><body>not found</body></html>", "/a", true),
            ("User-agent: *\nDisallow: /", "/robots.txt", true),
            ("User-agent: *\nSitemap: /s.xml\nDisallow: /a", "/a", false),
        ];
        for (robots, path, expected) in cases {
            assert_eq!(allows(robots, path), *expected, "{path} under {robots:?}");
        }
    }

    #[test]
    fn the_delay_is_read_and_bounded() {
        let delay = |robots| rules(robots).delay();
        assert_eq!(
            delay("User-agent: *\nCrawl-delay: 2.5"),
            Some(Duration::from_millis(2500))
        );
        assert_eq!(
            delay("User-agent: *\nCrawl-delay: 86400"),
            Some(LONGEST_DELAY)
        );
        assert_eq!(delay("User-agent: *\nCrawl-delay: soon"), None);
    }

    #[test]
    fn sitemaps_stand_anywhere_and_may_be_relative() {
        let found =
            rules("Sitemap: /a.xml\nUser-agent: *\nsitemap: https://cdn.example/b.xml # news");
        let found: Vec<_> = found.sitemaps().iter().map(Url::as_str).collect();
        assert_eq!(
            found,
            ["https://example.org/a.xml", "https://cdn.example/b.xml"]
        );
    }

    #[test]
    fn the_product_token_is_what_stands_before_the_version() {
        assert_eq!(
            product_token("newsprint/0.1 (+https://example.org)"),
            "newsprint"
        );
        assert_eq!(product_token("My_Bot-x 2"), "My_Bot-x");
    }
}
