//! The file of a host's rules, `rules/sites/HOST.toml`: which one a page falls under, and its text with one selector
//! more. Comments, order and layout stay.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{Array, ArrayOfTables, DocumentMut, Formatted, Item, Table, TableLike, Value};
use url::Url;

use super::CorrectError;
use crate::config::{Config, host_rules};
use crate::selectors::{SelectorKey, SelectorSet};

/// A file that a desk has begun says what it is.
const HEADING: &str = "# Rules for pages of this host and its subdomains.\n";

/// A file of rules as it is, and as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edited {
    /// Where it is, or will be.
    pub(super) path: PathBuf,
    /// Its text; `None` where there is no file yet.
    pub(super) before: Option<String>,
    /// Its text with the selector.
    pub(super) after: String,
    /// Its host.
    pub(super) host: String,
    /// Its rules with the selector.
    pub(super) sets: Vec<SelectorSet>,
}

impl Edited {
    /// The file whose rules apply to pages at `url`, with one selector more among those that are valid at `now`. Nothing
    /// is written.
    pub(super) fn with(
        config: &Config,
        url: &Url,
        (key, css): (SelectorKey, &str),
        now: i64,
    ) -> Result<Edited, CorrectError> {
        let dir = config.rules.dir.as_deref().ok_or(CorrectError::NoFolder)?;
        let path = path_of(dir, url)?;
        let before = read(&path)?;
        let valid = match &before {
            Some(text) => {
                let (_, sets) = host_rules(text, &path)?;
                sets.iter().position(|set| set.is_valid_at(now))
            }
            None => None,
        };
        let text = before.as_deref().unwrap_or(HEADING);
        let after = edited(text, valid, (key, css), &path)?;
        let (host, sets) = host_rules(&after, &path)?;
        Ok(Edited {
            path,
            before,
            after,
            host,
            sets,
        })
    }

    /// The configuration as it is once the file is written.
    pub(super) fn config(&self, config: &Config) -> Config {
        let mut config = config.clone();
        config
            .rules
            .hosts
            .insert(self.host.clone(), self.sets.clone());
        config
    }
}

/// The text of a file; `None` where there is none. A link is not followed.
pub(super) fn read(path: &Path) -> Result<Option<String>, CorrectError> {
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_symlink() => return Err(CorrectError::link(path)),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CorrectError::file(path, error)),
    }
    fs::read_to_string(path)
        .map(Some)
        .map_err(|error| CorrectError::file(path, error))
}

/// The file of the host itself or of the nearest domain above it that has one, as rules apply; where there is none, a
/// new one for the host.
fn path_of(dir: &Path, url: &Url) -> Result<PathBuf, CorrectError> {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !host.contains('.') && host != "localhost"
        || host.starts_with('.')
        || !host.chars().all(is_name)
    {
        return Err(CorrectError::NoHost(host.to_owned()));
    }
    let mut name = Some(host);
    while let Some(of) = name {
        // Where both exist, the rules of the second are read last, and apply.
        for file in [format!("www.{of}.toml"), format!("{of}.toml")] {
            let path = dir.join(file);
            if fs::symlink_metadata(&path).is_ok() {
                return Ok(path);
            }
        }
        name = of.split_once('.').map(|(_, above)| above);
    }
    Ok(dir.join(format!("{host}.toml")))
}

/// The text with the selector in its `[select]`, or in the `[[select]]` at this position.
fn edited(
    text: &str,
    valid: Option<usize>,
    (key, css): (SelectorKey, &str),
    path: &Path,
) -> Result<String, CorrectError> {
    let fault = |reason: &str| CorrectError::NotRules {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| fault(error.message()))?;
    let Some(select) = document.get_mut("select") else {
        // There is nothing but comments, which stay where they are.
        let gap = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let value = Value::from(css).to_string();
        return Ok(format!(
            "{text}{gap}[select]\n{} = {}\n",
            key.name(),
            value.trim()
        ));
    };
    let table = match select {
        Item::ArrayOfTables(tables) => table_at(tables, valid).map(|it| it as &mut dyn TableLike),
        item => item.as_table_like_mut(),
    };
    let table = table.ok_or_else(|| fault("`select` is no table"))?;
    match add(table, key, css) {
        Some(true) => Ok(document.to_string()),
        Some(false) => Err(CorrectError::AlreadyThere {
            path: path.to_owned(),
        }),
        None => Err(fault("a key of `select` is no list of selectors")),
    }
}

/// The table at this position; where there is none, a new one at the end, which is valid when no other is.
fn table_at(tables: &mut ArrayOfTables, at: Option<usize>) -> Option<&mut Table> {
    let at = at.filter(|at| *at < tables.len()).unwrap_or_else(|| {
        tables.push(Table::new());
        tables.len() - 1
    });
    tables.get_mut(at)
}

