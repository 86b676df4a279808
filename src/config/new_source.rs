//! A source that is to stand in a configuration, and the text by which it does.

use std::fmt::Write as _;

use url::Url;

use crate::config::Source;

/// The longest name, in characters.
const NAME_CHARS: usize = 100;

/// A source as `discover` proposes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSource {
    /// The name in records, `status` and file names.
    pub name: String,
    /// Front and section pages.
    pub start: Vec<Url>,
    /// Feeds.
    pub feeds: Vec<Url>,
    /// Sitemaps.
    pub sitemaps: Vec<Url>,
    /// The only language of its articles.
    pub language: Option<String>,
}

/// How the lines of a block are laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockStyle {
    /// What stands between a key and its value.
    pub equals: String,
    /// What stands before each element of a list of several lines.
    pub indent: String,
}

impl Default for BlockStyle {
    fn default() -> BlockStyle {
        BlockStyle {
            equals: " = ".to_owned(),
            indent: "  ".to_owned(),
        }
    }
}

/// Comments on an address of the list of that name: the first stands behind it, each other below it.
pub type Notes<'n> = &'n dyn Fn(&str, &Url) -> Vec<String>;

impl NewSource {
    /// What is wrong with its name, if anything: it stands in tables, in files' names and on pages.
    pub fn name_problem(&self) -> Option<&'static str> {
        let name = &self.name;
        if name.trim().is_empty() {
            return Some("a source needs a name");
        }
        if name.chars().count() > NAME_CHARS {
            return Some("the name is too long: 100 characters are enough");
        }
        let is_line = name.trim() == name && !name.contains(char::is_control);
        (!is_line).then_some("a name is one line, without spaces around it")
    }

    /// The source as a `[[source]]` block, with a line break at its end.
    pub fn block(&self, style: &BlockStyle, notes: Notes<'_>) -> String {
        let mut out = String::from("[[source]]\n");
        let equals = &style.equals;
        // Writing to a string can't fail.
        let _ = writeln!(out, "name{equals}{}", quoted(&self.name));
        for (key, urls) in self.lists() {
            push_list(&mut out, key, urls, style, notes);
        }
        if let Some(language) = &self.language {
            let _ = writeln!(out, "language{equals}{}", quoted(language));
        }
        out
    }

    /// The source as an element of a list of sources.
    pub fn inline(&self) -> String {
        let mut out = format!("{{ name = {}", quoted(&self.name));
        for (key, urls) in self.lists() {
            let urls: Vec<String> = urls.iter().map(|it| quoted(it.as_str())).collect();
            let _ = write!(out, ", {key} = [{}]", urls.join(", "));
        }
        if let Some(language) = &self.language {
            let _ = write!(out, ", language = {}", quoted(language));
        }
        out + " }"
    }

    /// Its lists of addresses that are not empty, by key.
    fn lists(&self) -> impl Iterator<Item = (&'static str, &[Url])> {
        let lists = [
            ("start", &self.start[..]),
            ("feeds", &self.feeds[..]),
            ("sitemaps", &self.sitemaps[..]),
        ];
        lists.into_iter().filter(|(_, urls)| !urls.is_empty())
    }

    /// Its front pages, feeds and sitemaps.
    pub fn entry_points(&self) -> impl Iterator<Item = &Url> {
        self.lists().flat_map(|(_, urls)| urls)
    }
}

impl From<&Source> for NewSource {
    /// What a new source would have of this one.
    fn from(source: &Source) -> NewSource {
        NewSource {
            name: source.name.clone(),
            start: source.start.clone(),
            feeds: source.feeds.clone(),
            sitemaps: source.sitemaps.clone(),
            language: source.language.clone(),
        }
    }
}

fn push_list(out: &mut String, key: &str, urls: &[Url], style: &BlockStyle, notes: Notes<'_>) {
    let (equals, indent) = (&style.equals, &style.indent);
    let noted: Vec<(&Url, Vec<String>)> = urls.iter().map(|url| (url, notes(key, url))).collect();
    if let [(url, notes)] = &noted[..]
        && notes.is_empty()
    {
        let _ = writeln!(out, "{key}{equals}[{}]", quoted(url.as_str()));
        return;
    }
    let _ = writeln!(out, "{key}{equals}[");
    for (url, notes) in noted {
        let _ = write!(out, "{indent}{},", quoted(url.as_str()));
        let mut notes = notes.into_iter();
        if let Some(note) = notes.next() {
            let _ = write!(out, "  # {note}");
        }
        out.push('\n');
        for note in notes {
            let _ = writeln!(out, "{indent}  # {note}");
        }
    }
    out.push_str("]\n");
}

/// A basic string of TOML: the same as a JSON string, except for the delete character.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text.replace('\u{7f}', "")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str) -> NewSource {
        NewSource {
            name: name.to_owned(),
            start: vec![Url::parse("https://daily.test/").unwrap()],
            feeds: ["a", "b"]
                .map(|it| Url::parse(&format!("https://daily.test/{it}")).unwrap())
                .into(),
            sitemaps: Vec::new(),
            language: Some("en".to_owned()),
        }
    }

    #[test]
    fn a_list_of_one_stands_on_one_line_unless_there_is_something_to_say() {
        let block = source("daily").block(&BlockStyle::default(), &|_, _| Vec::new());
        let expected = "[[source]]\nname = \"daily\"\nstart = [\"https://daily.test/\"]\nfeeds = [\n  \
                        \"https://daily.test/a\",\n  \"https://daily.test/b\",\n]\nlanguage = \"en\"\n";
        assert_eq!(block, expected);
        let notes: Notes<'_> = &|key, _| match key {
            "start" => vec!["3 articles".to_owned(), "Ferry back".to_owned()],
            _ => Vec::new(),
        };
        let block = source("daily").block(&BlockStyle::default(), notes);
        assert!(
            block.contains(
                "start = [\n  \"https://daily.test/\",  # 3 articles\n    # Ferry back\n]\n"
            ),
            "{block}"
        );
    }

    #[test]
    fn a_name_that_would_not_be_what_it_looks_like_is_refused() {
        for name in ["", "  ", " a", "a\nb", "a\u{7f}", &"x".repeat(101)] {
            assert!(source(name).name_problem().is_some(), "{name:?}");
        }
        for name in ["daily-test", "<script>\"'", "日刊", "The Daily"] {
            assert_eq!(source(name).name_problem(), None);
        }
    }
}
