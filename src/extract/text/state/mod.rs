//! The article out of a page's own data, for pages whose markup holds next to no text because scripts fill it in:
//! what a framework left in scripts, streams and attributes ([`sources`], [`flight`], [`references`]), and JSON-LD's
//! `articleBody`. The text becomes markup again ([`rich_text`], [`strings`]), which the extractor reads as it reads
//! any page. JSON and literals of JavaScript are read ([`literal`]); nothing is run.

mod candidates;
mod flight;
mod kinds;
mod literal;
mod references;
mod rich_text;
mod sources;
mod strings;

use crate::extract::fields::Fields;
use crate::extract::text::state::candidates::{
    Candidate, Owner, PageNames, Search, Structure, slug_of,
};
use crate::extract::text::state::flight::Rows;
use crate::extract::text::state::sources::{MOST_VALUES, PageState};
use crate::page::text::plain;
use crate::page::{Page, decode};

/// The F1 to expect of a text whose structure the data states, and that is stated to be this page's.
const STATED: f64 = 0.85;
/// The same where nothing says whose text it is.
const UNOWNED: f64 = 0.7;
/// The same where paragraphs are guessed from strings that stand in one place.
const GUESSED: f64 = 0.6;
/// The same where the data names another headline than the page.
const FOREIGN: f64 = 0.4;

/// A text out of the page's data.
#[derive(Debug)]
pub struct DataText {
    /// The text as markup.
    pub markup: String,
    /// All of the markup is the article; else it is a whole page.
    pub is_article: bool,
    /// The F1 to expect of the text.
    pub quality: f64,
}

/// The texts that a page's data holds: the article, and the page that its components would make.
pub fn texts(page: &Page<'_>, fields: &Fields) -> Vec<DataText> {
    let text = decode::decode(page.input.bytes, page.input.content_type, page.input.url).text;
    let state = PageState::of(page, &text);
    let names = names(page, fields);
    let mut search = Search::new(&names, MOST_VALUES);
    if let Some(body) = fields.article_body.as_deref() {
        let markup = strings::blocks(body);
        search
            .found
            .push(Candidate::new(markup, Structure::Markup, Owner::ThisPage));
    }
    for value in &state.values {
        search.add(value);
    }
    let rows = Rows::of(&state.flight, MOST_VALUES);
    for value in rows.values() {
        search.add(&value);
    }
    let mut texts: Vec<DataText> = search.best().map(article).into_iter().collect();
    let markup = rows.markup();
    if !markup.is_empty() {
        texts.push(DataText {
            markup: format!("<body>{markup}</body>"),
            is_article: false,
            quality: STATED,
        });
    }
    texts
}

fn article(best: Candidate) -> DataText {
    let quality = match (best.owner, best.structure) {
        (Owner::OtherPage, _) => FOREIGN,
        (_, Structure::Strings) => GUESSED,
        (Owner::Unknown, _) => UNOWNED,
        (Owner::ThisPage, _) => STATED,
    };
    // The element around the text must not end within it.
    let markup = best
        .markup
        .replace("<article", "<section")
        .replace("</article", "</section");
    DataText {
        markup: format!("<article>{markup}</article>"),
        is_article: true,
        quality,
    }
}

/// The names by which the page's own object in its data is known.
fn names(page: &Page<'_>, fields: &Fields) -> PageNames {
    let titles = fields
        .title
        .as_deref()
        .map(plain)
        .filter(|it| !it.is_empty());
    let urls = [page.input.url, fields.canonical.as_ref()];
    let slugs = urls
        .into_iter()
        .flatten()
        .map(|url| slug_of(url.path()).to_owned());
    PageNames {
        titles: titles.into_iter().collect(),
        slugs: slugs.filter(|it| !it.is_empty()).collect(),
    }
}

#[cfg(test)]
mod tests;
