//! What the templates read of an explanation.

use crate::extract::explain::{Contribution, ExplainedBlock, Explanation};
use crate::extract::fields::FieldExplanation;
use crate::extract::reason::Cause;
use crate::serve::foreign::Foreign;

/// An explanation, as it is shown.
#[derive(Debug)]
pub(crate) struct View<'e> {
    /// The title of the explained page.
    pub(crate) title: &'e str,
    /// What made the record.
    pub(crate) extractor: &'e str,
    /// The reason for the verdict.
    pub(crate) why: String,
    /// The page in numbers: a value, and what it is.
    pub(crate) sums: Vec<(String, &'static str)>,
    /// The fields.
    pub(crate) fields: Vec<FieldView<'e>>,
    /// A switch for each cause that occurs.
    pub(crate) switches: Vec<Switch>,
    /// The blocks.
    pub(crate) blocks: Vec<BlockView<'e>>,
    /// Where blocks are corrected, up to `?block=`; `None` in a file.
    pub(crate) desk: Option<String>,
}

/// A switch of the legend.
#[derive(Debug)]
pub(crate) struct Switch {
    /// The cause's name.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// How many blocks have it.
    pub(crate) count: usize,
}

/// A field with its source and what else was stated.
#[derive(Debug)]
pub(crate) struct FieldView<'e> {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value.
    pub(crate) value: Option<Foreign<'e>>,
    /// Where it is from; `None` where it was made of several.
    pub(crate) source: Option<Foreign<'e>>,
    /// What other sources state, and which.
    pub(crate) rejected: Vec<(Foreign<'e>, Foreign<'e>)>,
}

/// A block with its reason.
#[derive(Debug)]
pub(crate) struct BlockView<'e> {
    /// Its place on the page, from 0.
    pub(crate) number: usize,
    /// Its classes.
    pub(crate) classes: String,
    /// It is part of the article.
    pub(crate) kept: bool,
    /// Its text.
    pub(crate) text: Foreign<'e>,
    /// Why.
    pub(crate) reason: Foreign<'e>,
    /// The file of the rule.
    pub(crate) file: Option<Foreign<'e>>,
    /// The selector of the rule.
    pub(crate) selector: Option<Foreign<'e>>,
    /// The score, with two decimals, where it decided.
    pub(crate) score: Option<String>,
    /// What moved the score, pass by pass.
    pub(crate) passes: Vec<Pass<'e>>,
}

/// What moved a score in one pass.
#[derive(Debug)]
pub(crate) struct Pass<'e> {
    /// What the pass looks at.
    pub(crate) name: &'static str,
    /// The features.
    pub(crate) pulls: Vec<&'e Contribution>,
}

impl Pass<'_> {
    /// How far a feature moves the score: `+0.41`.
    pub(crate) fn signed(&self, pull: &f64) -> String {
        format!("{pull:+.2}")
    }

    /// The class of such a move.
    pub(crate) fn way(&self, pull: &f64) -> &'static str {
        if *pull > 0.0 { "up" } else { "down" }
    }
}

impl<'e> View<'e> {
    /// The view of an explanation, for a file.
    pub(crate) fn of(explanation: &'e Explanation) -> View<'e> {
        let article = &explanation.extraction.article;
        let blocks = explanation.blocks.iter().enumerate();
        View {
            title: article.title.as_deref().unwrap_or("Untitled page"),
            extractor: &article.extractor,
            why: explanation.extraction.why.to_string(),
            sums: sums(explanation),
            fields: explanation.fields.iter().map(FieldView::of).collect(),
            switches: switches(&explanation.blocks),
            blocks: blocks
                .map(|(number, block)| BlockView::of(number, block))
                .collect(),
            desk: None,
        }
    }

    /// The title as markup.
    pub(crate) fn shown_title(&self) -> Foreign<'e> {
        Foreign(self.title)
    }

    /// The same for the desk: each block is a link to where it is corrected.
    pub(crate) fn on_desk(
        explanation: &'e Explanation,
        desk: String,
        chosen: Option<usize>,
    ) -> View<'e> {
        let mut view = View::of(explanation);
        if let Some(block) = chosen.and_then(|at| view.blocks.get_mut(at)) {
            block.classes.push_str(" chosen");
        }
        view.desk = Some(desk);
        view
    }
}

fn sums(explanation: &Explanation) -> Vec<(String, &'static str)> {
    let article = &explanation.extraction.article;
    let kept = explanation.blocks.iter().filter(|it| it.kept).count();
    let mut sums = vec![
        (explanation.extraction.verdict.name().to_owned(), "verdict"),
        (article.word_count.to_string(), "words"),
        (format!("{:.2}", article.quality), "expected F1"),
        (
            format!("{kept} of {}", explanation.blocks.len()),
            "blocks kept",
        ),
    ];
    if !article.warnings.is_empty() {
        sums.push((article.warnings.join(", "), "in doubt"));
    }
    sums
}

fn switches(blocks: &[ExplainedBlock]) -> Vec<Switch> {
    let counted = Cause::ALL.into_iter().map(|cause| Switch {
        name: cause.name(),
        label: label(cause),
        count: blocks.iter().filter(|it| it.why.cause == cause).count(),
    });
    counted.filter(|it| it.count > 0).collect()
}

/// The label of a cause in the legend.
fn label(cause: Cause) -> &'static str {
    match cause {
        Cause::Kept => "kept",
        Cause::Field => "headline, byline",
        Cause::Rule => "rule",
        Cause::Selector => "your selector",
        Cause::Phrase => "phrase",
        Cause::Links => "links",
        Cause::Memory => "site memory",
        Cause::Other => "another article",
        Cause::Score => "score",
        Cause::Repeat => "repeated",
        Cause::Heading => "empty heading",
    }
}

impl<'e> FieldView<'e> {
    fn of(field: &'e FieldExplanation) -> FieldView<'e> {
        let rejected = field.rejected.iter();
        FieldView {
            name: field.field,
            value: field.value.as_deref().map(Foreign),
            source: field.source.as_deref().map(Foreign),
            rejected: rejected
                .map(|it| (Foreign(&it.value), Foreign(&it.source)))
                .collect(),
        }
    }
}

impl<'e> BlockView<'e> {
    fn of(number: usize, block: &'e ExplainedBlock) -> BlockView<'e> {
        let state = if block.kept { "kept" } else { "gone" };
        let names = [
            (1, "first pass: the block by itself"),
            (2, "second pass: with the blocks around it"),
        ];
        let passes = names.map(|(pass, name)| Pass {
            name,
            pulls: block.features.iter().filter(|it| it.pass == pass).collect(),
        });
        BlockView {
            number,
            classes: format!(
                "block {state} t-{} r-{}",
                block.why.cause.name(),
                block.role.name()
            ),
            kept: block.kept,
            text: Foreign(&block.text),
            reason: Foreign(&block.why.reason),
            file: block.why.file.as_deref().map(Foreign),
            selector: block.selector.as_deref().map(Foreign),
            score: (!block.features.is_empty()).then(|| format!("{:.2}", block.score)),
            passes: passes
                .into_iter()
                .filter(|it| !it.pulls.is_empty())
                .collect(),
        }
    }
}
