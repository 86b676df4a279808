//! `explain` as text, with colours on a terminal.

use newsprint::extract::explain::{Contribution, ExplainedBlock, Explanation};
use newsprint::extract::fields::FieldExplanation;

use crate::cli::counts::counted;
use crate::cli::paint::Paint;
use crate::cli::plain::plain;

/// Characters shown of a block.
const SHOWN: usize = 96;

/// Verdict, fields, and every block in page order; the features behind scores only if `verbose`.
pub(super) fn text(explanation: &Explanation, paint: Paint, verbose: bool) -> String {
    let article = &explanation.extraction.article;
    let kind = serde_json::json!(article.kind);
    let mut out = paint.bold(&format!(
        "{}: {}, {}, quality {}",
        explanation.extraction.verdict.name(),
        kind.as_str().unwrap_or_default(),
        counted(article.word_count as u64, "word"),
        article.quality
    ));
    out.push_str(&format!("\nreason: {}\n", explanation.extraction.why));
    if !article.warnings.is_empty() {
        out.push_str(&format!("warnings: {}\n", article.warnings.join(", ")));
    }
    for field in &explanation.fields {
        push_field(&mut out, field, paint);
    }
    let kept = explanation.blocks.iter().filter(|it| it.kept).count();
    let head = format!(
        "{} kept, {} dropped",
        counted(kept as u64, "block"),
        explanation.blocks.len() - kept
    );
    out.push_str(&format!("\n{}\n", paint.bold(&head)));
    for block in &explanation.blocks {
        push_block(&mut out, block, paint);
        if verbose {
            push_features(&mut out, block, paint);
        }
    }
    out
}

fn push_field(out: &mut String, field: &FieldExplanation, paint: Paint) {
    let value = field.value.as_deref().unwrap_or("-");
    let name = paint.bold(&format!("{:<14}", field.field));
    out.push_str(&format!("\n{name} {}\n", plain(value)));
    let mut note = |line: String| {
        let line = paint.dim(&format!("{:<14} {line}", ""));
        out.push_str(&line);
        out.push('\n');
    };
    if let Some(source) = &field.source {
        note(format!("from {}", plain(source)));
    } else if field.value.is_some() {
        note("combined from several sources".to_owned());
    }
    for candidate in &field.rejected {
        note(format!(
            "rejected {:?} ({})",
            plain(&candidate.value),
            plain(&candidate.source)
        ));
    }
}

fn push_block(out: &mut String, block: &ExplainedBlock, paint: Paint) {
    let mut text: String = plain(&block.text).chars().take(SHOWN).collect();
    if text.len() < block.text.len() {
        text.push('…');
    }
    let line = if block.kept {
        paint.green(&format!("+ {text}"))
    } else {
        paint.red(&format!("- {text}"))
    };
    let role = block.role.name();
    let why = paint.dim(&format!("    {role}: {}", plain(&why(block))));
    out.push_str(&format!("{line}\n{why}\n"));
}

/// The features that moved the score most, for each pass of the model.
fn push_features(out: &mut String, block: &ExplainedBlock, paint: Paint) {
    for pass in [1, 2] {
        let pulls = block.features.iter().filter(|it| it.pass == pass);
        let pulls: Vec<String> = pulls.map(pull).collect();
        if !pulls.is_empty() {
            let line = paint.dim(&format!("    pass {pass}: {}", pulls.join(", ")));
            out.push_str(&format!("{line}\n"));
        }
    }
}

/// The reason: the rule with its file and selector, or the score.
pub(in crate::cli) fn why(block: &ExplainedBlock) -> String {
    let mut why = block.why.reason.clone();
    if let Some(file) = &block.why.file {
        why.push_str(&format!(", {file}"));
    }
    if let Some(selector) = &block.selector {
        why.push_str(&format!(": {selector}"));
    }
    if !block.features.is_empty() && !why.starts_with("score") {
        why.push_str(&format!("; score {:.2}", block.score));
    }
    why
}

fn pull(pull: &Contribution) -> String {
    format!("{} {} ({:+.2})", pull.feature, pull.value, pull.pull)
}
