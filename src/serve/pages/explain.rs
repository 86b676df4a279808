//! Why each block of a page was kept or dropped, and the selectors that would correct the one that was pointed at.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use serde::Deserialize;

use crate::correct::{Effect, KEYS, Proposal, usual_key};
use crate::selectors::SelectorKey;
use crate::serve::app::App;
use crate::serve::explain::{Subject, View};
use crate::serve::failure::{Answer, Failure};
use crate::serve::foreign::{Foreign, visible};
use crate::serve::pages::correct::{NEWEST, Tried};
use crate::serve::pages::{Layout, Section, see, shown};
use crate::wording::counts::counted;

/// Paragraphs shown of those that go or come.
const SHOWN: usize = 5;

/// What is asked of the view.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    block: Option<usize>,
    #[serde(rename = "as")]
    key: Option<String>,
    /// The work that has tried the proposals.
    job: Option<u64>,
}

/// The address of a page to look for.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    url: String,
}

#[derive(Template)]
#[template(path = "explain.html")]
struct ExplainPage<'a> {
    page: Layout,
    view: View<'a>,
    subject: &'a Subject,
    panel: Option<Panel<'a>>,
}

#[derive(Template)]
#[template(path = "explain_gone.html")]
struct GonePage<'a> {
    page: Layout,
    subject: &'a Subject,
    title: Foreign<'a>,
    paragraphs: Vec<Foreign<'a>>,
}

/// The block that was pointed at, and what would correct it.
struct Panel<'a> {
    number: usize,
    kept: bool,
    text: Foreign<'a>,
    reason: Foreign<'a>,
    /// What the block is said to be.
    key: SelectorKey,
    keys: Vec<(&'static str, &'static str)>,
    proposals: Vec<Offer<'a>>,
    tried: bool,
}

/// A proposal with what it would change.
struct Offer<'a> {
    proposal: &'a Proposal,
    css: Foreign<'a>,
    words: Foreign<'a>,
    here: String,
    effect: Option<EffectView<'a>>,
}

struct EffectView<'a> {
    sum: String,
    went: Vec<(u64, Foreign<'a>)>,
    came: Vec<(u64, Foreign<'a>)>,
    lost: Vec<Foreign<'a>>,
}

/// An article explained.
pub(crate) async fn article(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    uri: Uri,
) -> Answer {
    let subject = Subject::article(&app, &id).await?;
    view(&app, &subject, asked, &uri).await
}

/// A raw page explained.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Path(number): Path<i64>,
    Query(asked): Query<Asked>,
    uri: Uri,
) -> Answer {
    let subject = Subject::page(&app, number).await?;
    view(&app, &subject, asked, &uri).await
}

/// Leads to the raw page of an address.
pub(crate) async fn find(State(app): State<Arc<App>>, Query(wanted): Query<Wanted>) -> Answer {
    let number = app.store().page_number(&wanted.url).await?;
    let gone =
        "of this address no page is kept: it was not fetched, or `keep_pages` in [store] is over";
    let number = number.ok_or_else(|| Failure::not_found(gone))?;
    Ok(see(&format!("/pages/{number}/explain")))
}

async fn view(app: &App, subject: &Subject, asked: Asked, uri: &Uri) -> Answer {
    if subject.page.is_none() {
        return gone(app, subject, uri);
    }
    let key = asked.key.as_deref().map(key_of).transpose()?;
    let explained = subject
        .explain(app, asked.block.map(|it| (it, key)))
        .await?;
    let explanation = &explained.explanation;
    let block = asked
        .block
        .and_then(|at| Some((at, explanation.blocks.get(at)?)));
    let key = key.or_else(|| block.map(|(_, it)| usual_key(it)));
    let tried = asked.job.and_then(|job| app.jobs().value::<Tried>(job));
    let tried = tried.filter(|it| it.is_of(&subject.base, asked.block, key));
    let panel = block.zip(key).map(|((number, block), key)| Panel {
        number,
        kept: block.kept,
        text: Foreign(&block.text),
        reason: Foreign(&block.why.reason),
        key,
        keys: KEYS.iter().map(|key| (key.name(), label(*key))).collect(),
        proposals: offers(&explained.proposals, tried.as_deref()),
        tried: tried.is_some(),
    });
    let desk = format!("{}/explain?block=", subject.base);
    let view = View::on_desk(explanation, desk, asked.block);
    shown(&ExplainPage {
        page: Layout::new(app, visible(view.title), Section::Articles, uri),
        view,
        subject,
        panel,
    })
}

