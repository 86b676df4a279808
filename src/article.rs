//! The record: what `newsprint` extracts from one page. It imports nothing of this crate. Scripts rely on
//! the names and the order of the fields.

use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

/// The name and version that [`Article::extractor`] states.
pub const EXTRACTOR: &str = concat!("newsprint ", env!("CARGO_PKG_VERSION"));

/// The version of the record's format. It grows when a field changes its meaning or goes, not when one is added.
pub const SCHEMA_VERSION: u32 = 1;

/// The article of one page: its text and its fields.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Stable hash of the canonical URL; where no URL is known, of the text, or of a page's bytes if it has no
    /// text. 16 hexadecimal digits.
    pub id: String,
    /// The URL as requested; `None` where it is unknown.
    #[serde(default, deserialize_with = "non_empty")]
    pub url: Option<String>,
    /// The URL after redirects.
    #[serde(default, deserialize_with = "non_empty")]
    pub final_url: Option<String>,
    /// The canonical URL that the page declares if it is plausible, or else the normalised final one.
    #[serde(default, deserialize_with = "non_empty")]
    pub canonical_url: Option<String>,
    /// The address of the archived copy that the article was read from, where the page itself is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_url: Option<String>,
    /// When that copy was taken, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// The source's name in a crawl; the path for `extract`.
    pub source: Option<String>,
    /// The kind of page.
    pub kind: Kind,
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// The standfirst or the meta description.
    pub description: Option<String>,
    /// People or agencies, one name each, without 'By', roles or e-mail addresses.
    pub authors: Vec<String>,
    /// The date of publication: RFC 3339 with the zone that the page or else its source states, without one where
    /// neither does (`2018-07-20T10:26:00`), or only a day (`2018-07-20`).
    pub published: Option<String>,
    /// The date of the last change, in the same format as [`Article::published`].
    pub modified: Option<String>,
    /// The section, such as 'Politics'.
    pub section: Option<String>,
    /// The page's own keywords.
    pub tags: Vec<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// The name of the site.
    pub site_name: Option<String>,
    /// Absolute URL of the lead image.
    pub image: Option<String>,
    /// Whether the article is free to read, if the page states it.
    pub access: Option<Access>,
    /// The body: paragraphs separated by one blank line, without title, byline and boilerplate.
    pub text: String,
    /// The body as Markdown, if requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
    /// The body as plain semantic HTML, if requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Every block of the page, kept or dropped, if requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<Block>>,
    /// Words in [`Article::text`]; in scripts without spaces each character counts as one.
    pub word_count: usize,
    /// The extractor's confidence in this text, from 0 to 1.
    pub quality: f64,
    /// When the page was fetched, RFC 3339 in UTC; never set by the extractor.
    pub fetched_at: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Hash of the text, for de-duplication: 16 hexadecimal digits.
    pub content_hash: String,
    /// The id of an article stored earlier with the same text under another address.
    pub duplicate_of: Option<String>,
    /// The pictures of the body in the order of the text, if requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub images: Option<Vec<Image>>,
    /// The links of the body in the order of the text, if requested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<Link>>,
    /// What is doubtful: `truncated`, `charset_guessed`, `date_from_url`, `published_from_update`…
    pub warnings: Vec<String>,
    /// Opt-outs that the site states.
    pub rights: Rights,
    /// The number of the revision of the text, starting at 1.
    pub revision: u32,
    /// Name and version of the program that made this record.
    pub extractor: String,
    /// The version of the record's format: [`SCHEMA_VERSION`].
    #[serde(default = "schema_version")]
    pub schema_version: u32,
}

/// The version that a record without one is read as.
fn schema_version() -> u32 {
    SCHEMA_VERSION
}

/// A string or null; older records say `""` for null.
fn non_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|it| !it.is_empty()))
}

/// The kind of page that a record was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// One story.
    #[default]
    Article,
    /// A live blog: dated entries.
    LiveBlog,
    /// Images with captions.
    Gallery,
    /// A page around a video.
    Video,
    /// A front or section page, or any other list of links.
    Index,
    /// None of these.
    Other,
}

impl Article {
    /// [`Article::final_url`], parsed.
    pub fn parsed_final_url(&self) -> Option<Url> {
        Url::parse(self.final_url.as_deref()?).ok()
    }

    /// [`Article::canonical_url`], parsed.
    pub fn parsed_canonical_url(&self) -> Option<Url> {
        Url::parse(self.canonical_url.as_deref()?).ok()
    }

    /// Sets when the page was fetched (RFC 3339). Dates of publication or change after that cannot be right:
    /// they are removed, with a warning in the record.
    pub fn set_fetched_at(&mut self, at: Option<String>) {
        let fetched = at.as_deref().and_then(|at| at.parse().ok());
        self.fetched_at = at;
        let Some(fetched) = fetched else { return };
        for date in [&mut self.published, &mut self.modified] {
            if date.as_deref().is_some_and(|date| is_after(date, fetched)) {
                *date = None;
                let warning = "date_after_fetch".to_owned();
                if !self.warnings.contains(&warning) {
                    self.warnings.push(warning);
                }
            }
        }
    }
}

