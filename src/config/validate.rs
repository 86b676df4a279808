//! Turns the tables as written into settings. Every problem is collected, so that one run shows them all.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;

use toml::Spanned;
use url::Url;

use crate::article::{Role, RoleChoice};
use crate::config::access::RawAccess;
use crate::config::diagnose::{Diagnostics, closest};
use crate::config::fallback::RawFallback;
use crate::config::values::{duration, duration_or_never, duration_or_none, size};
use crate::config::{
    Config, CrawlSettings, DiscoverSettings, Format, NetworkSettings, OutputSettings,
    RulesSettings, Source, StoreSettings, UserAgentPlace, access, browser, contact, health,
    identity, languages, raw, rights, select, timezones,
};
use crate::location::{StoreLocation, WorkerName};

type Texts = Option<Vec<Spanned<String>>>;

pub(super) fn config(mut file: raw::File, diagnostics: &mut Diagnostics<'_>) -> Config {
    let wanted = file.source.iter_mut().map(|it| it.fallback.take());
    let (wanted, tables) = (wanted.collect(), file.fallback);
    let mut config = Config {
        user_agent_at: UserAgentPlace::of(&file.crawl.user_agent, diagnostics),
        crawl: crawl(file.crawl, diagnostics),
        network: network(file.network, diagnostics),
        identity: identity::settings(file.identity, diagnostics),
        store: store(file.store, diagnostics),
        rights: rights::settings(file.rights, diagnostics),
        health: health::settings(file.health, diagnostics),
        output: output(file.output, diagnostics),
        rules: rules(file.rules),
        sources: sources(file.source, diagnostics),
    };
    RawFallback { tables, wanted }.settle(&mut config.sources, diagnostics);
    config
}

fn crawl(raw: raw::Crawl, diagnostics: &mut Diagnostics<'_>) -> CrawlSettings {
    let default = CrawlSettings::default();
    let mut crawl = CrawlSettings {
        user_agent: contact::user_agent(raw.user_agent, diagnostics).unwrap_or(default.user_agent),
        from: contact::from(raw.from, diagnostics),
        concurrency: default.concurrency,
        requests_per_second: rate(raw.requests_per_second, diagnostics)
            .unwrap_or(default.requests_per_second),
        respect_robots: raw.respect_robots.unwrap_or(default.respect_robots),
        timeout: duration("timeout", raw.timeout, diagnostics).unwrap_or(default.timeout),
        max_body: size("max_body", raw.max_body, diagnostics).unwrap_or(default.max_body),
        max_redirects: raw.max_redirects.unwrap_or(default.max_redirects),
        retries: raw.retries.unwrap_or(default.retries),
        recheck: duration("recheck", raw.recheck, diagnostics).unwrap_or(default.recheck),
        recheck_max: duration("recheck_max", raw.recheck_max, diagnostics)
            .unwrap_or(default.recheck_max),
        host_wait: duration("host_wait", raw.host_wait, diagnostics).unwrap_or(default.host_wait),
        refetch_articles: None,
        max_age: None,
    };
    if let Some(given) = raw.concurrency {
        if *given.get_ref() == 0 {
            diagnostics.push(given.span(), "`concurrency` must be at least 1".to_owned());
        }
        crawl.concurrency = given.into_inner();
    }
    crawl.refetch_articles =
        duration_or_never("refetch_articles", raw.refetch_articles, None, diagnostics);
    crawl.max_age = duration_or_never("max_age", raw.max_age, default.max_age, diagnostics);
    crawl
}

fn rate(given: Option<Spanned<f64>>, diagnostics: &mut Diagnostics<'_>) -> Option<f64> {
    let given = given?;
    if !(given.get_ref().is_finite() && *given.get_ref() > 0.0) {
        let message = "`requests_per_second` must be more than 0, such as 0.5 for one request every two seconds";
        diagnostics.push(given.span(), message.to_owned());
    }
    Some(given.into_inner())
}

fn network(raw: raw::Network, diagnostics: &mut Diagnostics<'_>) -> NetworkSettings {
    NetworkSettings {
        allow_private: raw.allow_private.unwrap_or_default(),
        proxy: raw.proxy.and_then(|given| proxy(&given, diagnostics)),
        resolve: resolve(raw.resolve, diagnostics),
    }
}

