//! The record of a page, read from what [`Analysis`] found.

use url::Url;

use crate::article::{Article, Block, EXTRACTOR, Image, Kind, Link, SCHEMA_VERSION};
use crate::canonical;
use crate::extract::classify::VerdictReason;
use crate::extract::classify::note::note;
use crate::extract::decide::reason::reason;
use crate::extract::decide::site_memory::PageFingerprint;
use crate::extract::pipeline::Analysis;
use crate::extract::text::quality;
use crate::page::text::plain;
use crate::verdict::Verdict;

/// A page's record, and the verdict on the page.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Extraction {
    /// The record. Its text is empty where the verdict is no article, unless
    /// [`Options::any_kind`](crate::extract::Options::any_kind) asks for it.
    pub article: Article,
    /// Whether the page is an article, and what it is if not.
    pub verdict: Verdict,
    /// What the verdict rests on.
    pub why: VerdictReason,
    /// What stands on a page without an article, in one line with what to do about it, where the verdict alone
    /// does not say all: which bot check, a script shell.
    pub note: Option<String>,
    /// The next page of the article: what a user's `next_page` selector finds, or else a link of the page whose
    /// address is this page's with the next number.
    pub next_page: Option<Url>,
    /// What the memory of the page's site may learn from it; empty where the extractor has no memory
    /// ([`Extractor::with_memory`](crate::Extractor::with_memory)), not even an empty one.
    pub fingerprint: PageFingerprint,
    /// The `article` selectors that a user wrote, where none of them finds anything on this page.
    pub missed_selectors: Option<String>,
}

/// The record of an analysed page.
pub(super) fn extraction(mut analysis: Analysis<'_>) -> Extraction {
    let site = analysis.context.site;
    let missed_selectors = analysis.missed_selectors();
    let selected = site.next_page(&analysis.page.tree, analysis.base());
    let next_page =
        selected.or_else(|| has_pages(&analysis).then(|| analysis.fields.next_page.clone())?);
    let derived = Derived::of(&analysis, missed_selectors.is_some());
    Extraction {
        verdict: analysis.classification.verdict,
        why: analysis.classification.why,
        note: note(analysis.page, analysis.classification.verdict),
        next_page,
        fingerprint: std::mem::take(&mut analysis.fingerprint),
        missed_selectors,
        article: article(analysis, derived),
    }
}

/// True for a page whose next page may be joined to it: not a live blog, whose pages are older entries, and no
/// list.
fn has_pages(analysis: &Analysis<'_>) -> bool {
    let classification = &analysis.classification;
    let is_article = classification.verdict.is_article() || analysis.context.options.any_kind;
    is_article && matches!(classification.kind, Kind::Article | Kind::Gallery)
}

fn article(analysis: Analysis<'_>, derived: Derived) -> Article {
    let url = analysis.page.input.url;
    let canonical = analysis.fields.canonical.as_ref().or(url);
    let canonical = canonical.map(canonical::canonical);
    let url = url.map(Url::to_string);
    let id = canonical
        .as_ref()
        .map_or_else(|| id_of_text(&analysis), canonical::id);
    let (fields, classification) = (analysis.fields, analysis.classification);
    let (text, word_count) = if derived.is_shown {
        (analysis.text.text, classification.words)
    } else {
        (String::new(), 0)
    };
    Article {
        id,
        final_url: url.clone(),
        url,
        canonical_url: canonical.map(String::from),
        kind: classification.kind,
        title: fields.title,
        description: fields.description,
        authors: fields.authors,
        published: fields.published,
        modified: fields.modified,
        section: fields.section,
        tags: fields.tags,
        language: analysis.language,
        site_name: fields.site_name,
        image: fields.image,
        access: fields.access,
        content_hash: canonical::digest(plain(&text).as_bytes()),
        text,
        markdown: derived.markdown,
        html: derived.html,
        blocks: derived.blocks,
        word_count,
        quality: analysis.quality,
        images: derived.images,
        links: derived.links,
        warnings: derived.warnings,
        rights: fields.rights,
        revision: 1,
        extractor: derived.extractor,
        schema_version: SCHEMA_VERSION,
        ..Article::default()
    }
}

