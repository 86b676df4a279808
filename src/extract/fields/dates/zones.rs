//! The abbreviations of time zones, as data.

/// Abbreviations that stand for a single offset, in minutes east of Greenwich. Ambiguous ones (IST,
/// ET, SST) are left out: a wrong hour is worse than none.
const ZONES: &[(&str, i16)] = &[
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("mez", 60),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("sast", 120),
    ("eest", 180),
    ("msk", 180),
    ("pkt", 300),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("adt", -180),
    ("edt", -240),
    ("est", -300),
    ("cdt", -300),
    ("cst", -360),
    ("mdt", -360),
    ("mst", -420),
    ("pdt", -420),
    ("pst", -480),
];

/// The offset of a lower-case abbreviation, in minutes.
pub(super) fn zone(word: &str) -> Option<i16> {
    ZONES
        .iter()
        .find(|(name, _)| *name == word)
        .map(|&(_, minutes)| minutes)
}