/// True if an instant is after `fetched`, or a day or a local time is in every time zone.
fn is_after(date: &str, fetched: jiff::Timestamp) -> bool {
    if let Ok(instant) = date.parse::<jiff::Timestamp>() {
        return instant > fetched;
    }
    let farthest_east = jiff::tz::Offset::constant(14).to_datetime(fetched);
    date.parse::<jiff::civil::DateTime>()
        .is_ok_and(|local| local > farthest_east)
}

impl Kind {
    /// The name in the record.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::LiveBlog => "live_blog",
            Kind::Gallery => "gallery",
            Kind::Video => "video",
            Kind::Index => "index",
            Kind::Other => "other",
        }
    }

    /// True for the kinds that are stored as articles.
    pub fn is_article(self) -> bool {
        !matches!(self, Kind::Index | Kind::Other)
    }
}

/// Whether an article can be read without paying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Access {
    /// Free to read.
    Free,
    /// Free up to a number of articles.
    Metered,
    /// For subscribers.
    Paywalled,
}

impl Access {
    /// The name in the record.
    pub fn name(self) -> &'static str {
        match self {
            Access::Free => "free",
            Access::Metered => "metered",
            Access::Paywalled => "paywalled",
        }
    }
}

/// Opt-outs as the site states them; `None` if it states nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rights {
    /// `<meta name="robots">` and `X-Robots-Tag`, joined by a comma.
    pub robots_meta: Option<String>,
    /// TDMRep's `tdm-reservation`, as stated.
    pub tdm_reservation: Option<String>,
    /// `noai`, `noimageai` and their like, as stated.
    pub ai_policy: Option<String>,
    /// `Content-Signal` in robots.txt and headers, as stated.
    #[serde(default)]
    pub content_signal: Option<String>,
    /// `Content-Usage` (AIPREF) in robots.txt and headers, as stated.
    #[serde(default)]
    pub content_usage: Option<String>,
    /// The terms of RSL licences, by the files that state them.
    #[serde(default)]
    pub rsl: Option<String>,
}

/// A picture of the body.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Image {
    /// Its absolute URL.
    pub src: String,
    /// What it shows, for those who do not see it.
    pub alt: Option<String>,
    /// The caption below it, without the credit.
    pub caption: Option<String>,
    /// Who made it or whose it is.
    pub credit: Option<String>,
}

/// A link of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its absolute URL.
    pub href: String,
    /// The words that are linked.
    pub text: String,
}

/// A block of a page, kept or dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Its role.
    pub role: Role,
    /// Its text.
    pub text: String,
    /// Why it is not part of the article; `None` if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<String>,
}

/// The role of a block. Callers choose the roles that make up the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// The one or two sentences below the headline that summarise the story.
    Standfirst,
    /// A heading inside the body.
    Heading,
    /// A paragraph.
    Paragraph,
    /// A list item.
    List,
    /// A block quotation.
    Quote,
    /// A row of a data table.
    Table,
    /// Preformatted text.
    Code,
    /// The text below an image or a video.
    Caption,
    /// The time of a live blog entry, before the entry.
    Entry,
}

impl Role {
    /// Every role, in the order used in the documentation.
    pub const ALL: [Role; 9] = [
        Role::Standfirst,
        Role::Heading,
        Role::Paragraph,
        Role::List,
        Role::Quote,
        Role::Table,
        Role::Code,
        Role::Caption,
        Role::Entry,
    ];

    /// The roles that make up the text by default: all but captions.
    pub const DEFAULT: [Role; 8] = [
        Role::Standfirst,
        Role::Heading,
        Role::Paragraph,
        Role::List,
        Role::Quote,
        Role::Table,
        Role::Code,
        Role::Entry,
    ];

    /// The name used on the command line and in `config.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Standfirst => "standfirst",
            Role::Heading => "heading",
            Role::Paragraph => "paragraph",
            Role::List => "list",
            Role::Quote => "quote",
            Role::Table => "table",
            Role::Code => "code",
            Role::Caption => "caption",
            Role::Entry => "entry",
        }
    }

    /// The role of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// How a role is named where roles are chosen: `caption` alone, or `+caption` and `-list` as changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleChoice {
    /// This role, and others that are named.
    Only(Role),
    /// The usual roles and this one.
    Add(Role),
    /// The usual roles without this one.
    Remove(Role),
}

impl RoleChoice {
    /// The choice that a name states: a role's name, perhaps with `+` or `-` before it.
    pub fn from_name(name: &str) -> Option<RoleChoice> {
        if let Some(name) = name.strip_prefix('+') {
            return Role::from_name(name).map(RoleChoice::Add);
        }
        if let Some(name) = name.strip_prefix('-') {
            return Role::from_name(name).map(RoleChoice::Remove);
        }
        Role::from_name(name).map(RoleChoice::Only)
    }

    /// The roles that the choices leave: those named, or, where there are only changes, the usual ones changed.
    pub fn apply(choices: &[RoleChoice], usual: &[Role]) -> Vec<Role> {
        let names_some = choices.iter().any(|it| matches!(it, RoleChoice::Only(_)));
        let mut roles = if names_some {
            Vec::new()
        } else {
            usual.to_vec()
        };
        for choice in choices {
            match *choice {
                RoleChoice::Only(role) | RoleChoice::Add(role) => {
                    if !roles.contains(&role) {
                        roles.push(role);
                    }
                }
                RoleChoice::Remove(role) => roles.retain(|it| *it != role),
            }
        }
        roles
    }
}

#[cfg(test)]
mod tests;
