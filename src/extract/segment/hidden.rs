//! Text that readers do not see, by how the page hides it: names of classes (`sr-only`, `a11yHidden`,
//! `VisuallyHidden-sc-1abc`), inline styles that clip text or move it off the screen, and the classes for
//! which the page's own style sheets do so. `display:none`, `visibility:hidden` and `opacity:0` count only
//! on inline elements: scripts reveal whole blocks that are hidden so.

mod names;

use std::collections::HashSet;

use crate::extract::rules::Rules;
use crate::extract::segment::hidden::names::hides_by_name;
use crate::page::{AttrNames, Id, Tag, Tree};

/// The longest inline style that is read.
const STYLE: usize = 400;
/// The attributes that hide an element.
const READ: AttrNames = AttrNames::of("style").with(AttrNames::of("hidden"));

/// Finds the hidden elements of a page.
pub(super) struct Hidden<'t, 'p> {
    tree: &'t Tree<'p>,
    /// Whether each distinct value of `class` hides its element.
    classes: Vec<bool>,
    /// The numbers of the rules that `explain` names.
    clipped: Option<u16>,
    inline: Option<u16>,
}

impl<'t, 'p> Hidden<'t, 'p> {
    pub(super) fn new(tree: &'t Tree<'p>, rules: &Rules) -> Hidden<'t, 'p> {
        let clipped: HashSet<&str> = tree.clipped_classes().iter().map(String::as_str).collect();
        let hides = |value: &&str| {
            let by_sheet = |name: &str| clipped.contains(name);
            hides_by_name(value) || value.split_ascii_whitespace().any(by_sheet)
        };
        Hidden {
            tree,
            classes: tree.classes().iter().map(hides).collect(),
            clipped: rules.number("for-screen-readers"),
            inline: rules.number("hidden-inline"),
        }
    }

    /// The rule that strips an element because it is hidden.
    pub(super) fn rule(&self, id: Id) -> Option<u16> {
        if self.tree.class(id).is_some_and(|class| self.classes[class]) {
            return self.clipped;
        }
        if !self.tree.attr_names(id).may_share(READ) {
            return None;
        }
        let style = self.tree.attr(id, "style");
        let style = style.map_or(Style::Shown, read);
        match style {
            Style::Clipped => self.clipped,
            Style::NoSize if !self.has_elements(id) => self.clipped,
            Style::Hidden if self.is_inline(id) && !self.holds_formula(id) => self.inline,
            _ if self.is_inline(id) && self.has_hidden_attribute(id) => self.inline,
            _ => None,
        }
    }

    fn is_inline(&self, id: Id) -> bool {
        !self.tree.tag(id).is_block() && self.tree.tag(id) != Tag::Other
            || self.tree.tag(id) == Tag::Other && !self.has_elements(id)
    }

    fn has_elements(&self, id: Id) -> bool {
        let mut children = self.tree.children(id);
        children.any(|child| self.tree.tag(child) != Tag::Text)
    }

    /// What a search in the page reveals is text of the page.
    fn has_hidden_attribute(&self, id: Id) -> bool {
        let hidden = self.tree.attr(id, "hidden");
        hidden.is_some_and(|value| !value.eq_ignore_ascii_case("until-found"))
    }

    /// The readable twin of a formula that is shown as a picture.
    fn holds_formula(&self, id: Id) -> bool {
        let mut children = self.tree.children(id);
        children.any(|it| self.tree.name(it) == Some("math"))
    }
}

/// What an inline style does to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Shown,
    /// Clipped, or moved off the screen: never to be seen.
    Clipped,
    /// Letters without a size, unless elements inside have one.
    NoSize,
    /// Not displayed until a script says so.
    Hidden,
}

fn read(style: &str) -> Style {
    if style.len() > STYLE {
        return Style::Shown;
    }
    let mut it = Declared::default();
    for declaration in style.split(';') {
        if let Some((name, value)) = declaration.split_once(':') {
            it.add(name.trim(), value.trim());
        }
    }
    it.style()
}

