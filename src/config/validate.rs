//! From the tables as written to settings that can be used. Every fault is collected, so that one
//! run shows them all.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use toml::Spanned;
use url::Url;

use crate::article::Role;
use crate::config::diagnose::{Faults, closest};
use crate::config::{
    Config, Crawl, Discover, Format, Health, Network, Output, Rules, Source, StoreSettings, raw,
    select, units,
};

type Text = Option<Spanned<String>>;
type Texts = Option<Vec<Spanned<String>>>;

pub(super) fn config(file: raw::File, faults: &mut Faults<'_>) -> Config {
    Config {
        crawl: crawl(file.crawl, faults),
        network: network(file.network, faults),
        store: store(file.store, faults),
        health: health(file.health, faults),
        output: output(file.output, faults),
        rules: rules(file.rules),
        sources: sources(file.source, faults),
    }
}

fn crawl(raw: raw::Crawl, faults: &mut Faults<'_>) -> Crawl {
    let default = Crawl::default();
    let mut crawl = Crawl {
        user_agent: user_agent(raw.user_agent, faults).unwrap_or(default.user_agent),
        concurrency: default.concurrency,
        requests_per_second: rate(raw.requests_per_second, faults)
            .unwrap_or(default.requests_per_second),
        respect_robots: raw.respect_robots.unwrap_or(default.respect_robots),
        timeout: duration("timeout", raw.timeout, faults).unwrap_or(default.timeout),
        max_body: size("max_body", raw.max_body, faults).unwrap_or(default.max_body),
        max_redirects: raw.max_redirects.unwrap_or(default.max_redirects),
        retries: raw.retries.unwrap_or(default.retries),
        recheck: duration("recheck", raw.recheck, faults).unwrap_or(default.recheck),
        recheck_max: duration("recheck_max", raw.recheck_max, faults)
            .unwrap_or(default.recheck_max),
        refetch_articles: None,
        max_age: None,
    };
    if let Some(given) = raw.concurrency {
        if *given.get_ref() == 0 {
            faults.push(given.span(), "`concurrency` must be at least 1".to_owned());
        }
        crawl.concurrency = given.into_inner();
    }
    crawl.refetch_articles =
        duration_or_never("refetch_articles", raw.refetch_articles, None, faults);
    crawl.max_age = duration_or_never("max_age", raw.max_age, default.max_age, faults);
    crawl
}

/// A duration, `"never"`, or what holds where nothing is given.
fn duration_or_never(
    key: &str,
    given: Text,
    default: Option<Duration>,
    faults: &mut Faults<'_>,
) -> Option<Duration> {
    match given {
        None => default,
        Some(given) if given.get_ref() == "never" => None,
        given => duration(key, given, faults),
    }
}

fn health(raw: raw::Health, faults: &mut Faults<'_>) -> Health {
    let default = Health::default();
    Health {
        window: duration("window", raw.window, faults).unwrap_or(default.window),
        fail: raw.fail.unwrap_or(default.fail),
    }
}

/// robots.txt matches a user agent by its leading letters, so it must have some.
fn user_agent(given: Text, faults: &mut Faults<'_>) -> Option<String> {
    let given = given?;
    let text = given.get_ref();
    let named = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if !named || !text.chars().all(|c| (' '..='~').contains(&c)) {
        let message = "`user_agent` must begin with a name in ASCII letters, such as \
                       \"mybot/1.0 (+https://example.org/mybot)\"";
        faults.push(given.span(), message.to_owned());
    }
    Some(given.into_inner())
}

fn rate(given: Option<Spanned<f64>>, faults: &mut Faults<'_>) -> Option<f64> {
    let given = given?;
    if !(given.get_ref().is_finite() && *given.get_ref() > 0.0) {
        let message =
            "`requests_per_second` must be more than 0, such as 0.5 for one in two seconds";
        faults.push(given.span(), message.to_owned());
    }
    Some(given.into_inner())
}

fn duration(key: &str, given: Text, faults: &mut Faults<'_>) -> Option<Duration> {
    let place = given.as_ref().map(Spanned::span);
    let read = duration_or_none(key, given, faults)?;
    if let (true, Some(place)) = (read.is_zero(), place) {
        faults.push(place, format!("`{key}` must be more than 0"));
    }
    Some(read)
}