fn proxy(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    if given.get_ref().is_empty() {
        return None;
    }
    let url = Url::parse(given.get_ref()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h"));
    if url.is_none() {
        let message = "`proxy` must be an address such as \"http://proxy:3128\" or \
                       \"socks5://localhost:1080\", or \"\" for none";
        diagnostics.push(given.span(), message.to_owned());
    }
    url
}

fn resolve(
    given: BTreeMap<Spanned<String>, Spanned<String>>,
    diagnostics: &mut Diagnostics<'_>,
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
            (None, _) => diagnostics.push(
                key.span(),
                format!(
                    "`resolve` maps \"host:port\" to \"address:port\"; {:?} has no port",
                    key.get_ref()
                ),
            ),
            (_, None) => diagnostics.push(
                value.span(),
                format!(
                    "{:?} is not an \"address:port\" such as \"127.0.0.1:8080\"",
                    value.get_ref()
                ),
            ),
        }
    }
    resolve
}

fn store(raw: raw::Store, diagnostics: &mut Diagnostics<'_>) -> StoreSettings {
    let default = StoreSettings::default();
    let wait = duration_or_none("wait", raw.wait, diagnostics).unwrap_or(default.wait);
    StoreSettings {
        location: raw
            .url
            .and_then(|given| store_location(&given, diagnostics))
            .unwrap_or(default.location)
            .waiting(wait),
        wait,
        keep_pages: duration_or_none("keep_pages", raw.keep_pages, diagnostics)
            .unwrap_or(default.keep_pages),
        worker: raw.worker.and_then(|given| worker(&given, diagnostics)),
    }
}

