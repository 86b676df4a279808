//! What the tools do.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{CallToolResult, ContentBlock, JsonObject};
use serde_json::{Value, json};

use super::archive::Archive;
use super::arguments::{
    self, ExtractHtml, FetchArticle, GetArticle, Slice, SourceHealth, TextFormat,
};
use super::catalogue;
use super::recent::{Key, Recent};
use super::untrusted::{self, NOTICE, Part, field};
use crate::article::{Article, Role};
use crate::client::Client;
use crate::config::Config;
use crate::crawl::Clock;
use crate::extract::Options;
use crate::page::SavedPage;
use crate::serve::reading::{self, short, web_address};
use crate::store::{StatusTimes, StoreError};

const DAY: i64 = 24 * 3600 * 1000;
/// Sources of one answer.
const SOURCES: usize = 25;
/// Failing addresses of a source, and items of a list of a record.
pub(super) const ITEMS: usize = 20;

/// A call that did not work out: one sentence for the model, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct ToolError(String);

impl ToolError {
    pub(super) fn new(message: impl Into<String>) -> ToolError {
        ToolError(message.into())
    }
}

impl From<StoreError> for ToolError {
    fn from(error: StoreError) -> ToolError {
        ToolError(error.to_string())
    }
}

/// The structured result of a call, and the same as text.
pub(super) struct Done {
    pub(super) structured: Value,
    pub(super) text: String,
}

pub(super) type Called = Result<Done, ToolError>;

/// What the tools work with.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    pub(super) client: Client,
    pub(super) archive: Archive,
    pub(super) recent: Arc<Recent>,
    pub(super) clock: Clock,
    pub(super) settings: Settings,
}

/// What the tools need of the configuration.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    sources: Vec<String>,
    health: Duration,
    include: Vec<Role>,
    max_body: usize,
}

impl Tools {
    /// The tools over an archive.
    pub(super) fn new(config: &Config, client: Client, archive: Archive) -> Tools {
        Tools {
            client,
            archive,
            recent: Arc::default(),
            clock: Clock::default(),
            settings: Settings {
                sources: config.source_names(),
                health: config.health.window,
                include: config.output.include.clone(),
                max_body: usize::try_from(config.crawl.max_body).unwrap_or(usize::MAX),
            },
        }
    }

    /// Calls a tool; nothing where there is none of that name.
    pub(super) async fn call(&self, name: &str, given: JsonObject) -> Option<CallToolResult> {
        let tool = catalogue::tool(name)?;
        let called = match (arguments::unknown(&tool, &given), name) {
            (Some(error), _) => Err(error),
            (None, "fetch_article") => self.fetch_article(given).await,
            (None, "extract_html") => self.extract_html(given).await,
            (None, "search_archive") => self.search_archive(given).await,
            (None, "get_article") => self.get_article(given).await,
            (None, "source_health") => self.source_health(given).await,
            _ => return None,
        };
        Some(match called {
            Ok(Done { structured, text }) => {
                let mut result = CallToolResult::structured(structured);
                result.content = vec![ContentBlock::text(text)];
                result
            }
            Err(error) => CallToolResult::error(vec![ContentBlock::text(error.to_string())]),
        })
    }

    async fn fetch_article(&self, given: JsonObject) -> Called {
        let wanted: FetchArticle = arguments::read(given)?;
        let url = web_address(&wanted.url).map_err(ToolError)?;
        let key = Key {
            url: url.to_string(),
            markdown: wanted.format == TextFormat::Markdown,
            any_kind: wanted.any_kind,
        };
        let known = self.recent.get(&key).filter(|_| wanted.slice.offset > 0);
        let article = match known {
            Some(article) => article,
            None => {
                let client = self
                    .client
                    .with_options(self.options(wanted.format, wanted.any_kind));
                let article = reading::article(client.fetch(&url).await);
                let article = article.map_err(|missing| {
                    ToolError(format!("{} ({})", missing.reason, missing.outcome.name()))
                })?;
                let article = Arc::new(article);
                self.recent.put(key, Arc::clone(&article));
                article
            }
        };
        article_part(&article, wanted.format, wanted.slice)
    }

    async fn extract_html(&self, given: JsonObject) -> Called {
        let wanted: ExtractHtml = arguments::read(given)?;
        let most = self.settings.max_body;
        if wanted.html.len() > most {
            let message = format!(
                "`html` has {} bytes, and {most} are read; send the part of the page that holds the article",
                wanted.html.len()
            );
            return Err(ToolError(message));
        }
        let url = wanted.url.as_deref().map(web_address).transpose();
        let page = SavedPage {
            url: url.map_err(ToolError)?,
            content_type: Some("text/html; charset=utf-8".to_owned()),
            bytes: wanted.html.into_bytes(),
            ..SavedPage::default()
        };
        let client = self
            .client
            .with_options(self.options(wanted.format, wanted.any_kind));
        let article = reading::article(client.extract(page).await);
        let article = article.map_err(|missing| ToolError(missing.reason))?;
        article_part(&article, wanted.format, wanted.slice)
    }

