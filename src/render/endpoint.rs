//! The way to a browser: its DevTools port, and the address of its WebSocket there (`/json/version`).

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;

use crate::config::is_near;
use crate::render::RenderError;

/// Bytes of one message. The largest holds a page (`max_body`), with what JSON adds to it.
const MESSAGE: usize = 64 << 20;
/// Bytes of the answer that names the WebSocket.
const VERSION: u64 = 64 << 10;

/// Connects to the browser at an address of the settings.
pub(super) async fn connect(address: &Url) -> Result<WebSocketStream<TcpStream>, RenderError> {
    let away = |reason: String| RenderError::Away {
        address: address.clone(),
        reason,
    };
    let place = place(address).await.map_err(away)?;
    let path = match address.path() {
        "/" | "" => socket_path(place).await.map_err(away)?,
        path => path.to_owned(),
    };
    // The browser answers to no other name than that of an address.
    let request = format!("ws://{place}{path}").into_client_request();
    let request = request.map_err(|error| away(error.to_string()))?;
    let stream = open(place).await.map_err(away)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(MESSAGE))
        .max_frame_size(Some(MESSAGE));
    let connected = client_async_with_config(request, stream, Some(config)).await;
    let (socket, _) = connected.map_err(|error| away(error.to_string()))?;
    Ok(socket)
}

/// Where a name leads. A port that controls a browser is on this machine or in its network.
async fn place(address: &Url) -> Result<SocketAddr, String> {
    let port = address.port_or_known_default().unwrap_or(80);
    let host = address.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let places = tokio::net::lookup_host((host, port)).await;
    let places = places.map_err(|error| error.to_string())?;
    let mut places: Vec<SocketAddr> = places.filter(|it| is_near(it.ip())).collect();
    // Chromium listens to IPv4 alone, whatever `localhost` is first.
    places.sort_by_key(SocketAddr::is_ipv6);
    let first = places.first().copied();
    first.ok_or_else(|| format!("{host} leads to no address of this machine or its network"))
}

async fn open(place: SocketAddr) -> Result<TcpStream, String> {
    let stream = TcpStream::connect(place).await;
    stream.map_err(|error| error.to_string())
}

/// The path of the browser's WebSocket, which is another each time that the browser is started.
async fn socket_path(place: SocketAddr) -> Result<String, String> {
    let mut stream = open(place).await?;
    let request =
        format!("GET /json/version HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n");
    let sent = stream.write_all(request.as_bytes()).await;
    sent.map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    let mut stream = stream.take(VERSION);
    loop {
        let read = stream.read_buf(&mut answer).await;
        if read.map_err(|error| error.to_string())? == 0 {
            return Err("it does not speak the DevTools protocol".to_owned());
        }
        // The connection may stay open: the answer ends with its object.
        if let Some(path) = path_of(&answer) {
            return Ok(path);
        }
    }
}

/// The path that a whole answer names.
fn path_of(answer: &[u8]) -> Option<String> {
    let (start, end) = (
        answer.iter().position(|&it| it == b'{')?,
        answer.iter().rposition(|&it| it == b'}')?,
    );
    let version: serde_json::Value = serde_json::from_slice(answer.get(start..=end)?).ok()?;
    let url = Url::parse(version.get("webSocketDebuggerUrl")?.as_str()?).ok()?;
    Some(url.path().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_is_what_a_whole_answer_names() {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"Browser\": \"Chrome/1\", \
                      \"webSocketDebuggerUrl\": \"ws://127.0.0.1:9222/devtools/browser/7c1b\"}";
        let path = path_of(answer.as_bytes());
        assert_eq!(path.as_deref(), Some("/devtools/browser/7c1b"));
        let cut = &answer.as_bytes()[..answer.len() - 1];
        assert_eq!(path_of(cut), None);
        assert_eq!(path_of(b"HTTP/1.1 404 Not Found\r\n\r\n{}"), None);
        assert_eq!(path_of(b"SSH-2.0-x"), None);
    }
}
