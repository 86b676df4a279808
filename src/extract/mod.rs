//! Bytes in, [`Article`] out: decode, parse, mark by rules, cut into blocks, choose the body, take
//! the fields, assemble. Pure and synchronous: no I/O, no clock, no globals that change. It never
//! fails and never panics: it returns what it has, with warnings.

pub mod bench;
mod classify;
mod decide;
pub mod explain;
pub mod feature_export;
mod features;
pub mod fields;
pub mod model;
mod rules;
mod segment;
pub mod selector_report;
pub(crate) mod text;

pub use decide::{reason, site_memory};

pub use classify::VerdictReason;
pub use rules::index::{SelectorError, parse as parse_selector};
pub use rules::site::{SelectorLayer, SiteRules};

use std::sync::Arc;

use url::Url;

use crate::article::{self, Article, EXTRACTOR, Role};
use crate::canonical;
use crate::limits::Limits;
use crate::page::{Document, Input, Page, Tree};
use crate::verdict::Verdict;
use classify::page_features::score_page;
use decide::body::Body;
use decide::site_memory::{PageFingerprint, SiteMemory};
use decide::{live_blog_gallery, scoring};
use features::PageView;
use fields::Fields;
use model::Model;
use segment::blocks::Blocks;
use segment::marks::Marks;
pub use text::render;
use text::{assemble, embedded, quality};

/// Extracts the article of a page with the built-in rules.
pub fn extract(bytes: &[u8], url: Option<&Url>) -> Article {
    Extractor::default()
        .extract(&Input::new(bytes).with_url(url))
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
    /// Fill [`Article::blocks`].
    pub blocks: bool,
    /// Main text also of pages that are no articles.
    pub any_kind: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            include: Role::DEFAULT.to_vec(),
            markdown: false,
            html: false,
            blocks: false,
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
    /// Whether the page is an article, and what it is if not.
    pub verdict: Verdict,
    /// What the verdict rests on.
    pub why: VerdictReason,
    /// Where the article goes on, if a user's `next_page` selector finds a link.
    pub next_page: Option<Url>,
    /// What the page would teach the memory of its site; empty where the extractor was given none
    /// ([`Extractor::remembering`]), not even an empty one.
    pub fingerprint: PageFingerprint,
    /// The `article` selectors that a user wrote, where they find nothing on this page.
    pub missed: Option<String>,
}

/// The extractor: rules compiled once, used for any number of pages from any number of threads.
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    options: Options,
    /// The built-in one where there is none.
    model: Option<Arc<Model>>,
    /// What the articles of the page's site have in common.
    memory: Option<Arc<SiteMemory>>,
}

impl Extractor {
    /// An extractor with the built-in rules.
    pub fn new(options: Options) -> Extractor {
        Extractor {
            options,
            model: None,
            memory: None,
        }
    }

    /// The same with another model, such as one that training has just made.
    pub fn with_model(self, model: Model) -> Extractor {
        Extractor {
            model: Some(Arc::new(model)),
            ..self
        }
    }

    /// The same for pages of one site, of whose articles this is known.
    pub fn remembering(&self, memory: Arc<SiteMemory>) -> Extractor {
        Extractor {
            memory: Some(memory),
            ..self.clone()
        }
    }

    fn model(&self) -> &Model {
        self.model.as_deref().unwrap_or(&model::BUILT_IN)
    }

    /// The same for pages of any kind: further pages of an article need not look like one.
    pub fn of_any_kind(&self) -> Extractor {
        let mut other = self.clone();
        other.options.any_kind = true;
        other
    }

    /// Decodes, parses and extracts one page.
    pub fn extract(&self, input: &Input<'_>) -> Extraction {
        self.extract_with(input, &SiteRules::default())
    }

    /// The same with the rules of the page's source and host.
    pub fn extract_with(&self, input: &Input<'_>, site: &SiteRules) -> Extraction {
        let document = Document::parse(input, &Limits::DEFAULT);
        self.extract_page(&document.page(), site)
    }

    /// Extracts a page that is parsed already, with the rules of its source and host.
    pub fn extract_page(&self, page: &Page<'_>, site: &SiteRules) -> Extraction {
        let fields = fields::collect(page, site);
        let decided = self.decide(page, fields, site);
        self.record_of(page, decided, site)
    }

