//! What a page says about its article: title, authors, dates, section, tags, language, image,
//! canonical address, access and opt-outs, from JSON-LD, `<meta>` and visible markup.
//!
//! One walk picks up what is there (`scan`); each field then has one place that says whom it
//! believes first. Whatever reaches a field went through `field::clean`. No rule names a site.

mod address;
mod authors;
mod byline;
mod dates;
mod explain;
mod field;
mod json_ld;
mod language;
mod line_prefixes;
mod meta;
mod overrides;
mod publication_date;
mod scan;
mod script_data;
mod statement;
mod title;
mod visible;

use url::Url;

use crate::article::{Access, Kind, Rights};
use crate::extract::rules::site::SiteRules;
use crate::limits::Limits;
use crate::page::{Id, Input, Page, Tree};
pub use explain::{FieldExplanation, SourceValue};
use json_ld::{LinkedData, PageNames};
use scan::Scan;

/// Nodes before and after the headline whose text may be the byline or the date.
const NEAR_HEADLINE: usize = 120;
/// A line with a name or a date in it and more characters than this is prose.
const LINE_CHARS: usize = 100;
/// Nodes after a label in which what it announces may stand.
const AFTER_LABEL: usize = 12;
/// Declared types of one page that are kept.
const TYPES: usize = 400;
/// `<meta>` titles of one page that are compared.
const TITLES: usize = 20;

/// What papers call a live blog, in a title's plain form.
const LIVE: &[&str] = &[
    "live blog",
    "liveblog",
    "live update",
    "live report",
    "ticker",
    "as it happened",
    "as it happens",
    "en direct",
    "minute par minute",
    "minuto a minuto",
    "in diretta",
    "la diretta",
    "ao vivo",
    "direktrapport",
    "livebericht",
    "na żywo",
    "онлайн трансляция",
    "canlı anlatım",
];
/// What papers call a gallery, as a part of its address.
const GALLERIES: &[&str] = &[
    "gallery",
    "galleries",
    "photos",
    "photo-gallery",
    "photogallery",
    "photo-galleries",
    "photostory",
    "photo-essay",
    "pictures",
    "in-pictures",
    "slideshow",
    "slideshows",
    "fotostrecke",
    "fotostrecken",
    "bildergalerie",
    "bildergalerien",
    "bildstrecke",
    "galerie",
    "galeries",
    "galeria",
    "galerias",
    "fotogaleria",
    "fotogalerias",
    "fotogalerie",
    "fotogallery",
    "fotogalleria",
    "fotos",
    "foto",
    "diaporama",
    "diaporamas",
    "bildspel",
    "fotoserie",
    "kuvagalleria",
    "fotorreportaje",
];

/// The fields of a page, each `None` or empty where the page does not say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fields {
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// The meta description or JSON-LD's.
    pub description: Option<String>,
    /// One name each.
    pub authors: Vec<String>,
    /// RFC 3339, or a day alone.
    pub published: Option<String>,
    /// RFC 3339, or a day alone.
    pub modified: Option<String>,
    /// The section of the paper.
    pub section: Option<String>,
    /// Keywords.
    pub tags: Vec<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// Absolute URL.
    pub image: Option<String>,
    /// `rel=canonical`, absolute, where it plausibly names this article.
    pub canonical: Option<Url>,
    /// What the page says of paying.
    pub access: Option<Access>,
    /// Opt-outs.
    pub rights: Rights,
    /// The kind that the markup declares (JSON-LD `@type`, `og:type`); `None` where it is silent.
    pub declared_kind: Option<Kind>,
    /// [`Fields::declared_kind`], or what the title or the address calls the page: a live blog, a
    /// gallery.
    pub called_kind: Option<Kind>,
    /// Every type that JSON-LD names, of whatever node, and `og:type` after `og:`; each as written.
    pub types: Vec<String>,
    /// JSON-LD's `articleBody`, where the page has one.
    pub article_body: Option<String>,
    /// `<base href>`, absolute.
    pub base: Option<Url>,
    /// Doubts: `date_from_url`, `published_from_update`.
    pub warnings: Vec<&'static str>,
}

/// Collects the fields of a page from its tree, its server's headers and the selectors that users
/// wrote for its site.
pub fn collect(page: &Page<'_>, rules: &SiteRules) -> Fields {
    let mut fields = with_page(page, |sources, stated| sources.fields(stated, &page.input));
    overrides::override_fields(rules, &page.tree, &mut fields);
    fields
}

/// Every field with its candidates. `language` is the record's: that of the text, where the page
/// declares none or another.
pub(in crate::extract) fn explain(
    page: &Page<'_>,
    rules: &SiteRules,
    language: Option<&str>,
) -> Vec<FieldExplanation> {
    let (mut fields, mut explained) = with_page(page, |sources, stated| {
        let fields = sources.fields(stated, &page.input);
        let explained = sources.explain(&fields, &page.input);
        (fields, explained)
    });
    let overrides = overrides::override_fields(rules, &page.tree, &mut fields);
    overrides::explain(&overrides, &fields, &mut explained);
    overrides::explain_language(language, &mut explained);
    explained
}

