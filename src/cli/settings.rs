//! From arguments to settings: a flag wins over the environment, the environment over the file, and the
//! file over the default.

use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use newsprint::article::{Role, RoleChoice};
use newsprint::config::{Config, ConfigError, Format, IdentitySettings};
use newsprint::extract::Options;
use newsprint::fetch::Subscription;
use newsprint::files;
use url::Url;

use super::args::{ArticleArgs, Common, CrawlArgs, With};
use super::exit::UsageError;
use super::formats::{self, is_folder};

/// The file that is read if none is named.
const DEFAULT_FILE: &str = "config.toml";

/// The configuration, for commands that work on its sources.
pub(crate) fn required(common: &Common) -> Result<Config> {
    let config = Config::load(file(common))?;
    if config.sources.is_empty() {
        return Err(UsageError(format!(
            "{} has no [[source]]; add one with a `name` and with `start`, `feeds` or `sitemaps`, as \
             `newsprint discover SITE` prints it",
            file(common).display()
        ))
        .into());
    }
    Ok(config)
}

/// The configuration of a crawl: the file's, overridden by flags.
pub(crate) fn crawl(args: &CrawlArgs, common: &Common) -> Result<Config> {
    let mut config = required(common)?;
    if let Some(format) = args.format {
        config.output.format = format;
    }
    if let Some(include) = &args.include {
        config.output.include = RoleChoice::apply(include, &config.output.include);
    }
    if let Some(dir) = &args.output {
        config.output.dir = Some(dir.clone());
    }
    config.check_contact(&args.sources)?;
    warn_of_open_key(&config.identity);
    Ok(config)
}

/// Reports a private key that every user of the machine may read.
fn warn_of_open_key(identity: &IdentitySettings) {
    let Some(key) = &identity.key else { return };
    if std::fs::metadata(key).is_ok_and(|data| files::is_open_to_others(&data)) {
        let key = key.display();
        tracing::warn!(
            "everyone on this machine may read the key {key}, and sign with it: chmod 600 {key}"
        );
    }
}

/// The names of these sources, or of all if none is named, in the file's order.
pub(crate) fn chosen(config: &Config, wanted: &[String]) -> Result<Vec<String>> {
    let names = names(config);
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(name)) {
        let known = names.join(", ");
        return Err(UsageError(format!(
            "there is no source `{unknown}` in the configuration; it has: {known}"
        ))
        .into());
    }
    let is_chosen = |name: &String| wanted.is_empty() || wanted.contains(name);
    Ok(names.into_iter().filter(is_chosen).collect())
}

/// The names of the sources, in the file's order.
pub(crate) fn names(config: &Config) -> Vec<String> {
    config.source_names()
}

/// The configuration, or the defaults if none was named and there is no `config.toml`.
pub(crate) fn optional(common: &Common) -> Result<Config, ConfigError> {
    if has_file(common) {
        Config::load(file(common))
    } else {
        Config::without_file()
    }
}

/// The headers and cookies of your own for these addresses: those of the sources that they belong to.
pub(crate) fn subscriptions(
    config: &Config,
    urls: &[Url],
) -> Result<Vec<Subscription>, ConfigError> {
    Subscription::for_urls(config, urls, Timestamp::now())
}

/// True if a configuration was named, or there is a `config.toml`.
pub(crate) fn has_file(common: &Common) -> bool {
    common.config.is_some() || Path::new(DEFAULT_FILE).exists()
}

/// The file of the configuration, which need not exist.
pub(crate) fn file(common: &Common) -> &Path {
    common.config.as_deref().unwrap_or(Path::new(DEFAULT_FILE))
}

/// What articles should contain.
pub(crate) fn extraction(article: &ArticleArgs, format: Format, include: &[Role]) -> Options {
    let mut options = Options::default();
    let choices = article.include.as_deref().unwrap_or_default();
    options.include = RoleChoice::apply(choices, include);
    options.markdown = format == Format::Markdown || article.with.contains(&With::Markdown);
    options.html = format == Format::Html || article.with.contains(&With::Html);
    options.images = article.with.contains(&With::Images);
    options.links = article.with.contains(&With::Links);
    options.blocks = article.with.contains(&With::Blocks);
    options.any_kind = article.any_kind;
    options
}

/// The format of the articles: what the arguments state, or else text for one page, JSON Lines for several and for
/// reports. `in_parts`: the output is a folder with one file for each archive.
pub(crate) fn format(
    article: &ArticleArgs,
    several: bool,
    in_parts: bool,
) -> Result<Format, UsageError> {
    let usual = if several || article.report {
        Format::Jsonl
    } else {
        Format::Text
    };
    let format = formats::chosen(article.format, article.output.as_deref(), usual)?;
    if article.report && format != Format::Jsonl {
        let message = "--report writes JSON Lines; use --format jsonl, and give --output a name that ends in .jsonl";
        return Err(UsageError(message.to_owned()));
    }
    if article.report && !in_parts && article.output.as_deref().is_some_and(is_folder) {
        let message = "--report writes one file; give --output the name of a file, not of a folder";
        return Err(UsageError(message.to_owned()));
    }
    Ok(format)
}
