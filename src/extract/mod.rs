//! Bytes in, [`Article`] out: decode, parse, mark by rules, cut into blocks, choose the body, take
//! the fields, assemble. Pure and synchronous: no I/O, no clock, no globals that change. It never
//! fails and never panics: it returns what it has, with warnings.

pub mod metadata;
pub mod render;

mod assemble;
mod blocks;
mod body;
mod judge;
mod marks;
mod rules;
mod site;
mod table;

pub use rules::index::{SelectorError, parse as parse_selector};
pub use site::{Selectors, SiteRules};

use url::Url;

use crate::article::{Article, EXTRACTOR, Role};
use crate::canonical;
use crate::limits::Limits;
use crate::outcome::Outcome;
use crate::page::{Document, Input, Tree, text};
use blocks::Blocks;
use body::Body;
use marks::{Marks, Strictness};
use metadata::Metadata;
use rules::Rules;

/// Extracts the article of a page with the built-in rules.
pub fn extract(bytes: &[u8], url: Option<&Url>) -> Article {
    Extractor::default()
        .extract(&Input {
            bytes,
            url,
            ..Input::default()
        })
        .article
}

/// What an extraction should hold besides the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The roles that make the text.
    pub include: Vec<Role>,
    /// Fill [`Article::markdown`].
    pub markdown: bool,
    /// Fill [`Article::html`].
    pub html: bool,
    /// Main text also of pages that are no articles.
    pub any_kind: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            include: Role::DEFAULT.to_vec(),
            markdown: false,
            html: false,
            any_kind: false,
        }
    }
}

/// A page's record and the verdict on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The record; its text is empty where the verdict is no article, unless
    /// [`Options::any_kind`] asks for it.
    pub article: Article,
    /// [`Outcome::Stored`] for an article, else why there is none.
    pub verdict: Outcome,
}

/// The extractor: rules compiled once, used for any number of pages from any number of threads.
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    options: Options,
}

impl Extractor {
    /// An extractor with the built-in rules.
    pub fn new(options: Options) -> Extractor {
        Extractor { options }
    }

    /// Decodes, parses and extracts one page.
    pub fn extract(&self, input: &Input<'_>) -> Extraction {
        let document = Document::parse(input, &Limits::DEFAULT);
        self.extract_tree(input, &document, &document.tree(), &SiteRules::default())
    }

    /// Extracts a page that is parsed already, with a source's own rules.
    pub fn extract_tree(
        &self,
        input: &Input<'_>,
        document: &Document,
        tree: &Tree<'_>,
        site: &SiteRules,
    ) -> Extraction {
        let rules = &*rules::BUILT_IN;
        let mut fields = metadata::collect(tree, input.url, input.x_robots_tag);
        site.override_fields(tree, &mut fields);
        let cut = Cut::new(tree, rules, site, &fields);
        let base = fields.base.clone().or_else(|| input.url.cloned());
        let source = render::Source {
            tree,
            marks: &cut.marks,
            blocks: &cut.blocks,
            body: &cut.body,
            base: base.as_ref(),
        };
        let written = self.write(&source, &fields);
        let judged = judge::judge(
            tree,
            &cut.blocks,
            &cut.body,
            &fields,
            input.url,
            &written.text,
        );
        self.record(input, document, fields, written, &judged)
    }

    /// The text in the forms asked for; the page's own data stands in where its markup holds none.
    fn write(&self, source: &render::Source<'_, '_>, fields: &Metadata) -> Written {
        let selected = assemble::select(source.body, &self.options.include);
        let text = assemble::text(source.blocks, source.body, &selected);
        if let Some(own) = &fields.article_body
            && text.len() * 4 < own.len()
        {
            return Written::from_plain(own, &self.options);
        }
        Written {
            markdown: self
                .options
                .markdown
                .then(|| render::markdown(source, &selected)),
            html: self.options.html.then(|| render::html(source, &selected)),
            text,
        }
    }