/// The id of a page without an address: a hash of its text, or of its bytes where it has none.
fn id_of_text(analysis: &Analysis<'_>) -> String {
    let text = plain(&analysis.text.text);
    if text.is_empty() {
        canonical::digest(analysis.page.input.bytes)
    } else {
        canonical::digest(text.as_bytes())
    }
}

/// What of the record is made from several results of the analysis.
struct Derived {
    /// The text is part of the record.
    is_shown: bool,
    markdown: Option<String>,
    html: Option<String>,
    blocks: Option<Vec<Block>>,
    images: Option<Vec<Image>>,
    links: Option<Vec<Link>>,
    warnings: Vec<String>,
    extractor: String,
}

impl Derived {
    fn of(analysis: &Analysis<'_>, selectors_missed: bool) -> Derived {
        let (options, text) = (analysis.context.options, &analysis.text);
        let is_shown = analysis.classification.verdict.is_article() || options.any_kind;
        let source = analysis.source();
        Derived {
            is_shown,
            markdown: (is_shown && options.markdown).then(|| text.markdown(&source)),
            html: (is_shown && options.html).then(|| text.html(&source)),
            blocks: options.blocks.then(|| blocks(analysis)),
            images: (is_shown && options.images).then(|| text.images(&source)),
            links: (is_shown && options.links).then(|| text.links(&source)),
            warnings: warnings(analysis, selectors_missed),
            extractor: extractor(analysis),
        }
    }
}

/// Every block of the page; those that are dropped with the reason.
fn blocks(analysis: &Analysis<'_>) -> Vec<Block> {
    let (view, body) = (analysis.view(), &analysis.body);
    let block = |block: usize| Block {
        role: body.roles[block],
        text: analysis.blocks.text(block).to_owned(),
        dropped: (!body.verdicts[block].is_kept())
            .then(|| reason(&view, analysis.context.site, body, block).reason),
    };
    (0..body.verdicts.len()).map(block).collect()
}

/// The program's name and version, with the site memory that had a say.
fn extractor(analysis: &Analysis<'_>) -> String {
    let fingerprint = &analysis.fingerprint;
    match analysis.context.memory {
        Some(memory) if memory.others(fingerprint) > 0 => {
            format!("{EXTRACTOR} {}", memory.name(fingerprint))
        }
        _ => EXTRACTOR.to_owned(),
    }
}

/// What is doubtful about the fields, then about the text; each warning once.
fn warnings(analysis: &Analysis<'_>, selectors_missed: bool) -> Vec<String> {
    let page = analysis.page;
    let doubts = if analysis.text.is_from_data() {
        vec!["text_from_data"]
    } else {
        quality::warnings(&analysis.blocks, &analysis.body)
    };
    let flags = |flags: &[(bool, &'static str)]| {
        let raised = flags.iter().filter(|(applies, _)| *applies);
        raised.map(|(_, warning)| *warning).collect::<Vec<_>>()
    };
    let of_page = flags(&[
        (page.charset_guessed, "charset_guessed"),
        (page.truncated, "truncated"),
    ]);
    let of_text = flags(&[
        (analysis.selectors_gave_way(), "rules_took_all"),
        (analysis.blocks.truncated, "truncated"),
        (selectors_missed, "article_selector_missed"),
    ]);
    let of_fields = analysis.fields.warnings.iter().copied();
    let mut warnings: Vec<String> = Vec::new();
    for warning in of_fields.chain(of_page).chain(doubts).chain(of_text) {
        if !warnings.iter().any(|it| it == warning) {
            warnings.push(warning.to_owned());
        }
    }
    warnings
}