/// Addresses that the page states for itself.
struct StatedAddresses {
    base: Option<Url>,
    canonical: Option<Url>,
}

/// Gathers what the fields are decided from, and hands it over.
fn with_page<R>(
    page: &Page<'_>,
    decide: impl FnOnce(&PageSources<'_, '_>, &StatedAddresses) -> R,
) -> R {
    let Page {
        input,
        tree,
        limits,
        ..
    } = page;
    let url = input.url;
    let scan = Scan::of(tree);
    let base = scan.base.and_then(|raw| address::resolve(raw, url));
    let og_url = scan.metas.get("og:url");
    let stated = scan.canonical.iter().copied().chain(og_url);
    let canonical = address::canonical(stated, url, base.as_ref());
    let linked = json_ld::read(&scan.blocks, &page_names(&scan, url, canonical.as_ref()));
    let stated = StatedAddresses { base, canonical };
    let address = url.or(stated.canonical.as_ref());
    let page = PageSources {
        sites: site_names(&scan, &linked, address),
        tree,
        limits,
        source: input.bytes,
        scan,
        linked,
        url: address,
        base: stated.base.as_ref().or(url),
    };
    decide(&page, &stated)
}

/// The language that a page declares, unless its text is plainly in another.
pub(super) fn detected_language(declared: Option<String>, text: &str) -> Option<String> {
    language::detect(declared, text)
}

/// By what JSON-LD may name this page.
fn page_names(scan: &Scan<'_>, url: Option<&Url>, canonical: Option<&Url>) -> PageNames {
    let addresses = [url, canonical].into_iter().flatten();
    let headings = scan.visible.headings.iter().filter(|it| it.is_main);
    let headings = headings.map(|it| it.text.as_str());
    let titles = scan
        .metas
        .first(&["og:title"])
        .iter()
        .copied()
        .chain(scan.title.as_deref())
        .chain(headings);
    PageNames {
        addresses: addresses
            .map(|url| json_ld::address_key(url.as_str()))
            .collect(),
        titles: titles
            .filter_map(field::clean)
            .map(|title| field::plain(&title))
            .collect(),
    }
}

/// Names of the site in plain form, without spaces: as stated, and the host without `www` and ending.
fn site_names(scan: &Scan<'_>, linked: &LinkedData, url: Option<&Url>) -> Vec<String> {
    let stated = ["og:site_name", "application-name", "dc.publisher"];
    let stated = scan.metas.all(&stated).chain(linked.publisher.as_deref());
    let mut names: Vec<String> = stated.take(TITLES).filter_map(field::clean).collect();
    // Some systems state the headline for it.
    let headline = linked.headline.as_deref().and_then(field::clean);
    names.retain(|name| Some(name) != headline.as_ref());
    if let Some(host) = url.and_then(Url::host_str) {
        let host = host.strip_prefix("www.").unwrap_or(host);
        names.push(host.to_owned());
        let labels: Vec<&str> = host.split('.').collect();
        let names_of_owner = &labels[..labels.len().saturating_sub(1)];
        names.extend(
            names_of_owner
                .iter()
                .max_by_key(|it| it.len())
                .map(|&it| it.to_owned()),
        );
    }
    let plain = names.iter().map(|name| field::plain(name).replace(' ', ""));
    plain.filter(|name| !name.is_empty()).collect()
}

/// The words of lists of keywords, each once.
fn parted(lists: &[&str], most: usize) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    lists
        .iter()
        .take(most)
        .flat_map(|list| list.split([',', ';']).take(most))
        .filter_map(field::clean)
        .filter(|tag| seen.insert(field::plain(tag)))
        .take(most)
        .collect()
}

/// Everything that the fields are decided from.
struct PageSources<'t, 'a> {
    tree: &'t Tree<'a>,
    limits: &'t Limits,
    /// The page's bytes.
    source: &'t [u8],
    scan: Scan<'a>,
    linked: LinkedData,
    /// Names of the site in plain form, without spaces.
    sites: Vec<String>,
    url: Option<&'t Url>,
    base: Option<&'t Url>,
}

impl PageSources<'_, '_> {
    /// Every field.
    fn fields(&self, stated: &StatedAddresses, input: &Input<'_>) -> Fields {
        let (title, headline) = self.title();
        let published = self.published(headline);
        Fields {
            description: self.description(),
            authors: self.authors(headline, title.as_deref()),
            published: published.moment.map(|it| it.to_string()),
            modified: self.modified(headline, published),
            section: self.section(title.as_deref()),
            tags: self.tags(),
            language: self.language(),
            site_name: self.site_name(),
            image: self.image(),
            access: statement::access(self.linked.is_free, &self.scan.metas),
            rights: statement::rights(&self.scan.metas, input),
            declared_kind: self.kind(),
            called_kind: self.called_kind(title.as_deref()),
            types: self.types(),
            warnings: published.doubt.into_iter().collect(),
            article_body: self.linked.body.clone(),
            title,
            canonical: stated.canonical.clone(),
            base: stated.base.clone(),
        }
    }

