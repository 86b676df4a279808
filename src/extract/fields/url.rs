//! URLs that a page states.

use url::Url;

use crate::limits::Limits;

/// `raw` as an absolute `http` or `https` URL; relative ones are resolved against `base`.
pub(super) fn resolve(raw: &str, base: Option<&Url>, limits: &Limits) -> Option<Url> {
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > limits.url_chars {
        return None;
    }
    let url = match base {
        Some(base) => base.join(raw),
        None => Url::parse(raw),
    };
    url.ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}