    /// Decides about every block. Selectors of a user that leave no text give way: then they are
    /// wrong for this page, and the general extraction is better than nothing.
    fn decide(&self, page: &Page<'_>, fields: Fields, site: &SiteRules) -> Decided {
        let mut decided = self.decide_blocks(page, fields, site);
        if site.cuts() && !decided.body.has_text() {
            let fields = std::mem::take(&mut decided.fields);
            decided = self.decide_blocks(page, fields, &site.without_cuts());
            decided.gave_way = decided.body.has_text();
        }
        decided
    }

    fn decide_blocks(&self, page: &Page<'_>, fields: Fields, site: &SiteRules) -> Decided {
        let cut = Cut::new(page, site);
        let view = cut.view(&page.tree, &fields);
        let scoring = scoring::score_blocks(&view, self.model());
        let memory = self.memory.as_deref();
        let (mut body, fingerprint) =
            decide::decide(&view, site.container(&page.tree), &scoring, memory);
        live_blog_gallery::keep_parts(&view, &mut body);
        Decided {
            fields,
            cut,
            scoring,
            body,
            fingerprint,
            gave_way: false,
        }
    }

    /// The record of a page whose blocks are decided.
    fn record_of(&self, page: &Page<'_>, decided: Decided, site: &SiteRules) -> Extraction {
        let (input, tree) = (&page.input, &page.tree);
        let all = self.options.blocks.then(|| decided.told(tree, site));
        let Decided {
            fields,
            cut,
            scoring,
            body,
            fingerprint,
            gave_way,
            ..
        } = decided;
        let view = cut.view(tree, &fields);
        let base = fields.base.clone().or_else(|| input.url.cloned());
        let source = render::Source {
            tree,
            marks: &cut.marks,
            blocks: &cut.blocks,
            body: &body,
            base: base.as_ref(),
        };
        let written = self.write(page, &source, &fields);
        // Whoever names the article's element has said that there is one; and a page that scripts
        // fill shows nothing to look at.
        let is_asked = body.container.is_none() && !written.from_data;
        let look = is_asked.then(|| score_page(&view, &scoring, &body, self.model()));
        let judged = classify::classify(&classify::PageEvidence {
            bytes: input.bytes,
            tree,
            blocks: &cut.blocks,
            body: &body,
            fields: &fields,
            url: input.url,
            text: &written.text,
            look: look.flatten(),
        });
        let (quality, mut doubts) = if written.from_data {
            (quality::FROM_DATA, vec!["text_from_data"])
        } else {
            let quality = quality::quality(&cut.blocks, &body, self.model());
            (quality, quality::warnings(&cut.blocks, &body))
        };
        let missed = site.article_selectors();
        let missed = missed.filter(|_| body.container.is_none() && !gave_way);
        if gave_way {
            doubts.push("rules_took_all");
        }
        if cut.blocks.truncated {
            doubts.push("truncated");
        }
        if missed.is_some() {
            doubts.push("article_selector_missed");
        }
        let mut extraction = self.record(page, fields, written, &judged);
        extraction.next_page = site.next_page(tree, base.as_ref());
        let article = &mut extraction.article;
        if let Some(memory) = self
            .memory
            .as_deref()
            .filter(|it| it.others(&fingerprint) > 0)
        {
            article.extractor = format!("{EXTRACTOR} {}", memory.name(&fingerprint));
        }
        extraction.fingerprint = fingerprint;
        extraction.missed = missed;
        article.blocks = all;
        article.quality = quality;
        for doubt in doubts {
            if !article.warnings.iter().any(|it| it == doubt) {
                article.warnings.push(doubt.to_owned());
            }
        }
        extraction
    }

    /// The text in the forms asked for; the page's own data stands in where its markup holds next
    /// to none.
    fn write(&self, page: &Page<'_>, source: &render::Source<'_, '_>, fields: &Fields) -> Written {
        let selected = assemble::select(source.body, &self.options.include);
        let text = assemble::text(source.blocks, source.body, &selected);
        if text.len() < NEXT_TO_NOTHING {
            let own = self.own_data(page, fields);
            if text.len() * CLEARLY_LONGER < own.text.len() {
                return own;
            }
        }
        Written {
            markdown: self
                .options
                .markdown
                .then(|| render::markdown(source, &selected)),
            html: self.options.html.then(|| render::html(source, &selected)),
            text,
            from_data: false,
        }
    }

