//! Language tags as pages write them (`en_US`, `DE-de`, `pt-br, en`) in the form of BCP 47.

/// The first readable tag of `raw`: language in lower case, script capitalised, region in upper
/// case; other subtags are dropped. `None` where it names no language.
pub(super) fn normalise(raw: &str) -> Option<String> {
    let first = raw.split([',', ';', ' ']).find(|it| !it.is_empty())?;
    let mut subtags = first.split(['-', '_']);
    let language = subtags.next()?.to_ascii_lowercase();
    let is_language = (2..=3).contains(&language.len()) && is_alphabetic(&language);
    if !is_language || matches!(language.as_str(), "und" | "mul" | "zxx" | "xx") {
        return None;
    }
    let mut tag = language;
    for subtag in subtags.take(3) {
        match subtag.len() {
            4 if is_alphabetic(subtag) => {
                tag.push('-');
                tag.push_str(&subtag[..1].to_ascii_uppercase());
                tag.push_str(&subtag[1..].to_ascii_lowercase());
            }
            2 if is_alphabetic(subtag) => {
                tag.push('-');
                tag.push_str(&subtag.to_ascii_uppercase());
                break;
            }
            3 if subtag.bytes().all(|byte| byte.is_ascii_digit()) => {
                tag.push('-');
                tag.push_str(subtag);
                break;
            }
            _ => break,
        }
    }
    Some(tag)
}

fn is_alphabetic(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_take_the_form_of_bcp_47() {
        for (raw, tag) in [
            ("en", Some("en")),
            ("EN_us", Some("en-US")),
            ("zh-hans-cn", Some("zh-Hans-CN")),
            ("es-419", Some("es-419")),
            ("pt-br, en", Some("pt-BR")),
            ("de-DE-1996", Some("de-DE")),
            ("english", None),
            ("und", None),
            ("{{lang}}", None),
            ("ä", None),
            ("", None),
        ] {
            assert_eq!(normalise(raw).as_deref(), tag, "{raw}");
        }
    }
}