    async fn get_article(&self, given: JsonObject) -> Called {
        let wanted: GetArticle = arguments::read(given)?;
        let store = self.archive.store().await?;
        let revisions = store.revisions(&wanted.id).await?;
        let newest = revisions.last().ok_or_else(|| {
            let id = short(&wanted.id);
            ToolError(format!(
                "there is no article `{id}`; search_archive gives the ids of those there are"
            ))
        })?;
        let article = match wanted.revision {
            None => newest,
            Some(revision) => revisions
                .iter()
                .find(|it| it.revision == revision)
                .ok_or_else(|| {
                    let last = newest.revision;
                    ToolError(format!(
                        "there is no revision {revision}; the newest is {last}"
                    ))
                })?,
        };
        article_part(article, TextFormat::Text, wanted.slice)
    }

    async fn source_health(&self, given: JsonObject) -> Called {
        let wanted: SourceHealth = arguments::read(given)?;
        let all = &self.settings.sources;
        let store = self.archive.store().await?;
        let names = match &wanted.source {
            None => all.clone(),
            Some(name) if all.contains(name) => vec![name.clone()],
            Some(name) => {
                let (name, known) = (short(name), short_list(all));
                return Err(ToolError(format!(
                    "there is no source `{name}`; there are {known}"
                )));
            }
        };
        let begin = wanted.offset.min(names.len());
        let end = begin.saturating_add(SOURCES).min(names.len());
        let now = self.clock.now();
        let times = StatusTimes {
            since: now - DAY * i64::from(wanted.days.unwrap_or(7).clamp(1, 90)),
            health: self.settings.health,
            now,
        };
        let rows = store
            .status(names.get(begin..end).unwrap_or_default(), times)
            .await?;
        let sources: Vec<Value> = rows.iter().map(|row| bounded(row.object())).collect();
        let next = (end < names.len()).then_some(end);
        let lines: Vec<String> = sources.iter().map(ToString::to_string).collect();
        let mut text = untrusted::wrapped(&lines.join("\n"))?;
        let _ = write!(text, "\n{} of {} sources.", sources.len(), names.len());
        if let Some(next) = next {
            let _ = write!(text, " For more, call again with `offset`: {next}.");
        }
        let structured = json!({
            "notice": NOTICE,
            "total": names.len(),
            "next_offset": next,
            "untrusted": sources,
        });
        Ok(Done { structured, text })
    }

    fn options(&self, format: TextFormat, any_kind: bool) -> Options {
        let mut options = Options::default();
        options.include.clone_from(&self.settings.include);
        options.markdown = format == TextFormat::Markdown;
        options.any_kind = any_kind;
        options
    }
}

/// A part of an article's text, with what is known of the article.
fn article_part(article: &Article, format: TextFormat, slice: Slice) -> Called {
    let markdown = article.markdown.as_deref();
    let whole = markdown
        .filter(|_| format == TextFormat::Markdown)
        .unwrap_or(&article.text);
    let part = Part::of(whole, slice.offset, slice.most())?;
    let some = |text: &Option<String>| text.as_deref().map(field);
    let authors: Vec<String> = article
        .authors
        .iter()
        .take(ITEMS)
        .map(|it| field(it))
        .collect();
    let url = some(&article.canonical_url);
    let mut inner = String::new();
    for (name, value) in [
        ("Title", some(&article.title)),
        ("Authors", Some(authors.join(", "))),
        ("Published", some(&article.published)),
        ("Site", some(&article.site_name)),
        ("Address", url.clone()),
    ] {
        if let Some(value) = value.filter(|it| !it.is_empty()) {
            let _ = writeln!(inner, "{name}: {value}");
        }
    }
    let _ = write!(inner, "\n{}", part.text);
    let text = format!("{}\n{}", untrusted::wrapped(&inner)?, part.note());
    let structured = json!({
        "notice": NOTICE,
        "offset": part.offset,
        "next_offset": part.next,
        "total_characters": part.total,
        "untrusted": {
            "id": article.id,
            "url": url,
            "kind": article.kind,
            "source": some(&article.source),
            "site_name": some(&article.site_name),
            "title": some(&article.title),
            "description": some(&article.description),
            "authors": authors,
            "published": some(&article.published),
            "modified": some(&article.modified),
            "fetched_at": article.fetched_at,
            "section": some(&article.section),
            "language": some(&article.language),
            "access": article.access,
            "word_count": article.word_count,
            "quality": article.quality,
            "warnings": article.warnings,
            "revision": article.revision,
            "text": part.text,
        },
    });
    Ok(Done { structured, text })
}

/// The object with texts and lists of a bounded length.
fn bounded(mut object: Value) -> Value {
    match &mut object {
        Value::String(text) => *text = field(text),
        Value::Array(items) => {
            items.truncate(ITEMS);
            items.iter_mut().for_each(|it| *it = bounded(it.take()));
        }
        Value::Object(members) => members.values_mut().for_each(|it| *it = bounded(it.take())),
        _ => {}
    }
    object
}

fn short_list(names: &[String]) -> String {
    let listed: Vec<&str> = names.iter().take(ITEMS).map(String::as_str).collect();
    match names.len().checked_sub(ITEMS) {
        None | Some(0) => listed.join(", "),
        Some(more) => format!("{} and {more} more", listed.join(", ")),
    }
}
