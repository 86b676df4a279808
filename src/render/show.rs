//! One page in a tab: what it asks for is fetched or refused until it has loaded and nothing moves any more, or its
//! time is over; then it is read.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::fetch::{Expect, FetchError, Fetcher, Part, Request, Response};
use crate::render::cache::Cache;
use crate::render::protocol::{Answer, Event, Incoming, quoted};
use crate::render::tab::{Tab, text};
use crate::render::traffic::{self, Decision, Paused};
use crate::render::{Failed, RenderError, Rendered, scripts};

/// A page that has loaded and asks for nothing for so long has done its work.
const QUIET: Duration = Duration::from_millis(500);
/// How long a page may take to be read, once its scripts were ended.
const LAST_WORD: Duration = Duration::from_secs(5);
/// The name of the world in which our scripts run.
const WORLD: &str = "newsprint";

/// A page that is shown.
pub(super) struct Show<'a> {
    fetcher: &'a Fetcher,
    request: &'a Request,
    page: &'a Response,
    cache: &'a Cache,
    /// What is being fetched, by the number of the browser's request.
    fetching: JoinSet<Fetched>,
    asked: usize,
    bytes: usize,
    failed: Failed,
    is_open: bool,
    has_loaded: bool,
    /// When the page last asked for something or was given it.
    moved_at: Instant,
    step: Step,
}

/// What was fetched for a page.
struct Fetched {
    id: String,
    url: String,
    /// Another page may be given it too: nothing of the user's own was sent for it.
    is_shared: bool,
    part: Result<Arc<Part>, FetchError>,
}

/// Which answer of the browser is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// None: the page is at work.
    Work,
    /// That of the world in which our scripts run.
    World(u64),
    /// That the page's scripts have nothing to do.
    Idle(u64, i64),
    /// The page.
    Page(u64),
}

