//! The record: what `newsprint` says of one page. Every other room fills or reads it; it imports
//! nothing of ours. Field names and their order are the contract that scripts rely on.

use serde::{Deserialize, Serialize};

/// The name and version that [`Article::extractor`] states.
pub const EXTRACTOR: &str = concat!("newsprint ", env!("CARGO_PKG_VERSION"));

/// One page's article: its text and what is known about it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Stable hash of the canonical URL: 16 hexadecimal digits.
    pub id: String,
    /// The address as asked for.
    pub url: String,
    /// The address after redirects.
    pub final_url: String,
    /// The page's own canonical address where it is believable, else the normalised final one.
    pub canonical_url: String,
    /// The source's name in a crawl; the path for `extract`.
    pub source: Option<String>,
    /// What sort of page this is.
    pub kind: Kind,
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// The standfirst or the meta description.
    pub description: Option<String>,
    /// People or agencies, one name each, without 'By', roles or e-mail addresses.
    pub authors: Vec<String>,
    /// First publication, RFC 3339 with the zone the page states, or a day alone (`2018-07-20`).
    pub published: Option<String>,
    /// Last change, in the same form as [`Article::published`].
    pub modified: Option<String>,
    /// The section of the paper, such as 'Politics'.
    pub section: Option<String>,
    /// The page's own keywords.
    pub tags: Vec<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// The name of the site.
    pub site_name: Option<String>,
    /// Absolute URL of the lead image.
    pub image: Option<String>,
    /// Whether the page says it is free to read.
    pub access: Option<Access>,
    /// The body: paragraphs parted by one blank line; no title, byline or boilerplate.
    pub text: String,
    /// The body as Markdown, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
    /// The body as plain semantic HTML, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Every block of the page, kept or dropped, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<Vec<Block>>,
    /// Words in [`Article::text`]; in scripts without spaces each character counts as one.
    pub word_count: usize,
    /// How sure the extractor is of this text, 0 to 1.
    pub quality: f64,
    /// When the page was fetched, RFC 3339 in UTC; never set by the extractor.
    pub fetched_at: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Hash of the text, for de-duplication: 16 hexadecimal digits.
    pub content_hash: String,
    /// The id of an article stored earlier with the same text under another address.
    pub duplicate_of: Option<String>,
    /// What the extractor doubts: `truncated`, `charset_guessed`, `date_from_url`, `published_from_update`…
    pub warnings: Vec<String>,
    /// Opt-outs the site states.
    pub rights: Rights,
    /// Counts changes of the text since it was first stored; 1 at first.
    pub revision: u32,
    /// Name and version of the program that made this record.
    pub extractor: String,
}

/// What sort of page a record was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One story.
    #[default]
    Article,
    /// A running account with dated entries.
    LiveBlog,
    /// Pictures with captions.
    Gallery,
    /// A page around a video.
    Video,
    /// A front or section page, or any other list of links.
    Index,
    /// None of these.
    Other,
}

impl Article {
    /// Notes when the page was fetched (RFC 3339). Nothing is published after it was fetched: dates
    /// that say so are dropped, and the record warns of it.
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

/// True where an instant, or a day in every time zone, lies after `fetched`.
fn is_after(date: &str, fetched: jiff::Timestamp) -> bool {
    if let Ok(instant) = date.parse::<jiff::Timestamp>() {
        return instant > fetched;
    }
    let farthest_east = jiff::tz::Offset::constant(14).to_datetime(fetched).date();
    date.parse::<jiff::civil::Date>()
        .is_ok_and(|day| day > farthest_east)
}

impl Kind {
    /// True for the kinds that are stored as articles.
    pub fn is_article(self) -> bool {
        !matches!(self, Kind::Index | Kind::Other)
    }
}

/// Whether a page says that it may be read without paying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Free to read.
    Free,
    /// Free up to a number of articles.
    Metered,
    /// For subscribers.
    Paywalled,
}

impl Access {
    /// The record's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Access::Free => "free",
            Access::Metered => "metered",
            Access::Paywalled => "paywalled",
        }
    }
}

/// Opt-outs as the site states them; `None` where it is silent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rights {
    /// `<meta name="robots">` and `X-Robots-Tag`, joined by a comma.
    pub robots_meta: Option<String>,
    /// TDMRep's `tdm-reservation`, as stated.
    pub tdm_reservation: Option<String>,
    /// `noai`, `noimageai` and their like, as stated.
    pub ai_policy: Option<String>,
}

/// A block of a page, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub role: Role,
    /// Its text.
    pub text: String,
    /// Why it is no part of the article; `None` where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropped: Option<String>,
}

/// What a block of a page is; callers choose by role what makes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The sentence or two under the headline that sum the story up.
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
    /// The words under a picture or a video.
    Caption,
    /// The time at which an entry of a live blog was written, before the entry.
    Entry,
}

impl Role {
    /// Every role, in the order the documentation names them.
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

    /// The roles that make the text unless a caller chooses others: all but captions.
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

    /// The role of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_published_after_it_was_fetched() {
        for (published, kept) in [
            ("2026-11-24T11:59:59Z", true),
            ("2026-11-24T13:30:00+02:00", true),
            ("2026-11-24T12:00:01Z", false),
            ("2026-11-25", true),
            ("2026-11-26", false),
        ] {
            let mut article = Article {
                published: Some(published.to_owned()),
                ..Article::default()
            };
            article.set_fetched_at(Some("2026-11-24T12:00:00Z".to_owned()));
            assert_eq!(article.published.is_some(), kept, "{published}");
            assert_eq!(article.warnings.is_empty(), kept, "{published}");
        }
    }
}
