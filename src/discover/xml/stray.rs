//! The one repair that an XML parser cannot make itself: a `<` that begins no tag.

/// Escapes each `<` that begins no tag, and drops comments, declarations, processing instructions, and an
/// end in the middle of a tag. True if something was damaged. Takes time linear in the length.
pub(super) fn escaped(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut is_damaged) = (text, false);
    // What was once searched for to the end in vain is not searched for again.
    let mut missing: Vec<&str> = Vec::new();
    let mut find = |rest: &str, end: &'static str| {
        let found = (!missing.contains(&end)).then(|| rest.find(end)).flatten();
        if found.is_none() {
            missing.push(end);
        }
        found.map(|at| at + end.len())
    };
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            // Where another section begins first, this one has no end.
            let next = inner.find("<![CDATA[").unwrap_or(inner.len());
            let end = inner[..next].find("]]>").map(|end| end + 12);
            is_damaged |= end.is_none();
            out.push_str(&rest[..end.unwrap_or(0)]);
            rest = &rest[end.unwrap_or(9)..];
            continue;
        }
        let closing = match rest {
            _ if rest.starts_with("<!--") => Some("-->"),
            _ if rest.starts_with("<?") => Some("?>"),
            _ if rest.starts_with("<!") => Some(">"),
            _ => None,
        };
        if let Some(closing) = closing {
            let end = find(rest, closing);
            is_damaged |= end.is_none();
            rest = &rest[end.unwrap_or(2)..];
            continue;
        }
        match tag_length(rest) {
            Tag::Whole(length) => {
                out.push_str(&rest[..length]);
                rest = &rest[length..];
            }
            Tag::CutOff => return (out, true),
            Tag::No => {
                is_damaged = true;
                out.push_str("&lt;");
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    (out, is_damaged)
}

enum Tag {
    /// A tag of so many bytes.
    Whole(usize),
    /// A tag at the end of the text, without its end.
    CutOff,
    No,
}

/// What the `<` at the start of the text begins. A tag ends before the next `<`, or is none.
fn tag_length(text: &str) -> Tag {
    let name = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    if name.is_empty() {
        return Tag::CutOff;
    }
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Tag::No;
    }
    let (mut quote, mut last) = (None, b' ');
    for (at, &byte) in text.as_bytes().iter().enumerate().skip(1) {
        match byte {
            b'<' => return Tag::No,
            b'>' if quote.is_none() => return Tag::Whole(at + 1),
            b'"' | b'\'' if quote == Some(byte) => quote = None,
            b'"' | b'\'' if quote.is_none() && last == b'=' => quote = Some(byte),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    Tag::CutOff
}