/// A duration, of which `"0s"` is one.
fn duration_or_none(key: &str, given: Text, faults: &mut Faults<'_>) -> Option<Duration> {
    let given = given?;
    let read = units::duration(given.get_ref());
    if read.is_none() {
        let message = format!(
            "`{key}` must be a duration such as \"20s\", \"5m\", \"24h\" or \"30d\", not {:?}",
            given.get_ref()
        );
        faults.push(given.span(), message);
    }
    read
}

fn size(key: &str, given: Text, faults: &mut Faults<'_>) -> Option<u64> {
    let given = given?;
    let read = units::bytes(given.get_ref()).filter(|&it| it > 0);
    if read.is_none() {
        let message = format!(
            "`{key}` must be a size such as \"5 MiB\" or \"500 KB\", not {:?}",
            given.get_ref()
        );
        faults.push(given.span(), message);
    }
    read
}

fn network(raw: raw::Network, faults: &mut Faults<'_>) -> Network {
    Network {
        allow_private: raw.allow_private.unwrap_or_default(),
        proxy: raw.proxy.and_then(|given| proxy(&given, faults)),
        resolve: resolve(raw.resolve, faults),
    }
}

fn proxy(given: &Spanned<String>, faults: &mut Faults<'_>) -> Option<Url> {
    if given.get_ref().is_empty() {
        return None;
    }
    let url = Url::parse(given.get_ref()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h"));
    if url.is_none() {
        let message = "`proxy` must be an address such as \"http://proxy:3128\" or \
                       \"socks5://localhost:1080\", or \"\" for none";
        faults.push(given.span(), message.to_owned());
    }
    url
}

fn resolve(
    given: BTreeMap<Spanned<String>, Spanned<String>>,
    faults: &mut Faults<'_>,
) -> BTreeMap<(String, u16), SocketAddr> {
    let mut resolve = BTreeMap::new();
    for (key, value) in given {
        let pair = key.get_ref().rsplit_once(':');
        let pair =
            pair.and_then(|(host, port)| Some((host.to_ascii_lowercase(), port.parse().ok()?)));
        let address = value.get_ref().parse::<SocketAddr>().ok();
        match (pair, address) {
            (Some(pair), Some(address)) => {
                resolve.insert(pair, address);
            }
            (None, _) => faults.push(
                key.span(),
                format!(
                    "`resolve` names \"host:port\" = \"address:port\"; {:?} has no port",
                    key.get_ref()
                ),
            ),
            (_, None) => faults.push(
                value.span(),
                format!(
                    "{:?} is no \"address:port\", such as \"127.0.0.1:8080\"",
                    value.get_ref()
                ),
            ),
        }
    }
    resolve
}

fn store(raw: raw::Store, faults: &mut Faults<'_>) -> StoreSettings {
    let default = StoreSettings::default();
    StoreSettings {
        path: raw
            .url
            .and_then(|given| store_path(&given, faults))
            .unwrap_or(default.path),
        keep_pages: duration_or_none("keep_pages", raw.keep_pages, faults)
            .unwrap_or(default.keep_pages),
    }
}

fn store_path(given: &Spanned<String>, faults: &mut Faults<'_>) -> Option<PathBuf> {
    match given.get_ref().strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => Some(PathBuf::from(path)),
        _ => {
            let message = if given.get_ref().starts_with("postgres") {
                "this version keeps its store in SQLite only; write \"sqlite:newsprint.db\""
            } else {
                "`url` must name a SQLite file, such as \"sqlite:newsprint.db\""
            };
            faults.push(given.span(), message.to_owned());
            None
        }
    }
}

fn output(raw: raw::Output, faults: &mut Faults<'_>) -> Output {
    let default = Output::default();
    Output {
        dir: match raw.dir.map(Spanned::into_inner) {
            None => default.dir,
            Some(dir) => (!dir.is_empty()).then(|| PathBuf::from(dir)),
        },
        format: raw
            .format
            .and_then(|given| format(&given, faults))
            .unwrap_or(default.format),
        include: raw.include.map_or(default.include, |given| {
            given
                .iter()
                .filter_map(|role| self::role(role, faults))
                .collect()
        }),
    }
}

fn rules(raw: raw::Rules) -> Rules {
    let default = Rules::default();
    Rules {
        dir: match raw.dir.map(Spanned::into_inner) {
            None => default.dir,
            Some(dir) => (!dir.is_empty()).then(|| PathBuf::from(dir)),
        },
        tests: raw
            .tests
            .map_or(default.tests, |it| PathBuf::from(it.into_inner())),
        ..default
    }
}