impl<'a> Show<'a> {
    pub(super) fn new(
        fetcher: &'a Fetcher,
        (request, page): (&'a Request, &'a Response),
        cache: &'a Cache,
    ) -> Show<'a> {
        Show {
            fetcher,
            request,
            page,
            cache,
            fetching: JoinSet::new(),
            asked: 0,
            bytes: 0,
            failed: Failed::default(),
            is_open: false,
            has_loaded: false,
            moved_at: Instant::now(),
            step: Step::Work,
        }
    }

    /// Shows the page in an empty tab, and reads it.
    pub(super) async fn run(mut self, tab: &mut Tab) -> Result<Rendered, RenderError> {
        let deadline = Instant::now() + self.fetcher.limits().render_time;
        let url = self.page.url.as_str();
        let opening = tab.send("Page.navigate", json!({"url": url})).await?;
        loop {
            let quiet_at = self.moved_at + QUIET;
            let may_end = self.has_loaded && self.fetching.is_empty() && self.step == Step::Work;
            tokio::select! {
                incoming = tab.next() => match incoming? {
                    Incoming::Event(event) => self.take_event(tab, event).await?,
                    Incoming::Answer(answer) if answer.id == opening => opened(answer)?,
                    Incoming::Answer(answer) => {
                        if let Some(page) = self.take_answer(tab, answer).await? {
                            return self.rendered(&page, false);
                        }
                    }
                },
                Some(fetched) = self.fetching.join_next() => {
                    if let Ok(fetched) = fetched {
                        self.give(tab, fetched).await?;
                    }
                }
                () = sleep_until(quiet_at), if may_end => {
                    let world = json!({"frameId": tab.frame, "worldName": WORLD});
                    self.step = Step::World(tab.send("Page.createIsolatedWorld", world).await?);
                }
                () = sleep_until(deadline) => return self.end(tab).await,
            }
        }
    }

    /// Reads a page whose time is over, whatever it is doing.
    async fn end(mut self, tab: &mut Tab) -> Result<Rendered, RenderError> {
        self.fetching.shutdown().await;
        let time = self.fetcher.limits().render_time;
        let read = async {
            tab.call("Runtime.terminateExecution", json!({})).await?;
            let world = json!({"frameId": tab.frame, "worldName": WORLD});
            let world = tab.call("Page.createIsolatedWorld", world).await?;
            let script = self.script();
            tab.call("Runtime.evaluate", evaluation(&script, context(&world)?))
                .await
        };
        match timeout(LAST_WORD, read).await {
            Ok(Ok(page)) => self.rendered(&page, true),
            Ok(Err(RenderError::Refused { .. })) | Err(_) => Err(RenderError::Busy(time)),
            Ok(Err(error)) => Err(error),
        }
    }

    async fn take_event(&mut self, tab: &mut Tab, event: Event) -> Result<(), RenderError> {
        if !tab.is_own(event.session.as_deref()) {
            // Of what the page has opened, and which is held.
            return Ok(());
        }
        match event.method.as_str() {
            "Fetch.requestPaused" => {
                let paused = serde_json::from_value(event.params);
                let malformed =
                    |error: serde_json::Error| RenderError::Malformed(quoted(&error.to_string()));
                self.decide(tab, paused.map_err(malformed)?).await?;
            }
            "Page.loadEventFired" => {
                self.has_loaded = true;
                self.moved_at = Instant::now();
            }
            "Page.javascriptDialogOpening" => {
                tab.send("Page.handleJavaScriptDialog", json!({"accept": false}))
                    .await?;
            }
            "Inspector.targetCrashed" | "Inspector.detached" => return Err(RenderError::Crashed),
            _ => {}
        }
        Ok(())
    }

    /// Answers a request of the page, or begins to fetch what it asks for.
    async fn decide(&mut self, tab: &mut Tab, paused: Paused) -> Result<(), RenderError> {
        let id = paused.request_id.as_str();
        let answer = match paused.decide(&tab.frame) {
            Decision::Fetch(url, expect) => {
                self.moved_at = Instant::now();
                if let Some(part) = self.cache.get(&self.page.url, &url) {
                    traffic::part(id, &part)
                } else if self.may_ask() {
                    self.failed.of += 1;
                    self.fetch(&paused, (url, expect));
                    return Ok(());
                } else {
                    self.failed.of += 1;
                    self.fail(url.as_str(), "the page has asked for too much");
                    traffic::refused(id)
                }
            }
            Decision::Document if !self.is_open => {
                self.is_open = true;
                let page = self.page;
                traffic::document(id, page.content_type.as_deref(), &page.body)
            }
            Decision::Document => traffic::nothing(id),
            Decision::Style => traffic::no_style(id),
            Decision::Preflight => paused.preflight(),
            Decision::Refuse => traffic::refused(id),
        };
        send(tab, answer).await
    }

    /// True while the page has not asked for too much.
    fn may_ask(&mut self) -> bool {
        let limits = self.fetcher.limits();
        self.asked += 1;
        self.asked <= limits.render_requests && self.bytes < limits.render_bytes
    }

    fn fetch(&mut self, paused: &Paused, (url, expect): (url::Url, Expect)) {
        let request = self.fetcher.of_page(self.request, url, expect);
        let request = request.with_origin(paused.origin());
        let (fetcher, id) = (self.fetcher.clone(), paused.request_id.clone());
        let url = paused.request.url.clone();
        let is_shared = !request.is_subscribed();
        self.fetching.spawn(async move {
            let part = fetcher.part(&request).await.map(Arc::new);
            Fetched {
                id,
                url,
                is_shared,
                part,
            }
        });
    }

    /// Gives the page what was fetched for it.
    async fn give(&mut self, tab: &mut Tab, fetched: Fetched) -> Result<(), RenderError> {
        self.moved_at = Instant::now();
        let Fetched {
            id,
            url,
            is_shared,
            part,
        } = fetched;
        let answer = match part {
            Ok(part) => {
                self.bytes += part.body.len();
                if let Some(url) = url.parse().ok().filter(|_| is_shared) {
                    self.cache.put(&self.page.url, &url, &part);
                }
                traffic::part(&id, &part)
            }
            Err(error) => {
                self.fail(&url, &error.kind.to_string());
                match error.status() {
                    Some(status) => traffic::status(&id, status),
                    None => traffic::refused(&id),
                }
            }
        };
        send(tab, answer).await
    }

    fn fail(&mut self, url: &str, reason: &str) {
        self.failed.count += 1;
        let first = &mut self.failed.first;
        first.get_or_insert_with(|| format!("{}: {reason}", quoted(url)));
    }

    /// Goes on with what an answer of the browser allows; the page, where that is it.
    async fn take_answer(
        &mut self,
        tab: &mut Tab,
        answer: Answer,
    ) -> Result<Option<Value>, RenderError> {
        let is_at_rest = self.fetching.is_empty() && self.moved_at + QUIET <= Instant::now();
        let (step, next) = match self.step {
            Step::World(id) if id == answer.id => {
                let context = answer.result.ok().and_then(|it| context(&it).ok());
                let Some(context) = context.filter(|_| is_at_rest) else {
                    self.work_on();
                    return Ok(None);
                };
                let idle = evaluation(scripts::IDLE, context);
                let id = tab.send("Runtime.evaluate", idle).await?;
                (Step::Idle(id, context), None)
            }
            Step::Idle(id, context) if id == answer.id => {
                if !is_at_rest || answer.result.is_err() {
                    self.work_on();
                    return Ok(None);
                }
                let read = evaluation(&self.script(), context);
                (Step::Page(tab.send("Runtime.evaluate", read).await?), None)
            }
            Step::Page(id) if id == answer.id => match answer.result {
                Ok(page) => (Step::Work, Some(page)),
                // The page went elsewhere meanwhile.
                Err(_) => {
                    self.work_on();
                    return Ok(None);
                }
            },
            step => (step, None),
        };
        self.step = step;
        Ok(next)
    }

    /// Waits for the page to be quiet once more.
    fn work_on(&mut self) {
        self.step = Step::Work;
        self.moved_at = Instant::now();
    }

    fn script(&self) -> String {
        scripts::read(self.fetcher.limits().nodes, self.fetcher.max_body())
    }

    fn rendered(&self, answer: &Value, is_late: bool) -> Result<Rendered, RenderError> {
        let value = answer.pointer("/result/value").unwrap_or(&Value::Null);
        Ok(Rendered {
            html: text(value, "html")?,
            is_cut: value.get("cut").and_then(Value::as_bool).unwrap_or(false),
            is_late,
            failed: self.failed.clone(),
        })
    }
}

/// Checks that the browser has opened the page.
fn opened(answer: Answer) -> Result<(), RenderError> {
    let result = answer.result.map_err(RenderError::NotOpened)?;
    match result.get("errorText").and_then(Value::as_str) {
        Some(error) => Err(RenderError::NotOpened(quoted(error))),
        None => Ok(()),
    }
}

/// A script of ours in its own world.
fn evaluation(script: &str, context: i64) -> Value {
    json!({"expression": script, "contextId": context, "awaitPromise": true, "returnByValue": true})
}

fn context(answer: &Value) -> Result<i64, RenderError> {
    let context = answer.get("executionContextId").and_then(Value::as_i64);
    context.ok_or_else(|| RenderError::Malformed("an answer without executionContextId".to_owned()))
}

/// Answers a request. That it was given up meanwhile is no error.
async fn send(tab: &mut Tab, answer: Value) -> Result<(), RenderError> {
    let command = match answer.get("errorReason") {
        Some(_) => "Fetch.failRequest",
        None => "Fetch.fulfillRequest",
    };
    tab.send(command, answer).await.map(drop)
}
