//! Converts XPath to CSS. Anything without a CSS equivalent is refused with a reason, never converted to
//! a selector that means something else.

mod lex;

use crate::extract::parse_selector;
use lex::{call, ident, literal, quoted, split, split_at, split_word};

/// Alternatives, each a piece of a selector.
type Pieces = Vec<String>;

/// Maximum number of alternatives; no hand-written selector has more.
const MOST: usize = 64;
/// Maximum nesting of brackets.
const DEEPEST: usize = 16;

/// Converts a path to CSS selectors, to be tried in order. If only the first match is used anyway
/// (`first_only`), `(path)[1]` is the same as the path.
///
/// # Errors
/// Says which part of the path has no CSS equivalent.
pub fn to_css(xpath: &str, first_only: bool) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for path in split(xpath.trim(), '|') {
        let mut path = path.trim();
        while let Some(inner) = first_of(path) {
            if !first_only {
                return Err(
                    "`(…)[1]` selects the first match on the page, which CSS cannot express"
                        .to_owned(),
                );
            }
            path = inner;
        }
        found.extend(convert_path(path, 0)?);
    }
    for css in &found {
        parse_selector(css).map_err(|error| error.to_string())?;
    }
    Ok(found)
}

/// The path inside `(…)[1]`, or inside brackets around everything.
fn first_of(path: &str) -> Option<&str> {
    let inner = path.strip_prefix('(')?;
    let inner = inner.strip_suffix("[1]").unwrap_or(inner).trim_end();
    let inner = inner.strip_suffix(')')?;
    split(inner, ')').len().eq(&1).then(|| inner.trim())
}

fn convert_path(path: &str, depth: usize) -> Result<Pieces, String> {
    if depth > DEEPEST {
        return Err("it is nested too deeply".to_owned());
    }
    let mut built = vec![String::new()];
    let mut rest = path
        .strip_prefix('.')
        .filter(|it| it.starts_with('/'))
        .unwrap_or(path);
    let is_absolute = rest.starts_with('/') && !rest.starts_with("//");
    if is_absolute && !rest[1..].trim_start().starts_with("html") {
        return Err("a path from the root must begin with /html".to_owned());
    }
    let mut joint = "";
    while !rest.is_empty() {
        let after = rest.strip_prefix("//").or_else(|| rest.strip_prefix('/'));
        if let Some(after) = after {
            if !joint.is_empty() {
                joint = if rest.starts_with("//") { " " } else { " > " };
            }
            rest = after;
        }
        let end = split_at(rest, '/');
        let (step, tail) = rest.split_at(end);
        rest = tail;
        let Some(step) = convert_step(step.trim(), joint, rest.is_empty(), depth)? else {
            continue;
        };
        built = multiply(&built, &step)?;
        joint = " > ";
    }
    if built.iter().any(String::is_empty) {
        return Err("it selects no element".to_owned());
    }
    Ok(built)
}

/// One step with the combinator before it; `None` if it adds nothing.
fn convert_step(
    step: &str,
    joint: &str,
    is_last: bool,
    depth: usize,
) -> Result<Option<Pieces>, String> {
    if matches!(step, "." | "text()") && is_last && !joint.is_empty() {
        return Ok(None);
    }
    if let Some(name) = step.strip_prefix('@').filter(|_| is_last) {
        let piece = format!("[{}]", ident(name)?);
        return Ok(Some(vec![piece]));
    }
    let start = step.find('[').unwrap_or(step.len());
    let (axis, name) = match step[..start].split_once("::") {
        Some((axis, name)) => (axis.trim(), name.trim()),
        None => ("child", step[..start].trim()),
    };
    let joint = match axis {
        "child" => joint,
        "descendant" | "descendant-or-self" if !joint.is_empty() => " ",
        "descendant" | "descendant-or-self" => "",
        "following-sibling" if !joint.is_empty() => " ~ ",
        other => return Err(format!("`{other}::` has no CSS equivalent")),
    };
    if matches!(name, ".." | "text()" | "node()") {
        return Err(format!("`{name}` has no CSS equivalent"));
    }
    let tag = if name == "*" {
        String::new()
    } else {
        ident(name)?.to_ascii_lowercase()
    };
    let mut pieces = vec![tag];
    for (number, predicate) in predicates(&step[start..])?.into_iter().enumerate() {
        let added = match position(predicate) {
            Some(place) if number == 0 && joint != " ~ " => vec![nth(place, name == "*")],
            Some(_) => {
                return Err(format!(
                    "`[{predicate}]` counts matches of other conditions, which CSS cannot express"
                ));
            }
            None => condition(predicate, depth + 1)?,
        };
        pieces = multiply(&pieces, &added)?;
    }
    for piece in &mut pieces {
        if piece.is_empty() {
            piece.push('*');
        }
        piece.insert_str(0, joint);
    }
    Ok(Some(pieces))
}

fn multiply(before: &[String], after: &[String]) -> Result<Pieces, String> {
    if before.len() * after.len() > MOST {
        return Err("it has too many alternatives".to_owned());
    }
    let all = before
        .iter()
        .flat_map(|a| after.iter().map(move |b| format!("{a}{b}")));
    Ok(all.collect())
}