/// What there is to say where the raw page is gone.
fn gone(app: &App, subject: &Subject, uri: &Uri) -> Answer {
    let article = subject.article.as_deref();
    let title = article
        .and_then(|it| it.title.as_deref())
        .unwrap_or("Untitled page");
    let text = article.map_or("", |it| it.text.as_str());
    shown(&GonePage {
        page: Layout::new(app, visible(title), Section::Articles, uri),
        subject,
        title: Foreign(title),
        paragraphs: text.split("\n\n").map(Foreign).collect(),
    })
}

/// The key of that name, which a block can be said to be.
pub(super) fn key_of(name: &str) -> Answer<SelectorKey> {
    let found = KEYS.into_iter().find(|key| key.name() == name);
    found.ok_or_else(|| {
        Failure::bad_request("a block can be corrected as strip, keep, article or a field")
    })
}

fn label(key: SelectorKey) -> &'static str {
    match key {
        SelectorKey::Strip => "not part of the article",
        SelectorKey::Keep => "part of the article",
        SelectorKey::Article => "the article is around it",
        SelectorKey::Title => "headline",
        SelectorKey::Description => "standfirst",
        SelectorKey::Authors => "byline",
        SelectorKey::Published => "publication date",
        SelectorKey::Modified => "date of the last change",
        SelectorKey::Section => "section",
        SelectorKey::NextPage => "link to the next page",
    }
}

fn offers<'a>(proposals: &'a [Proposal], tried: Option<&'a Tried>) -> Vec<Offer<'a>> {
    let offer = |proposal: &'a Proposal| Offer {
        proposal,
        css: Foreign(&proposal.css),
        words: Foreign(&proposal.words),
        here: here(proposal),
        effect: tried
            .and_then(|it| it.effect(&proposal.css))
            .map(EffectView::of),
    };
    proposals.iter().map(offer).collect()
}

/// What a proposal matches on this page.
fn here(proposal: &Proposal) -> String {
    let blocks = counted(proposal.blocks as u64, "block");
    let others = proposal.others as u64;
    match proposal.key {
        _ if others == 0 => format!("On this page: {blocks}, nothing else."),
        SelectorKey::Strip => {
            format!(
                "On this page: {blocks}; {} that is kept would go with it.",
                counted(others, "other block")
            )
        }
        SelectorKey::Keep | SelectorKey::Article => {
            format!(
                "On this page: {blocks}; {} that is dropped would come with it.",
                counted(others, "other block")
            )
        }
        _ => format!("On this page: {} more.", counted(others, "element")),
    }
}

impl<'a> EffectView<'a> {
    fn of(effect: &'a Effect) -> EffectView<'a> {
        let of = counted(effect.pages, "stored page");
        let mut parts = vec![format!(
            "{} would change",
            counted(effect.changed as u64, "article")
        )];
        let sum = |all: &[(String, u64)]| all.iter().map(|(_, count)| count).sum::<u64>();
        let (went, came) = (sum(&effect.went), sum(&effect.came));
        if went > 0 {
            parts.push(format!("{} would go", counted(went, "paragraph")));
        }
        if came > 0 {
            parts.push(format!("{} would come", counted(came, "paragraph")));
        }
        for (field, count) in &effect.fields {
            parts.push(format!("`{field}` would be another in {count}"));
        }
        if effect.found > 0 {
            parts.push(format!(
                "{} would have an article",
                counted(effect.found, "lost page")
            ));
        }
        let lines = |all: &'a [(String, u64)]| {
            let first = all.iter().take(SHOWN);
            first.map(|(text, count)| (*count, Foreign(text))).collect()
        };
        EffectView {
            sum: format!("Of {of}: {}.", parts.join(", ")),
            went: lines(&effect.went),
            came: lines(&effect.came),
            lost: effect.lost.iter().map(|url| Foreign(url)).collect(),
        }
    }
}

impl Panel<'_> {
    /// How many of the newest pages are tried at first.
    fn newest(&self) -> u64 {
        NEWEST
    }

    fn is_key(&self, name: &str) -> bool {
        self.key.name() == name
    }
}