    fn title(&self) -> (Option<String>, Option<Id>) {
        title::choose(&title::Candidates {
            linked: self.linked.headline.as_deref(),
            metas: self.scan.metas.all(meta::TITLE).take(TITLES).collect(),
            title: self.scan.title.as_deref(),
            headings: &self.scan.visible.headings,
            sites: &self.sites,
        })
    }

    /// The nodes after the headline, then those before it, nearest first.
    fn near(&self, headline: Id) -> impl Iterator<Item = Id> {
        let end = self.tree.end(headline);
        let after = end..self.tree.len().min(end + NEAR_HEADLINE);
        after.chain((headline.saturating_sub(NEAR_HEADLINE)..headline).rev())
    }

    fn description(&self) -> Option<String> {
        self.scan
            .metas
            .all(meta::DESCRIPTION)
            .chain(self.linked.description.as_deref())
            .find_map(field::clean)
    }

    fn section(&self, title: Option<&str>) -> Option<String> {
        let title = title.map(field::plain);
        let crumbs = self.linked.crumbs.iter().skip(1).rev();
        self.scan
            .metas
            .all(meta::SECTION)
            .chain(self.linked.section.as_deref())
            .chain(crumbs.map(String::as_str))
            .filter_map(field::clean)
            .find(|it| title.as_ref() != Some(&field::plain(it)) && !it.contains("://"))
    }

    /// The keywords of the first source that has any, each once.
    fn tags(&self) -> Vec<String> {
        let mut stated = self.keyword_sources();
        let stated = stated.find(|(_, words)| !words.is_empty());
        stated.map_or_else(Vec::new, |(_, words)| {
            parted(&words, self.limits.list_items)
        })
    }

    /// Lists of keywords in the order of trust: JSON-LD's, then those of each `<meta>` by its name.
    fn keyword_sources(&self) -> impl Iterator<Item = (Option<&'static str>, Vec<&str>)> {
        let linked = self.linked.tags.iter().map(String::as_str).collect();
        let metas = meta::TAGS
            .iter()
            .map(|&name| (Some(name), self.scan.metas.first(&[name]).to_vec()));
        std::iter::once((None, linked)).chain(metas)
    }

    fn language(&self) -> Option<String> {
        self.scan
            .language
            .into_iter()
            .chain(self.scan.metas.all(meta::LANGUAGE))
            .chain(self.linked.language.as_deref())
            .find_map(language::normalise)
    }

    fn site_name(&self) -> Option<String> {
        let metas = &self.scan.metas;
        metas
            .all(&["og:site_name"])
            .chain(self.linked.publisher.as_deref())
            .chain(metas.all(meta::SITE_NAME))
            .find_map(field::clean)
    }

    fn image(&self) -> Option<String> {
        self.scan
            .metas
            .all(meta::IMAGE)
            .chain(self.linked.image.as_deref())
            .find_map(|raw| address::resolve(&field::resolve_entities(raw), self.base))
            .map(String::from)
    }

    fn types(&self) -> Vec<String> {
        let linked = self
            .scan
            .blocks
            .iter()
            .flat_map(|block| json_ld::named_types(block));
        let og = self
            .scan
            .metas
            .get("og:type")
            .map(|it| format!("og:{}", it.trim()));
        let mut types: Vec<String> = linked.map(str::to_owned).chain(og).take(TYPES).collect();
        types.sort_unstable();
        types.dedup();
        types
    }

    /// The kind that title and address call the page, where it declares none of its own.
    fn called_kind(&self, title: Option<&str>) -> Option<Kind> {
        let declared = self.kind();
        if declared.is_some_and(|it| it != Kind::Article) {
            return declared;
        }
        let path = self
            .url
            .map_or_else(String::new, |it| it.path().to_lowercase());
        let title = title.map(field::plain).unwrap_or_default();
        let words_of_path = path.replace('-', " ");
        let says = |words: &&str| title.contains(words) || words_of_path.contains(words);
        if LIVE.iter().any(says) {
            Some(Kind::LiveBlog)
        } else if path.split('/').any(|part| GALLERIES.contains(&part)) {
            Some(Kind::Gallery)
        } else {
            declared
        }
    }

    /// The declared kind: JSON-LD is precise; `og:type` only parts articles and videos from the rest.
    fn kind(&self) -> Option<Kind> {
        self.linked.kind.or_else(|| {
            let stated = self.scan.metas.get("og:type")?.trim().to_ascii_lowercase();
            match stated.as_str() {
                "article" | "news" | "newsarticle" | "blog post" => Some(Kind::Article),
                "profile" | "product" | "og:product" | "product.item" => Some(Kind::Other),
                kind if kind.starts_with("video") => Some(Kind::Video),
                _ => None,
            }
        })
    }
}

#[cfg(test)]
mod tests;
