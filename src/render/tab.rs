//! A tab for one page, in a browser context of its own, which ends with the connection. The context's proxy is a port
//! of this machine where nothing listens: whatever is not stopped and answered by us goes there, connections that the
//! browser opens beforehand and WebSockets included, and no name is looked up.

use serde_json::{Value, json};
use url::Url;

use crate::render::protocol::{Connection, Incoming};
use crate::render::{RenderError, endpoint, scripts};

/// The proxy that leads nowhere: the discard port (RFC 863)…
const NOWHERE: &str = "http://127.0.0.1:9";
/// …also for the names of this machine, which browsers except by themselves.
const NO_EXCEPTION: &str = "<-loopback>";

/// A tab.
#[derive(Debug)]
pub(super) struct Tab {
    connection: Connection,
    context: String,
    session: String,
    /// The number of its main frame.
    pub(super) frame: String,
}

impl Tab {
    /// Opens an empty tab in the browser at this address.
    pub(super) async fn open(address: &Url, user_agent: &str) -> Result<Tab, RenderError> {
        let mut connection = Connection::new(endpoint::connect(address).await?);
        let context = json!({
            "disposeOnDetach": true,
            "proxyServer": NOWHERE,
            "proxyBypassList": NO_EXCEPTION,
        });
        let context = connection
            .call(None, "Target.createBrowserContext", context)
            .await?;
        let context = text(&context, "browserContextId")?;
        let downloads = json!({"behavior": "deny", "browserContextId": context});
        connection
            .call(None, "Browser.setDownloadBehavior", downloads)
            .await?;
        let target = json!({"url": "about:blank", "browserContextId": context});
        let target = connection.call(None, "Target.createTarget", target).await?;
        let frame = text(&target, "targetId")?;
        let attach = json!({"targetId": frame, "flatten": true});
        let attached = connection
            .call(None, "Target.attachToTarget", attach)
            .await?;
        let session = text(&attached, "sessionId")?;
        let mut tab = Tab {
            connection,
            context,
            session,
            frame,
        };
        tab.lock(user_agent).await?;
        Ok(tab)
    }

    /// Has every request stopped before it is sent. What the page opens of its own accord (workers, frames in other
    /// processes) is held before it begins, and never let go.
    async fn lock(&mut self, user_agent: &str) -> Result<(), RenderError> {
        let patterns = json!({"patterns": [{"urlPattern": "*", "requestStage": "Request"}]});
        let held = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        for (command, params) in [
            ("Fetch.enable", patterns),
            ("Target.setAutoAttach", held),
            ("Page.enable", json!({})),
            (
                "Network.enable",
                json!({"maxTotalBufferSize": 0, "maxResourceBufferSize": 0}),
            ),
            ("Network.setBypassServiceWorker", json!({"bypass": true})),
            (
                "Emulation.setUserAgentOverride",
                json!({"userAgent": user_agent}),
            ),
            (
                "Page.addScriptToEvaluateOnNewDocument",
                json!({"source": scripts::LOCKED}),
            ),
        ] {
            self.call(command, params).await?;
        }
        Ok(())
    }

    /// Sends a command to the tab and waits for its result.
    pub(super) async fn call(
        &mut self,
        command: &'static str,
        params: Value,
    ) -> Result<Value, RenderError> {
        let session = Some(self.session.as_str());
        self.connection.call(session, command, params).await
    }

    /// Sends a command to the tab, and gives its number.
    pub(super) async fn send(
        &mut self,
        command: &'static str,
        params: Value,
    ) -> Result<u64, RenderError> {
        let session = Some(self.session.as_str());
        self.connection.send(session, command, params).await
    }

    /// What comes next from the browser. May be dropped at any time.
    pub(super) async fn next(&mut self) -> Result<Incoming, RenderError> {
        self.connection.next().await
    }

    /// True for the session of this tab, not of what its page has opened.
    pub(super) fn is_own(&self, session: Option<&str>) -> bool {
        session == Some(self.session.as_str())
    }

    /// Ends the tab and all that its page has opened.
    pub(super) async fn close(mut self) {
        let context = json!({"browserContextId": self.context});
        let _ = self
            .connection
            .call(None, "Target.disposeBrowserContext", context)
            .await;
        self.connection.close().await;
    }
}

/// A text of an answer.
pub(super) fn text(answer: &Value, key: &str) -> Result<String, RenderError> {
    let found = answer.get(key).and_then(Value::as_str);
    let missing = || RenderError::Malformed(format!("an answer without {key}"));
    found.map(str::to_owned).ok_or_else(missing)
}