fn format(given: &Spanned<String>, faults: &mut Faults<'_>) -> Option<Format> {
    let format = Format::from_name(given.get_ref());
    let format = format.filter(|it| matches!(it, Format::Text | Format::Markdown | Format::Jsonl));
    if format.is_none() {
        let message = format!(
            "`format` of the output files is one of text, markdown, jsonl, not {:?}",
            given.get_ref()
        );
        faults.push(given.span(), message);
    }
    format
}

fn role(given: &Spanned<String>, faults: &mut Faults<'_>) -> Option<Role> {
    let role = Role::from_name(given.get_ref());
    if role.is_none() {
        let names = Role::ALL.map(Role::name);
        faults.push(given.span(), not_one_of("role", given.get_ref(), &names));
    }
    role
}

fn not_one_of(what: &str, word: &str, known: &[&str]) -> String {
    match closest(word, known) {
        Some(meant) => format!("unknown {what} `{word}`; did you mean `{meant}`?"),
        None => format!("unknown {what} `{word}`; there are: {}", known.join(", ")),
    }
}

fn sources(raw: Vec<raw::Source>, faults: &mut Faults<'_>) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::with_capacity(raw.len());
    for given in raw {
        let place = given.name.as_ref().map_or(0..0, Spanned::span);
        let source = source(given, place.clone(), faults);
        if sources.iter().any(|known| known.name == source.name) && !source.name.is_empty() {
            let message = format!("there are two sources `{}`; names must differ", source.name);
            faults.push(place, message);
        }
        sources.push(source);
    }
    sources
}

fn source(raw: raw::Source, place: Range<usize>, faults: &mut Faults<'_>) -> Source {
    let name = raw.name.map(Spanned::into_inner).unwrap_or_default();
    if name.trim().is_empty() {
        faults.push(place.clone(), "each [[source]] needs a `name`".to_owned());
    }
    if raw.start.is_none() && raw.feeds.is_none() && raw.sitemaps.is_none() {
        let message =
            format!("source `{name}` needs `start`, `feeds` or `sitemaps`: a place to begin");
        faults.push(place, message);
    }
    Source {
        name,
        start: urls("start", raw.start, faults),
        feeds: urls("feeds", raw.feeds, faults),
        sitemaps: urls("sitemaps", raw.sitemaps, faults),
        discover: raw
            .discover
            .map_or_else(Discover::default, |given| discover(&given, faults)),
        max_depth: raw.max_depth.unwrap_or(1),
        include: globs("include", raw.include, faults),
        exclude: globs("exclude", raw.exclude, faults),
        requests_per_second: rate(raw.requests_per_second, faults),
        language: raw
            .language
            .map(Spanned::into_inner)
            .filter(|language| !language.is_empty()),
        select: select::sets(raw.select, faults),
    }
}

fn urls(key: &str, given: Texts, faults: &mut Faults<'_>) -> Vec<Url> {
    let mut urls = Vec::new();
    for text in given.unwrap_or_default() {
        match Url::parse(text.get_ref()) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => urls.push(url),
            _ => faults.push(
                text.span(),
                format!("`{key}`: {:?} is no web address; write it whole, such as \"https://example.org/\"", text.get_ref()),
            ),
        }
    }
    urls
}

fn discover(given: &[Spanned<String>], faults: &mut Faults<'_>) -> Discover {
    let mut discover = Discover {
        feeds: false,
        sitemaps: false,
        links: false,
    };
    for word in given {
        match word.get_ref().as_str() {
            "feeds" => discover.feeds = true,
            "sitemaps" => discover.sitemaps = true,
            "links" => discover.links = true,
            other => faults.push(
                word.span(),
                not_one_of("way to discover", other, &["feeds", "sitemaps", "links"]),
            ),
        }
    }
    discover
}

fn globs(key: &str, given: Texts, faults: &mut Faults<'_>) -> Vec<String> {
    let mut globs = Vec::new();
    for text in given.unwrap_or_default() {
        if let Err(error) = globset::Glob::new(text.get_ref()) {
            let message = format!("`{key}`: {:?} is no glob: {}", text.get_ref(), error.kind());
            faults.push(text.span(), message);
        }
        globs.push(text.into_inner());
    }
    globs
}
