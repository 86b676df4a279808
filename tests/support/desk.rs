//! A server over the store of a newsroom, in this process.

use std::fs;
use std::path::PathBuf;

use newsprint::config::Config;
use newsprint::crawl::CancellationToken;
use newsprint::serve::{Server, Settings};
use reqwest::{Client, RequestBuilder, Response};
use tokio::task::JoinHandle;

use super::Newsroom;

/// A server, and who asks it.
pub struct Desk {
    /// `http://127.0.0.1:41234`
    pub origin: String,
    pub config_file: PathBuf,
    client: Client,
    stop: CancellationToken,
    served: JoinHandle<()>,
}

/// What browsers accept.
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

impl Desk {
    /// Serves a newsroom.
    pub async fn open(room: &Newsroom) -> Desk {
        Desk::with(room, |_| {}).await
    }

    /// Serves a newsroom with other settings.
    pub async fn with(room: &Newsroom, change: impl FnOnce(&mut Settings)) -> Desk {
        let config_file = room.dir.path().join("config.toml");
        if !config_file.exists() {
            fs::write(&config_file, room.config_file()).unwrap();
        }
        let mut settings = Settings {
            config: Config::load(&config_file).unwrap(),
            config_file: config_file.clone(),
            listen: "127.0.0.1:0".parse().unwrap(),
            token: None,
            hosts: Vec::new(),
            read_only: false,
            clock: room.clock.clone(),
        };
        change(&mut settings);
        let server = Server::bind(settings).await.unwrap();
        let (origin, stop) = (
            format!("http://{}", server.address()),
            CancellationToken::new(),
        );
        let stopped = stop.clone();
        let served = tokio::spawn(async move { server.run(&stopped).await });
        // reqwest asks for it even where all is plain HTTP.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Redirects are looked at, not followed.
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Desk {
            origin,
            config_file,
            client: client.build().unwrap(),
            stop,
            served,
        }
    }

    /// A request as other programs send it.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.origin))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.origin))
    }

    /// A page as a browser gets it.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).header("accept", HTML).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// Sends a form as a page of the server would.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let token = self.form_token().await;
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("form_token", &token);
        form.extend_pairs(fields);
        let request = self.post(path).header("accept", HTML);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form.finish()).send().await.unwrap()
    }

    /// The token that the server's forms carry.
    pub async fn form_token(&self) -> String {
        let page = self.page("/add-source").await;
        let (_, rest) = page.split_once("name=\"form_token\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// Stops the server, and waits until it has ended.
    pub async fn stop(self) {
        self.stop.cancel();
        self.served.await.unwrap();
    }
}
