//! The words of which ids and classes consist.

/// Visits the words of a name in lower case: `userComments-list2` is user, comments, list, 2.
pub(super) fn for_each_word(name: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    if name.is_ascii() {
        return for_each_ascii_word(name, buffer, found);
    }
    buffer.clear();
    let mut last = ' ';
    for c in name.chars() {
        let is_cut = !c.is_alphanumeric()
            || c.is_uppercase() && last.is_lowercase()
            || c.is_ascii_digit() != last.is_ascii_digit();
        if is_cut && !buffer.is_empty() {
            found(buffer);
            buffer.clear();
        }
        if c.is_alphanumeric() {
            push_lower(buffer, c);
        }
        last = c;
    }
    if !buffer.is_empty() {
        found(buffer);
    }
}

/// As [`for_each_word`]: nearly all names are ASCII, and most words in them need no copy.
fn for_each_ascii_word(name: &str, buffer: &mut String, mut found: impl FnMut(&str)) {
    let (mut start, mut last) = (0, b' ');
    for (at, byte) in name.bytes().chain([b' ']).enumerate() {
        let is_cut = !byte.is_ascii_alphanumeric()
            || byte.is_ascii_uppercase() && last.is_ascii_lowercase()
            || byte.is_ascii_digit() != last.is_ascii_digit();
        last = byte;
        if !is_cut {
            continue;
        }
        let word = &name[start..at];
        if word.bytes().any(|it| it.is_ascii_uppercase()) {
            buffer.clear();
            buffer.push_str(word);
            buffer.make_ascii_lowercase();
            found(buffer);
        } else if !word.is_empty() {
            found(word);
        }
        start = at + usize::from(!byte.is_ascii_alphanumeric());
    }
}

/// Appends a letter in lower case.
pub(super) fn push_lower(buffer: &mut String, c: char) {
    if c.is_ascii() {
        buffer.push(c.to_ascii_lowercase());
    } else {
        buffer.extend(c.to_lowercase());
    }
}