fn worker(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<String> {
    match given.get_ref().as_str() {
        "" => None,
        name if WorkerName::is_valid(name) => Some(name.to_owned()),
        name => {
            let message = format!(
                "`worker` must be a short name of letters, digits, - and _, such as \"web-1\", not {name:?}: it stands \
                 in the names of files"
            );
            diagnostics.push(given.span(), message);
            None
        }
    }
}

fn store_location(
    given: &Spanned<String>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<StoreLocation> {
    match given.get_ref().parse() {
        Ok(location) => Some(location),
        Err(what) => {
            diagnostics.push(given.span(), format!("`url`: {what}"));
            None
        }
    }
}

fn output(raw: raw::Output, diagnostics: &mut Diagnostics<'_>) -> OutputSettings {
    let default = OutputSettings::default();
    OutputSettings {
        dir: match raw.dir.map(Spanned::into_inner) {
            None => default.dir,
            Some(dir) => (!dir.is_empty()).then(|| PathBuf::from(dir)),
        },
        format: raw
            .format
            .and_then(|given| format(&given, diagnostics))
            .unwrap_or(default.format),
        bom: raw.bom.unwrap_or(default.bom),
        include: raw.include.map_or(default.include, |given| {
            let choices = given
                .iter()
                .filter_map(|role| self::role(role, diagnostics));
            match choices.collect::<Vec<_>>() {
                choices if choices.is_empty() => Vec::new(),
                choices => RoleChoice::apply(&choices, &Role::DEFAULT),
            }
        }),
        warc: raw
            .warc
            .map(Spanned::into_inner)
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from),
        warc_size: size("warc_size", raw.warc_size, diagnostics).unwrap_or(default.warc_size),
    }
}

fn rules(raw: raw::Rules) -> RulesSettings {
    let default = RulesSettings::default();
    RulesSettings {
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

fn format(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<Format> {
    let name = given.get_ref().as_str();
    let format = Format::from_name(name).filter(|_| Format::FILES.contains(&name));
    if format.is_none() {
        let message = not_one_of("output format", name, &Format::FILES);
        diagnostics.push(given.span(), message);
    }
    format
}

fn role(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<RoleChoice> {
    let role = RoleChoice::from_name(given.get_ref());
    if role.is_none() {
        let names = Role::ALL.map(Role::name);
        diagnostics.push(given.span(), not_one_of("role", given.get_ref(), &names));
    }
    role
}

fn not_one_of(what: &str, word: &str, known: &[&str]) -> String {
    match closest(word, known) {
        Some(meant) => format!("unknown {what} `{word}`; did you mean `{meant}`?"),
        None => format!(
            "unknown {what} `{word}`; expected one of: {}",
            known.join(", ")
        ),
    }
}

fn sources(raw: Vec<raw::Source>, diagnostics: &mut Diagnostics<'_>) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::with_capacity(raw.len());
    for given in raw {
        let place = given.name.as_ref().map_or(0..0, Spanned::span);
        let source = source(given, place.clone(), diagnostics);
        if sources.iter().any(|known| known.name == source.name) && !source.name.is_empty() {
            let message = format!("there are two sources named `{}`; rename one", source.name);
            diagnostics.push(place, message);
        }
        sources.push(source);
    }
    sources
}

fn source(raw: raw::Source, place: Range<usize>, diagnostics: &mut Diagnostics<'_>) -> Source {
    let name = raw.name.map(Spanned::into_inner).unwrap_or_default();
    if name.trim().is_empty() {
        diagnostics.push(place.clone(), "each [[source]] needs a `name`".to_owned());
    }
    if raw.start.is_none() && raw.feeds.is_none() && raw.sitemaps.is_none() {
        let message = format!("source `{name}` needs `start`, `feeds` or `sitemaps`");
        diagnostics.push(place, message);
    }
    Source {
        name,
        start: urls("start", raw.start, diagnostics),
        feeds: urls("feeds", raw.feeds, diagnostics),
        sitemaps: urls("sitemaps", raw.sitemaps, diagnostics),
        discover: raw
            .discover
            .map_or_else(DiscoverSettings::default, |given| {
                discover(&given, diagnostics)
            }),
        max_depth: raw.max_depth.unwrap_or(1),
        include: globs("include", raw.include, diagnostics),
        exclude: globs("exclude", raw.exclude, diagnostics),
        requests_per_second: rate(raw.requests_per_second, diagnostics),
        language: raw
            .language
            .filter(|given| !given.get_ref().is_empty())
            .map(|given| languages::language(given, diagnostics)),
        timezone: raw
            .timezone
            .filter(|given| !given.get_ref().is_empty())
            .and_then(|given| timezones::timezone(&given, diagnostics)),
        min_words: raw.min_words,
        fallback: Vec::new(),
        access: access::settings(
            RawAccess {
                headers: raw.headers,
                cookies: raw.cookies,
                cookie_jar: raw.cookie_jar,
            },
            diagnostics,
        ),
        render: browser::browser(raw.render, diagnostics),
        select: select::sets(raw.select, diagnostics),
    }
}

fn urls(key: &str, given: Texts, diagnostics: &mut Diagnostics<'_>) -> Vec<Url> {
    let mut urls = Vec::new();
    for text in given.unwrap_or_default() {
        match Url::parse(text.get_ref()) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => urls.push(url),
            _ => diagnostics.push(
                text.span(),
                format!(
                    "`{key}`: {:?} is not a full address; start with https://",
                    text.get_ref()
                ),
            ),
        }
    }
    urls
}

fn discover(given: &[Spanned<String>], diagnostics: &mut Diagnostics<'_>) -> DiscoverSettings {
    let mut discover = DiscoverSettings {
        feeds: false,
        sitemaps: false,
        links: false,
    };
    for word in given {
        match word.get_ref().as_str() {
            "feeds" => discover.feeds = true,
            "sitemaps" => discover.sitemaps = true,
            "links" => discover.links = true,
            other => diagnostics.push(
                word.span(),
                not_one_of("discovery method", other, &["feeds", "sitemaps", "links"]),
            ),
        }
    }
    discover
}

fn globs(key: &str, given: Texts, diagnostics: &mut Diagnostics<'_>) -> Vec<String> {
    let mut globs = Vec::new();
    for text in given.unwrap_or_default() {
        if let Err(error) = globset::Glob::new(text.get_ref()) {
            let message = format!(
                "`{key}`: {:?} is not a valid glob: {}",
                text.get_ref(),
                error.kind()
            );
            diagnostics.push(text.span(), message);
        }
        globs.push(text.into_inner());
    }
    globs
}
