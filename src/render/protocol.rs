//! The DevTools protocol: commands with numbers, their answers, and events, as JSON over a WebSocket.

use std::collections::VecDeque;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::render::RenderError;

/// Events that may come before the answer of a command that is waited for.
const EARLY: usize = 1_000;
/// Characters of what the browser says that a reason quotes.
const QUOTED: usize = 200;

/// What the browser sends.
#[derive(Debug)]
pub(super) enum Incoming {
    /// The answer of a command.
    Answer(Answer),
    /// Something happened.
    Event(Event),
}

/// The answer of a command: its result, or why it was refused.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) id: u64,
    pub(super) result: Result<Value, String>,
}

/// Something that happened in a session.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) method: String,
    pub(super) session: Option<String>,
    pub(super) params: Value,
}

/// A message as it is sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: Option<u64>,
    method: Option<String>,
    session_id: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<WireError>,
}

#[derive(Debug, Deserialize)]
struct WireError {
    #[serde(default)]
    message: String,
}

/// A connection to a browser.
#[derive(Debug)]
pub(super) struct Connection {
    socket: WebSocketStream<TcpStream>,
    last: u64,
    early: VecDeque<Event>,
}

impl Connection {
    pub(super) fn new(socket: WebSocketStream<TcpStream>) -> Connection {
        Connection {
            socket,
            last: 0,
            early: VecDeque::new(),
        }
    }

    /// Sends a command, and gives its number.
    pub(super) async fn send(
        &mut self,
        session: Option<&str>,
        command: &'static str,
        params: Value,
    ) -> Result<u64, RenderError> {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": command, "params": params});
        if let (Some(session), Some(message)) = (session, message.as_object_mut()) {
            message.insert("sessionId".to_owned(), session.into());
        }
        let sent = self.socket.send(Message::text(message.to_string())).await;
        sent.map_err(|_| RenderError::Closed)?;
        Ok(self.last)
    }

    /// Sends a command and waits for its result. Events that come before are kept.
    pub(super) async fn call(
        &mut self,
        session: Option<&str>,
        command: &'static str,
        params: Value,
    ) -> Result<Value, RenderError> {
        let id = self.send(session, command, params).await?;
        loop {
            match self.receive().await? {
                Incoming::Answer(answer) if answer.id == id => {
                    return answer
                        .result
                        .map_err(|reason| RenderError::Refused { command, reason });
                }
                Incoming::Answer(_) => {}
                Incoming::Event(event) if self.early.len() < EARLY => self.early.push_back(event),
                Incoming::Event(_) => return Err(malformed("events without end")),
            }
        }
    }

    /// The next message. May be dropped at any time without losing one.
    pub(super) async fn next(&mut self) -> Result<Incoming, RenderError> {
        match self.early.pop_front() {
            Some(event) => Ok(Incoming::Event(event)),
            None => self.receive().await,
        }
    }

    async fn receive(&mut self) -> Result<Incoming, RenderError> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return incoming(text.as_str()),
                Some(Ok(Message::Binary(_))) => return Err(malformed("bytes")),
                Some(Ok(Message::Close(_))) | None => return Err(RenderError::Closed),
                // Pings are answered by the library.
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    use tokio_tungstenite::tungstenite::Error;
                    return Err(match error {
                        Error::ConnectionClosed | Error::AlreadyClosed | Error::Io(_) => {
                            RenderError::Closed
                        }
                        Error::Protocol(it) if it.to_string().contains("closing handshake") => {
                            RenderError::Closed
                        }
                        error => malformed(&error.to_string()),
                    });
                }
            }
        }
    }

    /// Ends the connection.
    pub(super) async fn close(mut self) {
        let _ = self.socket.close(None).await;
    }
}

/// Reads a message.
fn incoming(text: &str) -> Result<Incoming, RenderError> {
    let wire: Wire = serde_json::from_str(text).map_err(|error| malformed(&error.to_string()))?;
    match (wire.id, wire.method) {
        (Some(id), None) => Ok(Incoming::Answer(Answer {
            id,
            result: match wire.error {
                Some(error) => Err(quoted(&error.message)),
                None => Ok(wire.result),
            },
        })),
        (None, Some(method)) => Ok(Incoming::Event(Event {
            method,
            session: wire.session_id,
            params: wire.params,
        })),
        _ => Err(malformed("neither an answer nor an event")),
    }
}

fn malformed(what: &str) -> RenderError {
    RenderError::Malformed(quoted(what))
}

/// The start of what the browser says, fit for a line.
pub(super) fn quoted(text: &str) -> String {
    let chars = text
        .chars()
        .map(|it| if it.is_control() { ' ' } else { it });
    chars.take(QUOTED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_answers_or_events() {
        let answer = incoming(r#"{"id": 3, "result": {"a": 1}, "sessionId": "S"}"#).unwrap();
        assert!(matches!(
            answer,
            Incoming::Answer(Answer {
                id: 3,
                result: Ok(_)
            })
        ));
        let refused =
            incoming(r#"{"id": 4, "error": {"code": -1, "message": "no\u0007"}}"#).unwrap();
        let Incoming::Answer(Answer {
            result: Err(reason),
            ..
        }) = refused
        else {
            unreachable!("{refused:?}");
        };
        assert_eq!(reason, "no ");
        let event = incoming(r#"{"method": "Page.loadEventFired", "params": {}}"#).unwrap();
        assert!(matches!(event, Incoming::Event(_)));
    }

    #[test]
    fn what_is_malformed_is_an_error() {
        let deep = format!(
            "{{\"id\": 1, \"result\": {}{}}}",
            "[".repeat(5_000),
            "]".repeat(5_000)
        );
        for text in [
            "",
            "{}",
            "[]",
            "{\"id\": -1}",
            "{\"id\": 1, \"method\": \"x\"}",
            "nul",
            &deep,
        ] {
            let error = incoming(text).unwrap_err().to_string();
            assert!(
                error.contains("not understood") && error.len() < 400,
                "{error}"
            );
        }
    }
}
