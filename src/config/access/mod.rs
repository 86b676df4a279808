//! What your own subscription to a source needs: headers and cookies. They are validated with the rest of the
//! configuration; the values that stand in the environment or in files are read when they are used
//! ([`Source::credentials`](crate::config::Source::credentials)), so that commands that fetch nothing do without.
//! No value is ever shown: neither in a message nor in a log.

mod jar;
mod names;
mod raw;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;

use crate::config::diagnose::{Diagnostics, Place};
use crate::config::values::Text;

pub(super) use raw::RawTable;
pub use read::{Cookie, Credentials};

/// A text that identifies the user to a server. What shows it in any other way than
/// [`expose`](Secret::expose) shows dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text, to be sent and not to be shown.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// In the configuration itself.
    Text(Secret),
    /// In this variable of the environment.
    Env(String),
    /// In this file, which holds nothing else.
    File(PathBuf),
}

/// A header or a cookie as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenSecret {
    /// The name of the header or the cookie.
    pub name: String,
    /// Where its value stands.
    pub value: SecretSource,
    /// Where the setting stands.
    pub(super) place: Place,
}

/// The keys of a source by which it gets what your own subscription needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceAccess {
    /// `headers`
    pub headers: Vec<GivenSecret>,
    /// `cookies`
    pub cookies: Vec<GivenSecret>,
    /// `cookie_jar`: a file of cookies in Netscape's format.
    pub cookie_jar: Option<PathBuf>,
    /// Where `cookie_jar` stands.
    pub(super) jar_place: Place,
}

/// What is written of it.
#[derive(Debug, Default)]
pub(super) struct RawAccess {
    pub(super) headers: Option<Spanned<RawTable>>,
    pub(super) cookies: Option<Spanned<RawTable>>,
    pub(super) cookie_jar: Text,
}

impl SourceAccess {
    /// True where nothing is configured.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.cookies.is_empty() && self.cookie_jar.is_none()
    }

    /// Makes the paths of files relative to a folder.
    pub(super) fn resolve_paths(&mut self, folder: &Path) {
        for given in self.headers.iter_mut().chain(&mut self.cookies) {
            if let SecretSource::File(path) = &mut given.value {
                *path = folder.join(&*path);
            }
        }
        if let Some(jar) = &mut self.cookie_jar {
            *jar = folder.join(&*jar);
        }
    }
}

/// The host with `www.` in front, or without it: both are one site.
pub(crate) fn twin(host: &str) -> String {
    match host.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
        None => format!("www.{host}"),
    }
}

/// Validates what is written.
pub(super) fn settings(raw: RawAccess, diagnostics: &mut Diagnostics<'_>) -> SourceAccess {
    let given_jar = raw.cookie_jar.filter(|it| !it.get_ref().is_empty());
    SourceAccess {
        headers: raw
            .headers
            .map(|table| secrets(Kind::Header, table, diagnostics))
            .unwrap_or_default(),
        cookies: raw
            .cookies
            .map(|table| secrets(Kind::Cookie, table, diagnostics))
            .unwrap_or_default(),
        jar_place: given_jar
            .as_ref()
            .map(|it| diagnostics.place(it.span()))
            .unwrap_or_default(),
        cookie_jar: given_jar.map(|it| PathBuf::from(it.into_inner())),
    }
}

/// What a secret is sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header,
    Cookie,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Kind::Header => "headers",
            Kind::Cookie => "cookies",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Kind::Header => "header",
            Kind::Cookie => "cookie",
        }
    }
}

fn secrets(
    kind: Kind,
    table: Spanned<RawTable>,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<GivenSecret> {
    let span = table.span();
    let Some(entries) = table.into_inner().0 else {
        let key = kind.key();
        let message =
            format!("`{key}` must be a table; write {key} = {{ Name = \"value\" }} in one line");
        diagnostics.push(span, message);
        return Vec::new();
    };
    let (mut secrets, mut known) = (Vec::new(), BTreeSet::new());
    for (name, value) in entries {
        let (place, at) = (name.span(), diagnostics.place(value.span()));
        let name = name.into_inner();
        let is_new = known.insert(match kind {
            Kind::Header => name.to_ascii_lowercase(),
            Kind::Cookie => name.clone(),
        });
        let problem = match kind {
            Kind::Header => names::header_problem(&name),
            Kind::Cookie => names::cookie_problem(&name),
        };
        let problem = problem.or_else(|| {
            let message = format!("`headers` names {name:?} twice; remove one");
            (!is_new).then_some(message)
        });
        if let Some(problem) = problem {
            diagnostics.push(place, problem);
        }
        let span = value.span();
        match raw::source_of(value.into_inner()) {
            Some(value) => {
                if let SecretSource::Text(text) = &value
                    && let Some(problem) = names::value_problem(kind, &name, text.expose())
                {
                    diagnostics.push(span, problem);
                }
                secrets.push(GivenSecret {
                    name,
                    value,
                    place: at,
                });
            }
            None => diagnostics.push(span, wrong_value(kind, &name)),
        }
    }
    secrets
}

fn wrong_value(kind: Kind, name: &str) -> String {
    format!(
        "the value of the {} `{name}` must be a text in quotes, or where it stands: {{ env = \"VARIABLE\" }} or \
         {{ file = \"path\" }}",
        kind.noun()
    )
}