    fn record(
        &self,
        input: &Input<'_>,
        document: &Document,
        fields: Metadata,
        written: Written,
        judged: &judge::Judgement,
    ) -> Extraction {
        let url = input.url.map(Url::to_string).unwrap_or_default();
        let canonical = fields
            .canonical
            .or_else(|| input.url.map(canonical::canonical));
        let mut warnings: Vec<String> = fields.warnings.iter().map(|&it| it.to_owned()).collect();
        for (applies, warning) in [
            (document.charset_guessed, "charset_guessed"),
            (document.truncated, "truncated"),
        ] {
            if applies {
                warnings.push(warning.to_owned());
            }
        }
        let shown = judged.verdict == Outcome::Stored || self.options.any_kind;
        let written = if shown { written } else { Written::default() };
        let article = Article {
            id: canonical.as_ref().map(canonical::id).unwrap_or_default(),
            final_url: url.clone(),
            url,
            canonical_url: canonical.map(String::from).unwrap_or_default(),
            kind: judged.kind,
            title: fields.title,
            description: fields.description,
            authors: fields.authors,
            published: fields.published,
            modified: fields.modified,
            section: fields.section,
            tags: fields.tags,
            language: fields.language,
            site_name: fields.site_name,
            image: fields.image,
            access: fields.access,
            word_count: text::word_count(&written.text),
            content_hash: canonical::digest(text::plain(&written.text).as_bytes()),
            quality: judged.quality,
            rights: fields.rights,
            text: written.text,
            markdown: written.markdown,
            html: written.html,
            warnings,
            revision: 1,
            extractor: EXTRACTOR.to_owned(),
            ..Article::default()
        };
        Extraction {
            article,
            verdict: judged.verdict,
        }
    }
}

/// A page marked, cut into blocks and decided.
struct Cut {
    marks: Marks,
    blocks: Blocks,
    body: Body,
}

/// A body shorter than this, in characters, is doubted.
const THIN_CHARS: usize = 500;
/// It gives way to one that is this many times as long.
const CLEARLY_LONGER: usize = 3;

impl Cut {
    /// Decides with all rules; where those leave next to nothing, once more with the certain ones
    /// alone, and takes that if it finds clearly more.
    fn new(tree: &Tree<'_>, rules: &Rules, site: &SiteRules, fields: &Metadata) -> Cut {
        let cut = Cut::with(tree, rules, site, fields, Strictness::All);
        let chars = cut.kept_chars();
        if chars >= THIN_CHARS {
            return cut;
        }
        let lenient = Cut::with(tree, rules, site, fields, Strictness::Certain);
        let longer = lenient.kept_chars() > (chars * CLEARLY_LONGER).max(THIN_CHARS);
        if longer { lenient } else { cut }
    }

    fn with(
        tree: &Tree<'_>,
        rules: &Rules,
        site: &SiteRules,
        fields: &Metadata,
        strictness: Strictness,
    ) -> Cut {
        let marks = Marks::new(tree, rules, site, strictness);
        let blocks = Blocks::new(tree, &marks);
        let body = body::choose(&body::Page {
            tree,
            marks: &marks,
            blocks: &blocks,
            rules,
            title: fields.title.as_deref(),
            description: fields.description.as_deref(),
            authors: &fields.authors,
            container: site.container(tree),
        });
        Cut {
            marks,
            blocks,
            body,
        }
    }

    fn kept_chars(&self) -> usize {
        self.body
            .kept()
            .map(|block| self.blocks.list[block].chars)
            .sum()
    }
}

/// The body in the forms asked for.
#[derive(Debug, Default)]
struct Written {
    text: String,
    markdown: Option<String>,
    html: Option<String>,
}

impl Written {
    /// From text that came without markup, paragraphs parted by line breaks.
    fn from_plain(plain: &str, options: &Options) -> Written {
        let paragraphs: Vec<&str> = plain
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let text = paragraphs.join("\n\n");
        let html = || {
            let tagged = paragraphs
                .iter()
                .map(|it| format!("<p>{}</p>\n", render::escape_html(it)));
            tagged.collect()
        };
        Written {
            markdown: options.markdown.then(|| text.clone()),
            html: options.html.then(html),
            text,
        }
    }
}

#[cfg(test)]
mod tests;
