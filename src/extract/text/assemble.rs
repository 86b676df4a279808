//! Kept blocks to text: paragraphs are separated by a blank line, items and rows of one list or table,
//! and a quote and who said it, by a line break.

use crate::article::{Kind, Role};
use crate::extract::decide::body::{BlockVerdict, Body, KeepReason};
use crate::extract::segment::blocks::Blocks;

/// The kept blocks of the roles that were asked for. The captions of a gallery count as paragraphs.
pub fn select(body: &Body, include: &[Role]) -> Vec<usize> {
    let role = |block: usize| match body.roles[block] {
        Role::Caption if body.kind == Some(Kind::Gallery) && include.contains(&Role::Paragraph) => {
            Role::Paragraph
        }
        role => role,
    };
    body.kept()
        .filter(|&block| include.contains(&role(block)))
        .collect()
}

/// The text of the selected blocks.
pub fn text(blocks: &Blocks, body: &Body, selected: &[usize]) -> String {
    let mut text = String::new();
    let mut before: Option<Role> = None;
    for &block in selected {
        let role = body.roles[block];
        if let Some(before) = before {
            let runs_on =
                before == role && matches!(role, Role::List | Role::Table) || before == Role::Entry;
            let names_speaker = body.verdicts[block] == BlockVerdict::Kept(KeepReason::Attribution);
            text.push_str(if runs_on || names_speaker {
                "\n"
            } else {
                "\n\n"
            });
        }
        text.push_str(blocks.text(block));
        before = Some(role);
    }
    text
}
