//! How a parsed page becomes a verdict and a text, stage by stage: [`Analysis::run`]. The record,
//! `explain`, the benchmark, the feature export and the selector report all read its result; none of
//! them runs a stage of its own.

use std::borrow::Cow;
use std::convert::Infallible;

use url::Url;

use crate::extract::classify::page_features::score_page;
use crate::extract::classify::{Classification, PageEvidence, classify};
use crate::extract::decide::body::Body;
use crate::extract::decide::scoring::{FirstPass, Scoring, SecondPass, score_blocks};
use crate::extract::decide::site_memory::{PageFingerprint, SiteMemory};
use crate::extract::decide::{decide, headings, live_blog_gallery};
use crate::extract::features::PageView;
use crate::extract::fields::{self, Fields};
use crate::extract::model::Model;
use crate::extract::options::Options;
use crate::extract::rules::{self, site::SiteRules};
use crate::extract::segment::blocks::Blocks;
use crate::extract::segment::marks::Marks;
use crate::extract::text::body_text::{BodyText, DataSource};
use crate::extract::text::{quality, render, state};
use crate::page::{Document, Input, Page, Tag};

/// A stage of an extraction; each needs the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Bytes to text, text to a tree and its dense arrays.
    Parse,
    /// Title, authors, dates and the other fields.
    Fields,
    /// Rules matched, blocks cut.
    Blocks,
    /// The features of the first scoring pass.
    Features,
    /// Both scoring passes.
    Scores,
    /// The record.
    Record,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Stage; 6] = [
        Stage::Parse,
        Stage::Fields,
        Stage::Blocks,
        Stage::Features,
        Stage::Scores,
        Stage::Record,
    ];
}

/// What a page is analysed with.
#[derive(Clone, Copy)]
pub(super) struct Context<'c> {
    /// The selectors that users wrote for the page's source and host.
    pub(super) site: &'c SiteRules,
    /// What the articles of the page's host have in common, if that is known.
    pub(super) memory: Option<&'c SiteMemory>,
    /// What scores blocks and pages.
    pub(super) model: &'c Model,
    /// What the record is to hold.
    pub(super) options: &'c Options,
    /// Which blocks' features of the second pass are computed.
    pub(super) second_pass: SecondPass,
}

/// Called at the end of each stage; an error ends the analysis.
pub(super) type Watch<'w, E> = &'w dyn Fn(Stage) -> Result<(), E>;

/// Whether users' selectors cut the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SiteCuts {
    Applied,
    /// They are wrong for this page: they would leave no text.
    Ignored,
}

/// Everything that was found out about a page.
pub(super) struct Analysis<'p> {
    pub(super) page: &'p Page<'p>,
    pub(super) context: Context<'p>,
    /// Title, authors, dates and the other fields.
    pub(super) fields: Fields,
    /// Which rule applies to each node.
    pub(super) marks: Marks,
    /// The page as blocks of text.
    pub(super) blocks: Blocks,
    /// How probably each block is text.
    pub(super) scoring: Scoring,
    /// Which blocks are the article, and why.
    pub(super) body: Body,
    /// What the memory of the site may learn from the page; empty where there is no memory.
    pub(super) fingerprint: PageFingerprint,
    /// The text.
    pub(super) text: BodyText,
    /// The language of the text.
    pub(super) language: Option<String>,
    /// What the page is.
    pub(super) classification: Classification,
    /// How good the text is likely to be, 0 to 1.
    pub(super) quality: f64,
    cuts: SiteCuts,
}

