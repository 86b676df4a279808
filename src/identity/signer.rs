//! The headers that sign a request: `Signature-Agent`, `Signature-Input` and `Signature`.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{HeaderName, HeaderValue};
use ring::rand::{SecureRandom, SystemRandom};
use url::{Position, Url};

use crate::config::{AgentForm, IdentitySettings};
use crate::identity::{KeyError, SigningKey, base64, signature_base};

/// How long a signature is valid, in seconds. It is made when the request is sent.
pub const SECONDS: i64 = 60;
/// By this name the signature goes, in all three headers.
const LABEL: &str = "sig1";
/// How long before a key expires it is reported.
const NOTICE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Signs requests. Clones have the same key.
#[derive(Clone)]
pub struct Signer {
    key: Arc<SigningKey>,
    /// `"https://bot.example.org"`, with its quotes.
    agent: String,
    form: AgentForm,
    /// What time it is, in unix seconds.
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl Signer {
    /// What the settings ask for: nothing where they name no key. Reports a key that is about to expire.
    ///
    /// # Errors
    /// Fails where the key can't be read.
    pub fn of(settings: &IdentitySettings) -> Result<Option<Signer>, KeyError> {
        let (Some(path), Some(directory)) = (&settings.key, &settings.directory) else {
            return Ok(None);
        };
        let key = SigningKey::load(path)?;
        let now = seconds(SystemTime::now());
        if let Some(notice) = notice(&key, now) {
            tracing::warn!("{}: {notice}", path.display());
        }
        Ok(Some(Signer::new(key, directory, settings.signature_agent)))
    }

    /// Signs with a key that is published there.
    pub fn new(key: SigningKey, directory: &Url, form: AgentForm) -> Signer {
        let address = directory.as_str();
        let address = match directory.path() {
            "/" => address.strip_suffix('/').unwrap_or(address),
            _ => address,
        };
        Signer {
            key: Arc::new(key),
            agent: format!("\"{address}\""),
            form,
            clock: Arc::new(|| seconds(SystemTime::now())),
        }
    }

    /// The same by another clock, which says the time in unix seconds.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Signer {
        Signer {
            clock: Arc::new(clock),
            ..self
        }
    }

    /// The headers for a request to this address, made anew for each. The nonce is left out where the system has no
    /// random numbers.
    pub(crate) fn headers(&self, url: &Url) -> Option<[(HeaderName, HeaderValue); 3]> {
        let mut nonce = [0; 64];
        let nonce = SystemRandom::new()
            .fill(&mut nonce)
            .ok()
            .map(|()| base64(&nonce));
        let authority = &url[Position::BeforeHost..Position::AfterPort];
        let (agent, input, signature) = self.sign(authority, (self.clock)(), nonce.as_deref());
        Some([
            (
                HeaderName::from_static("signature-agent"),
                HeaderValue::from_str(&agent).ok()?,
            ),
            (
                HeaderName::from_static("signature-input"),
                HeaderValue::from_str(&input).ok()?,
            ),
            (
                HeaderName::from_static("signature"),
                HeaderValue::from_str(&signature).ok()?,
            ),
        ])
    }

    /// The values of the three headers.
    fn sign(&self, authority: &str, now: i64, nonce: Option<&str>) -> (String, String, String) {
        let (agent, component) = match self.form {
            AgentForm::Dictionary => (
                format!("{LABEL}={}", self.agent),
                format!("\"signature-agent\";key=\"{LABEL}\""),
            ),
            AgentForm::String => (self.agent.clone(), "\"signature-agent\"".to_owned()),
        };
        let nonce = nonce
            .map(|it| format!(";nonce=\"{it}\""))
            .unwrap_or_default();
        let params = format!(
            "(\"@authority\" {component});created={now};keyid=\"{}\";alg=\"ed25519\";expires={}{nonce};tag=\"web-bot-auth\"",
            self.key.id(),
            now + SECONDS,
        );
        let components = [
            ("\"@authority\"".to_owned(), authority.to_owned()),
            (component, self.agent.clone()),
        ];
        let signature = self.key.sign(&signature_base(&components, &params));
        (
            agent,
            format!("{LABEL}={params}"),
            format!("{LABEL}=:{signature}:"),
        )
    }
}

/// What to say of a key whose time is over, or soon will be.
fn notice(key: &SigningKey, now: i64) -> Option<String> {
    let expires = key.expires()?;
    let now = Timestamp::from_second(now).ok()?;
    let left = expires.duration_since(now);
    let next = "make the next one with `newsprint identity new`";
    if left.is_negative() {
        return Some(format!(
            "the key has expired on {expires}, and verifiers refuse it; {next}"
        ));
    }
    (left <= NOTICE).then(|| format!("the key expires on {expires}; {next}"))
}

fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Signer");
        let shown = shown.field("key", &self.key).field("agent", &self.agent);
        shown.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(directory: &str, form: AgentForm) -> Signer {
        let expires = Timestamp::from_second(10_000_000).unwrap();
        let (key, _) = SigningKey::generate(expires).unwrap();
        Signer::new(key, &Url::parse(directory).unwrap(), form)
    }

    #[test]
    fn the_directory_is_named_as_it_was_given() {
        for (given, named) in [
            ("https://bot.example.org", "\"https://bot.example.org\""),
            (
                "https://bot.example.org:8443/",
                "\"https://bot.example.org:8443\"",
            ),
            (
                "https://bot.example.org/jwks.json",
                "\"https://bot.example.org/jwks.json\"",
            ),
        ] {
            let signer = signer(given, AgentForm::String);
            assert_eq!(signer.sign("a.test", 0, None).0, named);
        }
        let signer = signer("https://bot.example.org", AgentForm::Dictionary);
        assert_eq!(
            signer.sign("a.test", 0, None).0,
            "sig1=\"https://bot.example.org\""
        );
    }

    #[test]
    fn a_key_is_reported_a_week_before_it_expires_and_afterwards() {
        let signer = signer("https://bot.example.org", AgentForm::Dictionary);
        let week = 7 * 24 * 3600;
        let said = |now| notice(&signer.key, now).unwrap_or_default();
        assert_eq!(said(10_000_000 - week - 1), "");
        assert!(said(10_000_000 - week).contains("expires on 1970-04-26T17:46:40Z"));
        assert!(said(10_000_001).contains("has expired"));
    }
}
