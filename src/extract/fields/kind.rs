//! The kind of page that the markup declares, or that title and URL call it.

use std::ops::Range;
use std::sync::LazyLock;

use url::Url;

use crate::article::Kind;
use crate::extract::fields::sources::PageSources;
use crate::extract::fields::{field_text, json_ld};
use crate::extract::rules::needles::Needles;

/// Declared types of one page that are read.
const MAX_TYPES: usize = 400;

/// What newspapers call a live blog, in a title's plain form.
const LIVE_BLOGS: &[&str] = &[
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
/// What newspapers call a gallery, as a segment of its URL.
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

/// How newspapers begin or end the title of a gallery, in its plain form.
const GALLERY_TITLES: &[&str] = &[
    "in pictures",
    "in photos",
    "in images",
    "photos of the",
    "pictures of the",
    "photo gallery",
    "photo essay",
    "en images",
    "en photos",
    "en imágenes",
    "en fotos",
    "em imagens",
    "em fotos",
    "in immagini",
    "le foto",
    "in bildern",
    "die bilder",
    "fotostrecke",
    "bildergalerie",
    "bilderstrecke",
    "in beeld",
    "i bilder",
    "i billeder",
    "bildspel",
    "kuvina",
    "kuvagalleria",
    "galeria zdjęć",
    "na zdjęciach",
    "fotogalerie",
    "fotogaléria",
    "képekben",
    "képgaléria",
    "galerie foto",
    "фоторепортаж",
    "фотогалерея",
    "в фотографиях",
    "фотографії",
    "σε εικόνες",
    "φωτογραφίες",
    "foto galeri",
    "fotoğraflarla",
    "dalam gambar",
    "写真特集",
    "图集",
    "組圖",
    "组图",
    "화보",
    "بالصور",
    "بالصّور",
];
/// What a gallery's title counts: 'Nine pictures of a village'.
const PICTURES: &[&str] = &[
    "pictures",
    "photos",
    "photographs",
    "images",
    "bilder",
    "fotos",
    "photographies",
    "imágenes",
    "fotografías",
    "imagens",
    "foto",
    "immagini",
    "fotografie",
    "beelden",
    "billeder",
    "kuvaa",
    "zdjęć",
    "fotek",
    "fotografií",
    "fotó",
    "kép",
    "фото",
    "фотографий",
    "снимков",
    "φωτογραφίες",
    "fotoğraf",
];

static TITLES: LazyLock<Needles> = LazyLock::new(|| Needles::new(GALLERY_TITLES));

/// True where a title says that it heads pictures: by its words, or by their number at its start.
fn names_gallery(headline: &str) -> bool {
    let is_end = |c: Option<char>| c.is_none_or(|c| c == ' ' || c as u32 > 0x2E80);
    let is_whole = |found: Range<usize>| {
        is_end(headline[..found.start].chars().next_back())
            && is_end(headline[found.end..].chars().next())
    };
    let mut names = TITLES.all_by_ends(headline.as_bytes()).into_iter();
    let counts = headline
        .split(' ')
        .take(4)
        .skip(1)
        .any(|it| PICTURES.contains(&it));
    counts || names.any(|(found, _)| is_whole(found))
}

/// The declared kind: JSON-LD is precise; `og:type` only distinguishes articles and videos from the
/// rest.
pub(super) fn declared(page: &PageSources<'_>) -> Option<Kind> {
    page.linked.kind.or_else(|| {
        let og_type = page.scan.metas.get("og:type")?.trim().to_ascii_lowercase();
        match og_type.as_str() {
            "article" | "news" | "newsarticle" | "blog post" => Some(Kind::Article),
            "profile" | "product" | "og:product" | "product.item" => Some(Kind::Other),
            kind if kind.starts_with("video") => Some(Kind::Video),
            _ => None,
        }
    })
}

/// The declared kind; where that is an article or nothing, what title and URL call the page.
pub(super) fn called(page: &PageSources<'_>, headline: Option<&str>) -> Option<Kind> {
    let declared = declared(page);
    if declared.is_some_and(|it| it != Kind::Article) {
        return declared;
    }
    let path = page.url().map(Url::path).unwrap_or_default().to_lowercase();
    let headline = headline.map(field_text::plain).unwrap_or_default();
    let words_of_path = path.replace('-', " ");
    let says = |words: &&str| headline.contains(words) || words_of_path.contains(words);
    if LIVE_BLOGS.iter().any(says) {
        Some(Kind::LiveBlog)
    } else if path.split('/').any(|part| GALLERIES.contains(&part)) || names_gallery(&headline) {
        Some(Kind::Gallery)
    } else {
        declared
    }
}

/// Every type that JSON-LD names, of any node, and `og:type` after `og:`; each as written, sorted.
pub(super) fn types(page: &PageSources<'_>) -> Vec<String> {
    let blocks = page.scan.json_ld.iter();
    let linked = blocks.flat_map(|block| json_ld::named_types(block, page.limits));
    let og_type = page.scan.metas.get("og:type");
    let og_type = og_type.map(|it| format!("og:{}", it.trim()));
    let all = linked.map(str::to_owned).chain(og_type);
    let mut types: Vec<String> = all.take(MAX_TYPES).collect();
    types.sort_unstable();
    types.dedup();
    types
}
