//! The text of the body: the kept blocks or, where the markup holds next to no text, what the page's
//! own data says.

use crate::article::{Image, Link, Role};
use crate::extract::decide::body::Body;
use crate::extract::fields::Fields;
use crate::extract::segment::blocks::Blocks;
use crate::extract::text::render::{self, escape_html, escape_paragraph};
use crate::extract::text::{assemble, embedded};
use crate::page::Page;

/// Markup with fewer bytes of text than this has next to none.
const NEXT_TO_NOTHING: usize = 400;
/// The page's own data must hold this many times as much text to be used instead.
const CLEARLY_LONGER: usize = 3;

/// The text of a page.
#[derive(Debug)]
pub struct BodyText {
    /// The text: paragraphs separated by a blank line.
    pub text: String,
    /// Where it comes from.
    source: TextSource,
}

/// Where the text of a page comes from.
#[derive(Debug)]
enum TextSource {
    /// These blocks of the page.
    Blocks(Vec<usize>),
    /// The page's own data: JSON-LD, or the state that a framework left in a script.
    Data,
}

impl BodyText {
    /// The text of the roles asked for.
    pub fn of(
        page: &Page<'_>,
        fields: &Fields,
        blocks: &Blocks,
        body: &Body,
        include: &[Role],
    ) -> BodyText {
        let selected = assemble::select(body, include);
        let text = assemble::text(blocks, body, &selected);
        if text.len() < NEXT_TO_NOTHING {
            let data = text_of_data(page, fields);
            if text.len() * CLEARLY_LONGER < data.len() {
                return BodyText {
                    text: data,
                    source: TextSource::Data,
                };
            }
        }
        BodyText {
            text,
            source: TextSource::Blocks(selected),
        }
    }

    /// True where the text is the page's own data, not its markup.
    pub fn is_from_data(&self) -> bool {
        matches!(self.source, TextSource::Data)
    }

    /// The text as Markdown.
    pub fn markdown(&self, source: &render::Source<'_, '_>) -> String {
        match &self.source {
            TextSource::Blocks(selected) => render::markdown(source, selected),
            TextSource::Data => {
                let paragraphs = self.text.split(PARAGRAPH).map(escape_paragraph);
                paragraphs.collect::<Vec<_>>().join(PARAGRAPH)
            }
        }
    }

    /// The pictures of the text, in order.
    pub fn images(&self, source: &render::Source<'_, '_>) -> Vec<Image> {
        match &self.source {
            TextSource::Blocks(_) => render::images(source),
            TextSource::Data => Vec::new(),
        }
    }

    /// The links of the text, in order.
    pub fn links(&self, source: &render::Source<'_, '_>) -> Vec<Link> {
        match &self.source {
            TextSource::Blocks(selected) => render::links(source, selected),
            TextSource::Data => Vec::new(),
        }
    }

    /// The text as plain semantic HTML.
    pub fn html(&self, source: &render::Source<'_, '_>) -> String {
        match &self.source {
            TextSource::Blocks(selected) => render::html(source, selected),
            TextSource::Data => {
                let paragraphs = self.text.split(PARAGRAPH).filter(|it| !it.is_empty());
                let tagged = paragraphs.map(|it| format!("<p>{}</p>\n", escape_html(it)));
                tagged.collect()
            }
        }
    }
}

/// The separator of paragraphs.
const PARAGRAPH: &str = "\n\n";

/// The text that the page's own data holds.
fn text_of_data(page: &Page<'_>, fields: &Fields) -> String {
    let stated = fields.article_body.as_deref().unwrap_or_default();
    if stated.len() >= NEXT_TO_NOTHING {
        return joined(stated.lines());
    }
    let embedded = embedded::paragraphs(&page.input, page.limits);
    joined(embedded.iter().map(String::as_str))
}

fn joined<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let paragraphs: Vec<&str> = lines
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    paragraphs.join(PARAGRAPH)
}