/// Adds a selector; false where it is there already, nothing where the key holds something else.
fn add(table: &mut dyn TableLike, key: SelectorKey, css: &str) -> Option<bool> {
    let Some(item) = table.get_mut(key.name()) else {
        table.insert(key.name(), toml_edit::value(css));
        return Some(true);
    };
    let value = item.as_value_mut()?;
    if let Some(known) = value.as_str().map(str::to_owned) {
        if known == css {
            return Some(false);
        }
        let decor = value.decor().clone();
        let mut list = Array::new();
        if !known.is_empty() {
            list.push(known);
        }
        put(&mut list, key, css);
        *value = Value::Array(list);
        *value.decor_mut() = decor;
        return Some(true);
    }
    let list = value.as_array_mut()?;
    if list.iter().any(|it| it.as_str() == Some(css)) {
        return Some(false);
    }
    put(list, key, css);
    Some(true)
}

/// Selectors of fields and of the article are tried in order: what was pointed at comes first.
fn put(list: &mut Array, key: SelectorKey, css: &str) {
    let is_last = matches!(key, SelectorKey::Strip | SelectorKey::Keep);
    let like = if is_last {
        list.len().checked_sub(1)
    } else {
        Some(0)
    };
    let decor = like
        .and_then(|at| list.get(at))
        .map(|it| it.decor().clone());
    let mut value = Value::String(Formatted::new(css.to_owned()));
    // A list of one selector a line goes on so.
    let prefix = decor.as_ref().and_then(|it| it.prefix()?.as_str());
    let indent = prefix
        .and_then(|it| it.rsplit_once('\n'))
        .map(|(_, indent)| format!("\n{indent}"));
    match indent {
        Some(indent) => {
            value.decor_mut().set_prefix(indent);
            if is_last {
                list.push_formatted(value);
            } else {
                list.insert_formatted(0, value);
            }
        }
        None if is_last => list.push(value),
        None => list.insert(0, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str, valid: Option<usize>, key: SelectorKey, css: &str) -> String {
        edited(text, valid, (key, css), Path::new("x.toml")).unwrap()
    }

    #[test]
    fn comments_order_and_layout_stay() {
        let text = "# Mine.\n\n[select] # here\n# The box.\nstrip = [\n    \".a\", # first\n    \".b\",\n]\ntitle = 'h1'\n";
        let edited = with(text, None, SelectorKey::Strip, ".c\"d");
        let expected = text.replace("    \".b\",\n", "    \".b\",\n    '.c\"d',\n");
        assert_eq!(edited, expected);
        let edited = with(&edited, None, SelectorKey::Title, "h2");
        assert_eq!(
            edited,
            expected.replace("title = 'h1'", "title = [\"h2\", \"h1\"]")
        );
        let edited = with("", None, SelectorKey::Keep, ".k");
        assert_eq!(edited, "[select]\nkeep = \".k\"\n");
    }

    #[test]
    fn of_several_periods_the_one_that_is_valid_gets_it() {
        let text = "[[select]]\nvalid_until = \"2026-01-01\"\nstrip = \".old\"\n\n[[select]]\nstrip = \".new\"\n";
        let edited = with(text, Some(1), SelectorKey::Strip, ".x");
        assert_eq!(edited, text.replace("\".new\"", "[\".new\", \".x\"]"));
        let edited = with(text, None, SelectorKey::Strip, ".x");
        assert_eq!(edited, format!("{text}\n[[select]]\nstrip = \".x\"\n"));
    }

    #[test]
    fn what_is_there_already_or_is_no_list_is_said() {
        let edited =
            |text: &str| edited(text, None, (SelectorKey::Strip, ".a"), Path::new("x.toml"));
        for text in [
            "[select]\nstrip = \".a\"\n",
            "select = { strip = [\".b\", \".a\"] }\n",
        ] {
            assert!(
                matches!(edited(text), Err(CorrectError::AlreadyThere { .. })),
                "{text}"
            );
        }
        for text in ["select = 1\n", "[select]\nstrip = 1\n", "[select"] {
            assert!(
                matches!(edited(text), Err(CorrectError::NotRules { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn the_file_is_the_one_whose_rules_apply() {
        let dir = tempfile::tempdir().unwrap();
        let of = |url: &str| path_of(dir.path(), &Url::parse(url).unwrap());
        let name = |url: &str| {
            let path = of(url).unwrap();
            path.file_name().unwrap().to_string_lossy().into_owned()
        };
        assert_eq!(name("https://www.paper.example/1"), "paper.example.toml");
        assert_eq!(
            name("https://news.paper.example/1"),
            "news.paper.example.toml"
        );
        fs::write(dir.path().join("paper.example.toml"), "").unwrap();
        assert_eq!(name("https://news.paper.example/1"), "paper.example.toml");
        assert!(matches!(of("http://[::1]/"), Err(CorrectError::NoHost(_))));
    }
}