impl<'p> Analysis<'p> {
    /// Analyses a page. Where users' selectors leave no text, they are wrong for this page, and it is
    /// analysed without what they cut: better the general extraction than nothing.
    pub(super) fn run(page: &'p Page<'p>, context: Context<'p>) -> Analysis<'p> {
        let Ok(analysis) = Analysis::watched(page, context, &|_| Ok::<(), Infallible>(()));
        analysis
    }

    /// The same, as long as `watch` lets it go on.
    pub(super) fn watched<E>(
        page: &'p Page<'p>,
        context: Context<'p>,
        watch: Watch<'_, E>,
    ) -> Result<Analysis<'p>, E> {
        let analysis = Analysis::stages(page, context, SiteCuts::Applied, watch)?;
        if context.site.cuts() && !analysis.body.has_text() {
            return Analysis::stages(page, context, SiteCuts::Ignored, watch);
        }
        Ok(analysis)
    }

    fn stages<E>(
        page: &'p Page<'p>,
        context: Context<'p>,
        cuts: SiteCuts,
        watch: Watch<'_, E>,
    ) -> Result<Analysis<'p>, E> {
        let site = match cuts {
            SiteCuts::Applied => Cow::Borrowed(context.site),
            SiteCuts::Ignored => Cow::Owned(context.site.without_cuts()),
        };
        // What the page states.
        let mut fields = fields::collect(page, &site);
        watch(Stage::Fields)?;
        // The page as blocks, each with the rule that applies to it.
        let marks = Marks::new(&page.tree, &rules::BUILT_IN, &site);
        let blocks = Blocks::new(&page.tree, &rules::BUILT_IN, &marks, page.limits.blocks);
        watch(Stage::Blocks)?;
        // How probably each block is part of the article.
        let view = view(page, &marks, &blocks, &fields);
        let first = FirstPass::new(&view, context.model);
        watch(Stage::Features)?;
        let scoring = score_blocks(&view, first, context.model, context.second_pass);
        watch(Stage::Scores)?;
        // Which blocks are.
        let container = site.container(&page.tree);
        let (mut body, fingerprint) = decide(&view, container, &scoring, context.memory);
        live_blog_gallery::keep_parts(&view, &mut body);
        headings::drop_without_text(&view, &mut body);
        // What they say, what that makes the page, and how good it is.
        let mut text = BodyText::of(&blocks, &body, &context.options.include);
        if text.is_next_to_nothing()
            && let Some(data) = text_of_data(page, &fields, &site, context)
            && text.yields_to(&data)
        {
            text = data;
        }
        let language = fields::language_of_page(fields.language.as_deref(), &text.text);
        // An `article` selector has said that there is an article; and a page that scripts fill has
        // nothing to score.
        let is_scored = body.container.is_none() && !text.is_from_data();
        let score = is_scored.then(|| score_page(&view, &scoring, &body, context.model));
        let classification = classify(&PageEvidence {
            page,
            blocks: &blocks,
            words: &scoring.stats.words,
            body: &body,
            fields: &fields,
            text: &text.text,
            score: score.flatten(),
            address: page.input.evidence,
            min_words: site.min_words(),
            any_kind: context.options.any_kind,
        });
        let quality = text
            .quality_of_data()
            .unwrap_or_else(|| quality::quality(&blocks, &body, context.model));
        // What other pages show to be the site's, once nothing reads the fields any more.
        if let Some(memory) = context.memory {
            trim_title(&mut fields, memory, &fingerprint);
        }
        Ok(Analysis {
            page,
            context,
            fields,
            marks,
            blocks,
            scoring,
            body,
            fingerprint,
            text,
            language,
            classification,
            quality,
            cuts,
        })
    }

    /// The page as features and reasons are made from it.
    pub(super) fn view(&self) -> PageView<'_, 'p> {
        view(self.page, &self.marks, &self.blocks, &self.fields)
    }

    /// What links of the page are resolved against.
    pub(super) fn base(&self) -> Option<&Url> {
        self.fields.base.as_ref()
    }

    /// The article as the renderers read it.
    pub(super) fn source(&self) -> render::Source<'_, 'p> {
        render::Source {
            tree: &self.page.tree,
            marks: &self.marks,
            blocks: &self.blocks,
            body: &self.body,
            base: self.base(),
            images: self.context.options.images,
        }
    }

    /// True where users' selectors would have left no text, and the page has some without them.
    pub(super) fn selectors_gave_way(&self) -> bool {
        self.cuts == SiteCuts::Ignored && self.body.has_text()
    }

    /// The `article` selectors that users wrote, where none of them finds anything.
    pub(super) fn missed_selectors(&self) -> Option<String> {
        let selectors = self.context.site.article_selectors();
        selectors.filter(|_| self.body.container.is_none() && !self.selectors_gave_way())
    }
}