/// What matters of the declarations of one element.
#[derive(Debug, Default)]
struct Declared {
    positioned: bool,
    clipped: bool,
    moved: bool,
    indented: bool,
    thin: bool,
    overflow: bool,
    no_size: bool,
    not_displayed: bool,
    transparent: bool,
    animated: bool,
}

impl Declared {
    fn add(&mut self, name: &str, value: &str) {
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        let value = value.trim_end_matches("!important").trim_end();
        let says = |wanted: &str| value.eq_ignore_ascii_case(wanted);
        if is("position") {
            self.positioned = says("absolute") || says("fixed");
        } else if is("clip") {
            self.clipped |= clips(value);
        } else if is("clip-path") {
            self.clipped |= value.starts_with("inset(50%") || value.starts_with("inset(100%");
        } else if is("left") || is("right") || is("top") || is("margin-left") {
            self.moved |= is_far_off(value);
        } else if is("text-indent") {
            self.indented |= is_far_off(value);
        } else if is("width") || is("height") {
            self.thin |= says("1px") || says("0") || says("0px");
        } else if is("overflow") {
            self.overflow = says("hidden") || says("clip");
        } else if is("font-size") {
            self.no_size = says("0") || says("0px");
        } else if is("display") {
            self.not_displayed |= says("none");
        } else if is("visibility") {
            self.not_displayed |= says("hidden") || says("collapse");
        } else if is("opacity") {
            self.transparent = value.parse::<f32>() == Ok(0.0);
        } else {
            self.animated |= is("transform") || is("transition") || is("animation");
            self.animated |= is("will-change") || is("filter");
        }
    }

    fn style(&self) -> Style {
        let off = self.positioned && self.moved || self.indented;
        let cut = self.clipped && (self.positioned || self.overflow);
        if cut || off || self.thin && self.overflow && self.positioned {
            Style::Clipped
        } else if self.not_displayed || self.transparent && !self.animated {
            Style::Hidden
        } else if self.no_size {
            Style::NoSize
        } else {
            Style::Shown
        }
    }
}

/// `rect(0 0 0 0)`, `rect(1px, 1px, 1px, 1px)`.
fn clips(value: &str) -> bool {
    let inner = value
        .strip_prefix("rect(")
        .and_then(|it| it.split(')').next());
    inner.is_some_and(|inner| {
        let mut sides = inner.split([' ', ',']).filter(|side| !side.is_empty());
        sides.all(|side| matches!(side, "0" | "0px" | "1px" | "0em"))
    })
}

/// `-9999px`, `-100em`, `-999rem`, `200%` the other way.
fn is_far_off(value: &str) -> bool {
    let digits = value.trim_start_matches('-');
    let end = digits
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(digits.len());
    let number: f32 = digits[..end].parse().unwrap_or(0.0);
    match &digits[end..] {
        "px" => number >= 900.0 && value.starts_with('-'),
        "em" | "rem" | "vw" | "vh" => number >= 99.0 && value.starts_with('-'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_hide_by_clipping_and_moving_away() {
        for style in [
            "border:0;clip:rect(0 0 0 0);height:1px;overflow:hidden;position:absolute",
            "position: absolute !important; clip: rect(1px, 1px, 1px, 1px)",
            "clip-path:inset(50%);position:absolute",
            "position:absolute;left:-9999px",
            "position:absolute; top: -999em",
            "text-indent:-9999px",
            "position:absolute;width:1px;height:1px;overflow:hidden",
        ] {
            assert_eq!(read(style), Style::Clipped, "{style}");
        }
        for (style, read_as) in [
            ("font-size:0", Style::NoSize),
            ("display:none", Style::Hidden),
            ("DISPLAY : none !important", Style::Hidden),
            ("visibility:hidden", Style::Hidden),
            ("opacity:0", Style::Hidden),
            ("opacity:0;transform:translateY(20px)", Style::Shown),
            ("opacity:0.5", Style::Shown),
            ("left:-9px;position:absolute", Style::Shown),
            ("margin-left:-20px", Style::Shown),
            ("text-indent:-2em", Style::Shown),
            ("overflow:hidden;width:100%", Style::Shown),
            ("clip:rect(0,200px,100px,0);position:absolute", Style::Shown),
        ] {
            assert_eq!(read(style), read_as, "{style}");
        }
    }
}
