//! A demo site: its routes, from its `site.toml`, and the files they serve.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/newsroom");

/// The placeholder in files for the site's own origin.
const ORIGIN: &[u8] = b"{{origin}}";

/// The manifest of a site.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Site {
    /// The routes by path.
    pub(super) routes: BTreeMap<String, Route>,
    #[serde(skip)]
    folder: String,
}

/// The response for one path.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    /// A file in the site's folder.
    file: Option<String>,
    #[serde(default = "ok")]
    pub(super) status: u16,
    /// `Content-Type`.
    #[serde(default = "html")]
    pub(super) content_type: String,
    /// `Location`.
    pub(super) location: Option<String>,
}

fn ok() -> u16 {
    200
}

fn html() -> String {
    "text/html; charset=utf-8".to_owned()
}

impl Site {
    /// The body of a route, with the site's own addresses filled in.
    pub(super) fn body(&self, route: &Route, origin: &str) -> Vec<u8> {
        let path = route
            .file
            .as_ref()
            .map(|file| format!("{}/{file}", self.folder));
        let bytes = path
            .and_then(|path| FILES.get_file(path))
            .map_or(&[][..], include_dir::File::contents);
        replace(bytes, ORIGIN, origin.as_bytes())
    }

    /// True if the route's file exists.
    #[cfg(test)]
    pub(super) fn has_file(&self, route: &Route) -> bool {
        route
            .file
            .as_ref()
            .is_none_or(|file| FILES.get_file(format!("{}/{file}", self.folder)).is_some())
    }
}

/// Every site by host name; each has a folder of its own.
pub(super) fn all() -> BTreeMap<String, Site> {
    FILES.dirs().filter_map(read).collect()
}

/// Reads a site's folder. Folders without a valid manifest are skipped; tests ensure that there are none.
fn read(folder: &Dir<'static>) -> Option<(String, Site)> {
    let host = folder.path().to_str()?.to_owned();
    let manifest = FILES
        .get_file(format!("{host}/site.toml"))?
        .contents_utf8()?;
    let site: Site = toml::from_str(manifest).ok()?;
    Some((
        host.clone(),
        Site {
            folder: host,
            ..site
        },
    ))
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}
