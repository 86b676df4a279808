//! The decimal digits of every script, as data.

/// The zero of each script, in order (general category `Nd`); nine digits follow each.
const ZEROS: [char; 73] = [
    '\u{30}',
    '\u{660}',
    '\u{6F0}',
    '\u{7C0}',
    '\u{966}',
    '\u{9E6}',
    '\u{A66}',
    '\u{AE6}',
    '\u{B66}',
    '\u{BE6}',
    '\u{C66}',
    '\u{CE6}',
    '\u{D66}',
    '\u{DE6}',
    '\u{E50}',
    '\u{ED0}',
    '\u{F20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17E0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19D0}',
    '\u{1A80}',
    '\u{1A90}',
    '\u{1B50}',
    '\u{1BB0}',
    '\u{1C40}',
    '\u{1C50}',
    '\u{A620}',
    '\u{A8D0}',
    '\u{A900}',
    '\u{A9D0}',
    '\u{A9F0}',
    '\u{AA50}',
    '\u{ABF0}',
    '\u{FF10}',
    '\u{104A0}',
    '\u{10D30}',
    '\u{10D40}',
    '\u{11066}',
    '\u{110F0}',
    '\u{11136}',
    '\u{111D0}',
    '\u{112F0}',
    '\u{11450}',
    '\u{114D0}',
    '\u{11650}',
    '\u{116C0}',
    '\u{116D0}',
    '\u{116DA}',
    '\u{11730}',
    '\u{118E0}',
    '\u{11950}',
    '\u{11BF0}',
    '\u{11C50}',
    '\u{11D50}',
    '\u{11DA0}',
    '\u{11DE0}',
    '\u{16A60}',
    '\u{16AC0}',
    '\u{16B50}',
    '\u{1CCF0}',
    '\u{1D7CE}',
    '\u{1D7D8}',
    '\u{1D7E2}',
    '\u{1D7EC}',
    '\u{1D7F6}',
    '\u{1E140}',
    '\u{1E2F0}',
    '\u{1E5F1}',
    '\u{1E950}',
    '\u{1FBF0}',
];

/// The value of a decimal digit of any script.
pub(super) fn digit(c: char) -> Option<i64> {
    if c.is_ascii_digit() {
        return Some(i64::from(u32::from(c) - u32::from('0')));
    }
    if c.is_ascii() || !c.is_numeric() {
        return None;
    }
    let before = ZEROS.partition_point(|&zero| zero <= c);
    let zero = *ZEROS.get(before.checked_sub(1)?)?;
    let value = u32::from(c) - u32::from(zero);
    (value < 10).then(|| i64::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_have_their_value() {
        for (text, number) in [
            ("2026", 2026),
            ("٢٠٢٦", 2026),
            ("۲۰۲۶", 2026),
            ("२०२६", 2026),
            ("২০২৬", 2026),
            ("๒๐๒๖", 2026),
            ("២០២៦", 2026),
            ("၂၀၂၆", 2026),
            ("໒໐໒໖", 2026),
            ("᠒᠐᠒᠖", 2026),
            ("௨௦௨௬", 2026),
            ("２０２６", 2026),
            ("𝟐𝟎𝟐𝟔", 2026),
            ("𝟸𝟶𝟸𝟼", 2026),
        ] {
            let read = text
                .chars()
                .try_fold(0, |sum, c| Some(sum * 10 + digit(c)?));
            assert_eq!(read, Some(number), "{text}");
        }
        assert!(ZEROS.is_sorted());
        for other in ['a', '½', 'Ⅷ', '八', ':', '⑧'] {
            assert_eq!(digit(other), None, "{other}");
        }
    }
}
