//! What is shown against what is printed: the same but for what differs from run to run.

/// What stands for anything.
const ANYTHING: &str = "…";

/// True where what is shown, if anything is, is what was printed.
pub fn is_shown(shown: &str, printed: &str) -> bool {
    let forms = |text: &str| -> Vec<String> { text.lines().map(form).collect() };
    shown.is_empty() || lines_match(&forms(shown), &forms(printed))
}

fn lines_match(shown: &[String], printed: &[String]) -> bool {
    let Some((first, rest)) = shown.split_first() else {
        return printed.is_empty();
    };
    if first == ANYTHING {
        return (0..=printed.len()).any(|from| lines_match(rest, &printed[from..]));
    }
    match printed.split_first() {
        Some((line, others)) => line_matches(first, line) && lines_match(rest, others),
        None => false,
    }
}

/// `a … c` matches `a b c`.
fn line_matches(shown: &str, line: &str) -> bool {
    let mut pieces = shown.split(ANYTHING);
    let Some(mut rest) = pieces.next().and_then(|it| line.strip_prefix(it)) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in between {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// A line by its words, with one space between them and the forms of those that differ from run to run.
fn form(line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(word).collect();
    let line = words.join(" ");
    let line = line
        .replace("DURATION ago", "AGO")
        .replace("just AGO", "AGO");
    line.replace("in DURATION", "DUE").replace(" now ", " DUE ")
}

fn word(word: &str) -> String {
    let bare = word.trim_matches(['(', ')', ',', ';', ':', '+', '-']);
    let number = bare.strip_suffix(['s', 'm', 'h', 'd']);
    if number.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit())) {
        return word.replace(bare, "DURATION");
    }
    if bare.contains('.') && bare.parse::<f64>().is_ok() {
        return word.replace(bare, "DECIMAL").replace(['+', '-'], "");
    }
    if bare.len() == 20 && bare.ends_with('Z') && bare.as_bytes()[10] == b'T' {
        return word.replace(bare, "TIME");
    }
    match bare.strip_prefix("127.0.0.1:") {
        Some(_) => word.replace(bare, "127.0.0.1:PORT"),
        None => word.to_owned(),
    }
}

#[test]
fn what_differs_from_run_to_run_is_compared_by_its_form() {
    for (shown, printed) in [
        ("a  3s ago  in 9m\n", "a 12m ago in 1s\n"),
        ("next now -\n", "next in 5s -\n"),
        (
            "took 2.1 s; ended 2026-11-27T21:17:27Z\n",
            "took 10.0 s; ended 2027-01-01T00:00:00Z\n",
        ),
        ("on 127.0.0.1:1\n", "on 127.0.0.1:40000\n"),
        ("a … d\n", "a b c d\n"),
        ("a\n…\nd\n", "a\nb\nc\nd\n"),
        ("…\nd\n", "d\n"),
        ("score 0.12 (+0.1)\n", "score 0.9 (-0.3)\n"),
    ] {
        assert!(is_shown(shown, printed), "{shown} {printed}");
    }
}

#[test]
fn whatever_else_differs_is_a_difference() {
    for (shown, printed) in [
        ("3 new\n", "4 new\n"),
        ("a\n", "a\nb\n"),
        ("a\nb\n", "a\n"),
        ("a … d\n", "a b c\n"),
        ("a 3s ago\n", "a never\n"),
        ("a\n…\nd\n", "a\nb\n"),
    ] {
        assert!(!is_shown(shown, printed), "{shown} {printed}");
    }
}