    fn own_data(&self, page: &Page<'_>, fields: &Fields) -> Written {
        let stated = fields.article_body.as_deref().unwrap_or_default();
        if stated.len() >= NEXT_TO_NOTHING {
            return Written::from_plain(stated.lines(), &self.options);
        }
        let embedded = embedded::paragraphs(&page.input, page.limits);
        Written::from_plain(embedded.iter().map(String::as_str), &self.options)
    }

    fn record(
        &self,
        page: &Page<'_>,
        fields: Fields,
        written: Written,
        judged: &classify::Classification,
    ) -> Extraction {
        let url = page.input.url.map(Url::to_string).unwrap_or_default();
        let canonical = fields.canonical.as_ref().or(page.input.url);
        let canonical = canonical.map(canonical::canonical);
        let mut warnings: Vec<String> = fields.warnings.iter().map(|&it| it.to_owned()).collect();
        for (applies, warning) in [
            (page.charset_guessed, "charset_guessed"),
            (page.truncated, "truncated"),
        ] {
            if applies {
                warnings.push(warning.to_owned());
            }
        }
        let language = fields::detected_language(fields.language, &written.text);
        let shown = judged.verdict.is_article() || self.options.any_kind;
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
            language,
            site_name: fields.site_name,
            image: fields.image,
            access: fields.access,
            word_count: if shown { judged.words } else { 0 },
            content_hash: canonical::digest(crate::page::text::plain(&written.text).as_bytes()),
            rights: fields.rights,
            text: written.text,
            markdown: written.markdown,
            html: written.html,
            warnings,
            revision: 1,
            extractor: EXTRACTOR.to_owned(),
            ..Article::default()
        };
        // Whoever wants the text of any page and gets none is told why.
        let has_none = self.options.any_kind && article.text.is_empty();
        let (verdict, why) = if has_none && judged.why != VerdictReason::StandIn {
            (Verdict::Empty, VerdictReason::NoText)
        } else {
            (judged.verdict, judged.why)
        };
        Extraction {
            article,
            verdict,
            why,
            next_page: None,
            fingerprint: PageFingerprint::default(),
            missed: None,
        }
    }
}

/// Markup with fewer bytes of text than this has next to none.
const NEXT_TO_NOTHING: usize = 400;
/// The page's own data must hold this many times as much to stand in.
const CLEARLY_LONGER: usize = 3;

/// A page marked and cut into blocks.
#[derive(Debug)]
struct Cut {
    marks: Marks,
    blocks: Blocks,
}

impl Cut {
    fn new(page: &Page<'_>, site: &SiteRules) -> Cut {
        let marks = Marks::new(&page.tree, &rules::BUILT_IN, site);
        let blocks = Blocks::new(&page.tree, &marks, page.limits.blocks);
        Cut { marks, blocks }
    }

    /// All that is known of the page before it is scored.
    fn view<'p, 'a>(&'p self, tree: &'p Tree<'a>, fields: &'p Fields) -> PageView<'p, 'a> {
        PageView {
            tree,
            marks: &self.marks,
            rules: &rules::BUILT_IN,
            blocks: &self.blocks,
            fields,
        }
    }
}

/// A page whose blocks are decided.
struct Decided {
    fields: Fields,
    cut: Cut,
    scoring: scoring::Scoring,
    body: Body,
    fingerprint: PageFingerprint,
    /// A user's selectors left no text, and were not heard.
    gave_way: bool,
}

impl Decided {
    /// Every block, and what became of it.
    fn told(&self, tree: &Tree<'_>, site: &SiteRules) -> Vec<article::Block> {
        let view = self.cut.view(tree, &self.fields);
        let told = |block| article::Block {
            role: self.body.roles[block],
            text: self.cut.blocks.text(block).to_owned(),
            dropped: (!self.body.verdicts[block].is_kept())
                .then(|| reason::reason(&view, site, &self.body, block).reason),
        };
        (0..self.body.verdicts.len()).map(told).collect()
    }
}

/// The body in the forms asked for.
#[derive(Debug, Default)]
struct Written {
    text: String,
    markdown: Option<String>,
    html: Option<String>,
    /// It is the page's own data, not its markup.
    from_data: bool,
}

impl Written {
    /// From lines that came without markup.
    fn from_plain<'t>(lines: impl Iterator<Item = &'t str>, options: &Options) -> Written {
        let paragraphs: Vec<&str> = lines
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
            from_data: true,
        }
    }
}

#[cfg(test)]
mod tests;