/// Cuts off the title what the titles of the site's other articles have, too, unless readers see it there.
fn trim_title(fields: &mut Fields, memory: &SiteMemory, fingerprint: &PageFingerprint) {
    let title = fields.title.as_deref().filter(|_| !fields.is_title_shown);
    if let Some((title, cuts)) = title.and_then(|it| memory.trim_title(it, fingerprint)) {
        fields.title = Some(title);
        fields.title_cuts = cuts;
    }
}

/// The text that the page's own data holds. It is read as the page that scripts would make of it.
fn text_of_data(
    page: &Page<'_>,
    fields: &Fields,
    site: &SiteRules,
    context: Context<'_>,
) -> Option<BodyText> {
    let texts = state::texts(page, fields).into_iter();
    let read = texts.map(|it| read_data(&it, page, fields, site, context));
    // Later ones are surer where they hold as much.
    read.reduce(|best, next| {
        if next.text.len() * 10 >= best.text.len() * 9 {
            next
        } else {
            best
        }
    })
}

fn read_data(
    data: &state::DataText,
    page: &Page<'_>,
    fields: &Fields,
    site: &SiteRules,
    context: Context<'_>,
) -> BodyText {
    let input = Input::new(data.markup.as_bytes()).with_content_type("text/html; charset=utf-8");
    let document = Document::parse(&input, page.limits);
    let made = document.page();
    let marks = Marks::new(&made.tree, &rules::BUILT_IN, site);
    let blocks = Blocks::new(&made.tree, &rules::BUILT_IN, &marks, page.limits.blocks);
    let view = view(&made, &marks, &blocks, fields);
    let first = FirstPass::new(&view, context.model);
    let scoring = score_blocks(&view, first, context.model, SecondPass::OpenBlocks);
    let container = made.tree.elements(Tag::Article).next();
    let container = container
        .filter(|_| data.is_article)
        .map(|id| (id, u16::MAX));
    let (mut body, _) = decide(&view, container, &scoring, None);
    live_blog_gallery::keep_parts(&view, &mut body);
    headings::drop_without_text(&view, &mut body);
    let text = BodyText::of(&blocks, &body, &context.options.include);
    let source = render::Source {
        tree: &made.tree,
        marks: &marks,
        blocks: &blocks,
        body: &body,
        base: fields.base.as_ref(),
        images: context.options.images,
    };
    let options = context.options;
    let if_wanted = |is_wanted: bool, render: &dyn Fn() -> String| {
        if is_wanted { render() } else { String::new() }
    };
    let rendered = DataSource {
        markdown: if_wanted(options.markdown, &|| text.markdown(&source)),
        html: if_wanted(options.html, &|| text.html(&source)),
        images: if options.images {
            text.images(&source)
        } else {
            Vec::new()
        },
        links: if options.links {
            text.links(&source)
        } else {
            Vec::new()
        },
        quality: data.quality,
    };
    BodyText::from_data(text.text, rendered)
}

fn view<'v, 'p>(
    page: &'p Page<'p>,
    marks: &'v Marks,
    blocks: &'v Blocks,
    fields: &'v Fields,
) -> PageView<'v, 'p> {
    PageView {
        tree: &page.tree,
        marks,
        rules: &rules::BUILT_IN,
        blocks,
        fields,
    }
}
