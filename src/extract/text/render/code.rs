//! Preformatted code: its lines as they stand on the page, and its language.

use crate::extract::text::render::Source;
use crate::page::text::push_preformatted;
use crate::page::{Id, Tag, Tree};

/// Elements around and in a `<pre>` that may name its language.
const NEAR: usize = 3;

/// The `<pre>` that holds a node.
pub(super) fn element(tree: &Tree<'_>, owner: Id) -> Option<Id> {
    let mut up = std::iter::once(owner).chain(tree.ancestors(owner));
    up.find(|&id| tree.tag(id) == Tag::Pre)
}

/// The text of the blocks of one `<pre>`, with the indentation of its first line.
pub(super) fn text(source: &Source<'_, '_>, blocks: &[usize]) -> String {
    let mut text = String::new();
    for &block in blocks {
        if !text.is_empty() {
            text.push('\n');
        }
        let first = source.tree.own_text(source.blocks.list[block].first);
        let first = first.unwrap_or_default();
        let mut space = String::new();
        push_preformatted(&mut space, &first[..first.len() - first.trim_start().len()]);
        text.push_str(space.rsplit('\n').next().unwrap_or_default());
        text.push_str(source.blocks.text(block));
    }
    text
}

/// The language that the classes or attributes of a `<pre>`, of its `<code>` or of the elements around it name.
pub(super) fn language(tree: &Tree<'_>, pre: Id) -> Option<String> {
    let inner = tree
        .children(pre)
        .filter(|&id| tree.tag(id) == Tag::Code)
        .take(1);
    let outer = tree.ancestors(pre).take(NEAR);
    let outer = outer.take_while(|&id| matches!(tree.tag(id), Tag::Div | Tag::Figure | Tag::Other));
    let mut near = std::iter::once(pre).chain(inner).chain(outer);
    near.find_map(|id| named(tree, id))
}

fn named(tree: &Tree<'_>, id: Id) -> Option<String> {
    let stated = ["data-lang", "data-language", "data-code-language"];
    let stated = stated.iter().find_map(|name| tree.attr(id, name));
    let classes = || {
        tree.attr(id, "class")
            .unwrap_or_default()
            .split_whitespace()
    };
    let by_prefix = classes().find_map(|class| {
        let prefixes = ["language-", "lang-", "highlight-source-", "brush:"];
        prefixes
            .iter()
            .find_map(|it| class.strip_prefix(it))
            .filter(|it| !it.is_empty())
    });
    // `brush: js`, `hljs rust` and pandoc's `sourceCode haskell`.
    let after = |name: &str| classes().skip_while(|it| *it != name).nth(1);
    let by_place = ["brush:", "hljs", "sourceCode"]
        .iter()
        .find_map(|it| after(it));
    let name = stated
        .or(by_prefix)
        .or(by_place)?
        .trim_end_matches(';')
        .to_ascii_lowercase();
    let is_name = |name: &str| {
        (1..=24).contains(&name.len())
            && name
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"+#-_.".contains(&it))
            && !["none", "plaintext", "plain", "text", "nohighlight", "copy"].contains(&name)
            && !name.starts_with("hljs")
    };
    Some(name).filter(|name| is_name(name))
}
