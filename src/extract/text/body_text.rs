//! The text of the body: the kept blocks or, where the markup holds next to no text, what the page's
//! own data says.

use crate::article::{Image, Link, Role};
use crate::extract::decide::body::Body;
use crate::extract::segment::blocks::Blocks;
use crate::extract::text::{assemble, render};

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
    Data(DataSource),
}

/// A text out of a page's own data, as it is rendered.
#[derive(Debug)]
pub struct DataSource {
    /// The text as Markdown, if it was asked for.
    pub markdown: String,
    /// The text as HTML, if it was asked for.
    pub html: String,
    /// The pictures of the text, if they were asked for.
    pub images: Vec<Image>,
    /// The links of the text, if they were asked for.
    pub links: Vec<Link>,
    /// The F1 to expect of the text.
    pub quality: f64,
}

impl BodyText {
    /// The text of the roles asked for.
    pub fn of(blocks: &Blocks, body: &Body, include: &[Role]) -> BodyText {
        let selected = assemble::select(body, include);
        BodyText {
            text: assemble::text(blocks, body, &selected),
            source: TextSource::Blocks(selected),
        }
    }

    /// A text that was read out of the page's own data.
    pub fn from_data(text: String, source: DataSource) -> BodyText {
        BodyText {
            text,
            source: TextSource::Data(source),
        }
    }

    /// True where the markup holds so little text that the page's data is asked.
    pub fn is_next_to_nothing(&self) -> bool {
        self.text.len() < NEXT_TO_NOTHING
    }

    /// True where this text of the page's data is to be used in place of the markup's.
    pub fn yields_to(&self, data: &BodyText) -> bool {
        self.text.len() * CLEARLY_LONGER < data.text.len()
    }

    /// The F1 to expect, where the text is the page's own data, not its markup.
    pub fn quality_of_data(&self) -> Option<f64> {
        match &self.source {
            TextSource::Data(source) => Some(source.quality),
            TextSource::Blocks(_) => None,
        }
    }

    /// True where the text is the page's own data, not its markup.
    pub fn is_from_data(&self) -> bool {
        matches!(self.source, TextSource::Data(_))
    }

    /// The text as Markdown.
    pub fn markdown(&self, source: &render::Source<'_, '_>) -> String {
        match &self.source {
            TextSource::Blocks(selected) => render::markdown(source, selected),
            TextSource::Data(data) => data.markdown.clone(),
        }
    }

    /// The pictures of the text, in order.
    pub fn images(&self, source: &render::Source<'_, '_>) -> Vec<Image> {
        match &self.source {
            TextSource::Blocks(_) => render::images(source),
            TextSource::Data(data) => data.images.clone(),
        }
    }

    /// The links of the text, in order.
    pub fn links(&self, source: &render::Source<'_, '_>) -> Vec<Link> {
        match &self.source {
            TextSource::Blocks(selected) => render::links(source, selected),
            TextSource::Data(data) => data.links.clone(),
        }
    }

    /// The text as plain semantic HTML.
    pub fn html(&self, source: &render::Source<'_, '_>) -> String {
        match &self.source {
            TextSource::Blocks(selected) => render::html(source, selected),
            TextSource::Data(data) => data.html.clone(),
        }
    }
}