/// The conditions in brackets after a name.
fn predicates(mut rest: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let end = split_at(inner, ']');
        if end == inner.len() {
            return Err("a bracket is not closed".to_owned());
        }
        found.push(inner[..end].trim());
        rest = inner[end + 1..].trim_start();
    }
    if rest.is_empty() {
        Ok(found)
    } else {
        Err(format!("cannot parse `{rest}`"))
    }
}

/// A position: from 1 on from the start, 0 for the last.
fn position(predicate: &str) -> Option<usize> {
    let compact: String = predicate.split_whitespace().collect();
    if compact == "last()" || compact == "position()=last()" {
        return Some(0);
    }
    compact
        .strip_prefix("position()=")
        .unwrap_or(&compact)
        .parse()
        .ok()
        .filter(|&it| it > 0)
}

fn nth(place: usize, of_any: bool) -> String {
    let kind = if of_any { "child" } else { "of-type" };
    match place {
        0 => format!(":last-{kind}"),
        1 => format!(":first-{kind}"),
        place => format!(":nth-{kind}({place})"),
    }
}

fn condition(text: &str, depth: usize) -> Result<Pieces, String> {
    if depth > DEEPEST {
        return Err("it is nested too deeply".to_owned());
    }
    let either = split_word(text, " or ");
    if either.len() > 1 {
        let mut all = Vec::new();
        for part in either {
            all.extend(condition(part, depth + 1)?);
        }
        return Ok(all);
    }
    let both = split_word(text, " and ");
    if both.len() > 1 {
        let mut all = vec![String::new()];
        for part in both {
            all = multiply(&all, &condition(part, depth + 1)?)?;
        }
        return Ok(all);
    }
    let text = text.trim();
    if let Some(inner) = call(text, "not") {
        let negated = condition(inner, depth + 1)?;
        return Ok(vec![
            negated.iter().map(|it| format!(":not({it})")).collect(),
        ]);
    }
    if let Some(inner) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        return condition(inner, depth + 1);
    }
    test(text, depth)
}

/// A condition without `and`, `or` and `not`.
fn test(text: &str, depth: usize) -> Result<Pieces, String> {
    for (function, sign) in [("contains", "*="), ("starts-with", "^=")] {
        if let Some(inner) = call(text, function) {
            let (what, value) = two(inner)?;
            if let Some(name) = word_of(what).filter(|_| sign == "*=") {
                let word = value.trim();
                if word.len() + 2 == value.len() && !word.contains(char::is_whitespace) {
                    return Ok(vec![has_word(&name, word)]);
                }
            }
            let name = attribute(what)?;
            return Ok(vec![format!("[{name}{sign}{}]", quoted(value))]);
        }
    }
    if let Some((name, value)) = text.split_once("!=") {
        let (name, value) = (attribute(name)?, quoted(literal(value)?));
        return Ok(vec![format!("[{name}]:not([{name}={value}])")]);
    }
    let equals = split_at(text, '=');
    if equals < text.len() {
        let (name, value) = (attribute(&text[..equals])?, literal(&text[equals + 1..])?);
        return Ok(vec![is_exactly(&name, value)]);
    }
    if text.starts_with('@') {
        return Ok(vec![format!("[{}]", attribute(text)?)]);
    }
    if text.contains('(') {
        return Err(format!("`{text}` has no CSS equivalent"));
    }
    let inner = text
        .strip_prefix("descendant::")
        .map(|it| format!(".//{it}"));
    let inner = inner.as_deref().unwrap_or(text);
    let joint = if inner.starts_with(".//") || inner.starts_with("//") {
        ""
    } else {
        "> "
    };
    let inner = convert_path(inner, depth + 1)?;
    Ok(inner
        .iter()
        .map(|it| format!(":has({joint}{it})"))
        .collect())
}

fn is_exactly(name: &str, value: &str) -> String {
    match name {
        "id" if ident(value).is_ok() => format!("#{value}"),
        _ => format!("[{name}={}]", quoted(value)),
    }
}

fn has_word(name: &str, word: &str) -> String {
    match name {
        "class" if ident(word).is_ok() => format!(".{word}"),
        _ => format!("[{name}~={}]", quoted(word)),
    }
}

/// The attribute whose words are matched in `concat(' ', normalize-space(@class), ' ')`.
fn word_of(text: &str) -> Option<String> {
    let inner = call(text.trim(), "concat")?;
    let parts = split(inner, ',');
    let [before, middle, after] = parts.as_slice() else {
        return None;
    };
    let is_space = |part: &str| literal(part) == Ok(" ");
    let middle = call(middle.trim(), "normalize-space").unwrap_or(middle);
    (is_space(before) && is_space(after)).then(|| attribute(middle).ok())?
}

fn attribute(text: &str) -> Result<String, String> {
    let text = text.trim();
    let text = call(text, "normalize-space").unwrap_or(text);
    match text.strip_prefix('@') {
        Some(name) => ident(name).map(str::to_ascii_lowercase),
        None => Err(format!("`{text}`: CSS matches attributes, not text")),
    }
}

fn two(inner: &str) -> Result<(&str, &str), String> {
    let parts = split(inner, ',');
    let [.., value] = parts.as_slice() else {
        return Err("an argument is missing".to_owned());
    };
    let what = &inner[..inner.len() - value.len()];
    let what = what.strip_suffix(',').ok_or("an argument is missing")?;
    Ok((what, literal(value)?))
}

#[cfg(test)]
mod tests;
