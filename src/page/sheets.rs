//! The classes that a page's own style sheets hide by clipping or by moving text off the screen. Generated
//! names (`css-1f2g3h`) say nothing, the sheet does. `display: none` does not count, because scripts undo
//! it; nor do rules inside `@media` and the like.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Bytes of style sheets that are read per page.
const MOST_BYTES: usize = 512 * 1024;
/// Classes that are found at most.
const MOST_CLASSES: usize = 64;
/// The longest list of selectors, and the longest list of declarations, that are read.
const NEAR: usize = 400;

/// What only hidden text is declared with.
static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    // Of this kind, the search skips over most of a sheet.
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostFirst);
    let signs = builder.build([
        "clip:rect(",
        "clip: rect(",
        "clip-path:inset(50%",
        "clip-path: inset(50%",
        "clip-path:inset(100%",
        "clip-path: inset(100%",
        ":-9999",
        ": -9999",
        ":-999em",
        ": -999em",
        ":-10000",
        ": -10000",
    ]);
    signs.ok()
});

/// Collects the classes of a page's sheets.
#[derive(Debug, Default)]
pub struct ClippedClasses {
    names: Vec<String>,
    bytes: usize,
}

impl ClippedClasses {
    /// Reads one sheet, or as much of it as is left to read.
    pub fn read(&mut self, sheet: &str) {
        let sheet = &sheet[..sheet.floor_char_boundary(MOST_BYTES - self.bytes)];
        self.bytes += sheet.len();
        let Some(signs) = SIGNS.as_ref() else { return };
        let (mut depth, mut counted, mut done) = (0i32, 0, 0);
        for sign in signs.find_iter(sheet) {
            if self.names.len() >= MOST_CLASSES {
                return;
            }
            // One rule may have several signs.
            if sign.start() < done {
                continue;
            }
            depth += depth_of(&sheet[counted..sign.start()]);
            counted = sign.start();
            let rest = &sheet[sign.start()..];
            let end = rest[..rest.floor_char_boundary(NEAR)].find('}');
            done = sign.start() + end.unwrap_or(0);
            let start = sheet.floor_char_boundary(sign.start().saturating_sub(NEAR));
            let open = sheet[start..sign.start()].rfind('{').map(|at| start + at);
            if let (1, Some(open)) = (depth, open) {
                self.add(&sheet[..open], &sheet[open + 1..done]);
            }
        }
    }

    /// The names found.
    pub fn into_names(self) -> Vec<String> {
        self.names
    }

    fn add(&mut self, before: &str, declarations: &str) {
        if !declarations.contains("absolute") && !declarations.contains("fixed") {
            return;
        }
        if declarations.contains("rect(") && !clips_all(declarations) {
            return;
        }
        let start = before.floor_char_boundary(before.len().saturating_sub(NEAR));
        let near = &before[start..];
        let selectors = near
            .rfind(['}', ';', '/'])
            .map_or(near, |at| &near[at + 1..]);
        for selector in selectors.split(',') {
            if let Some(name) = single_class(selector.trim()) {
                self.names.push(name.to_owned());
            }
        }
    }
}

fn depth_of(css: &str) -> i32 {
    css.bytes().fold(0, |depth, byte| match byte {
        b'{' => depth + 1,
        b'}' => depth - 1,
        _ => depth,
    })
}

/// True where the clip leaves nothing: `rect(0 0 0 0)`, `rect(1px, 1px, 1px, 1px)`.
fn clips_all(declarations: &str) -> bool {
    let inner = declarations.split("rect(").nth(1);
    let inner = inner.and_then(|it| it.split(')').next()).unwrap_or("auto");
    let mut sides = inner.split([' ', ',']).filter(|side| !side.is_empty());
    sides.all(|side| matches!(side, "0" | "0px" | "1px"))
}

/// The name in `.name` or `.name:not(:focus)`.
fn single_class(selector: &str) -> Option<&str> {
    let name = selector.strip_prefix('.')?;
    let end = name
        .find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
        .unwrap_or(name.len());
    let rest = &name[end..];
    (end > 0 && (rest.is_empty() || rest.starts_with(":not(:focus"))).then(|| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sheet: &str) -> Vec<String> {
        let mut classes = ClippedClasses::default();
        classes.read(sheet);
        classes.into_names()
    }

    #[test]
    fn classes_that_are_clipped_or_moved_away_are_found() {
        let sheet = "p{margin:0}.css-1a2b{border:0;clip:rect(0 0 0 0);height:1px;overflow:hidden;\
            position:absolute}\n.q7, .q8:not(:focus):not(:active) { position: absolute; left: -9999px }\
            /* c */.k9{clip-path:inset(50%);position:absolute;clip:rect(1px,1px,1px,1px)}";
        assert_eq!(names(sheet), ["css-1a2b", "q7", "q8", "k9"]);
    }

    #[test]
    fn other_rules_say_nothing() {
        for sheet in [
            ".a{display:none}",
            ".a .b{position:absolute;left:-9999px}",
            ".a:focus{position:absolute;left:-9999px}",
            "@media print{.a{position:absolute;left:-9999px}}",
            ".a{clip:rect(0,100px,50px,0);position:absolute}",
            ".a{position:relative;left:-9px}",
            ".a{text-indent:-9999px}",
            "#a{position:absolute;left:-9999px}",
            "{clip:rect(",
            "}}}clip:rect(0)",
        ] {
            assert_eq!(names(sheet), Vec::<String>::new(), "{sheet}");
        }
    }
}
