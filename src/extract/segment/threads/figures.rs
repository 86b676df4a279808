//! Short texts that are made of numbers: votes, times of day, dates, ages.

/// True for numbers of votes: '+3', '-1', '0 / 2', '(+4)'.
pub(super) fn is_tally(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || " +-–−/()[]:|▲▼👍👎".contains(c);
    text.len() <= 16
        && text.contains(['+', '-', '–', '−', '▲', '▼', '👍', '👎'])
        && text.chars().all(is_part)
        || text.len() <= 12 && text.contains(" / ") && text.chars().all(is_part)
}

/// True for '3小时前', '5h': a unit after a number or a word for a unit.
pub(super) fn has_glued_unit(units: &[String], text: &str) -> bool {
    let is_number =
        |c: char| c.is_ascii_digit() || !c.is_ascii() && "时時間分日天月周년시간일주".contains(c);
    let ends = text.match_indices(is_number);
    let mut rests = ends.map(|(at, number)| text[at + number.len()..].trim_start());
    rests.any(|rest| units.iter().any(|unit| rest.starts_with(unit.as_str())))
}

/// True where the digits of a text are those of '12:40', '26.11.2026', '11/26/26' or '2026'.
pub(super) fn has_clock_or_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut separators = 0;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        let is_between = is_digit(at - 1) && is_digit(at + 1);
        if is_between && *byte == b':' {
            return true;
        }
        separators += usize::from(is_between && matches!(byte, b'.' | b'/' | b'-'));
    }
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let is_year =
        |number: &str| number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    separators >= 2 || numbers.into_iter().any(is_year)
}
