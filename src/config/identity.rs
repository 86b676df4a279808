//! `[identity]`: the key that requests are signed with, and where its public half is published.

use std::path::PathBuf;

use toml::Spanned;
use url::Url;

use crate::config::diagnose::{Diagnostics, closest};
use crate::config::raw;

/// The key that requests are signed with; without one they are not signed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdentitySettings {
    /// The file of the private key.
    pub key: Option<PathBuf>,
    /// Where the directory with its public half is published.
    pub directory: Option<Url>,
    /// How `Signature-Agent` names the directory.
    pub signature_agent: AgentForm,
}

/// How `Signature-Agent` names the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AgentForm {
    /// `sig1="https://bot.example.org"`, as the drafts have it (draft-ietf-webbotauth-httpsig-protocol, 5.2.1).
    #[default]
    Dictionary,
    /// `"https://bot.example.org"`, as earlier drafts had it, and some verifiers still want it.
    String,
}

/// The names of the forms.
const FORMS: [&str; 2] = ["dictionary", "string"];

pub(super) fn settings(raw: raw::Identity, diagnostics: &mut Diagnostics<'_>) -> IdentitySettings {
    let given = |text: Option<Spanned<String>>| text.filter(|it| !it.get_ref().is_empty());
    let (key, directory) = (given(raw.key), given(raw.directory));
    match (&key, &directory) {
        (Some(key), None) => diagnostics.push(
            key.span(),
            "`key` needs `directory`, the address where the public key is published, such as \
             directory = \"https://bot.example.org\""
                .to_owned(),
        ),
        (None, Some(directory)) => diagnostics.push(
            directory.span(),
            "`directory` needs `key`, the file of the private key; `newsprint identity new` makes one"
                .to_owned(),
        ),
        _ => {}
    }
    IdentitySettings {
        key: key.map(|it| PathBuf::from(it.into_inner())),
        directory: directory.and_then(|it| self::directory(&it, diagnostics)),
        signature_agent: raw
            .signature_agent
            .map_or_else(AgentForm::default, |it| form(&it, diagnostics)),
    }
}

/// An https address, as the drafts demand.
fn directory(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    let is_plain = |url: &Url| {
        url.scheme() == "https"
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    let url = Url::parse(given.get_ref()).ok().filter(is_plain);
    if url.is_none() {
        let message = "`directory` must be an https address without a login, `?` and `#`, such as \
                       \"https://bot.example.org\"";
        diagnostics.push(given.span(), message.to_owned());
    }
    url
}

fn form(given: &Spanned<String>, diagnostics: &mut Diagnostics<'_>) -> AgentForm {
    match given.get_ref().as_str() {
        "dictionary" => AgentForm::Dictionary,
        "string" => AgentForm::String,
        other => {
            let fix = match closest(other, &FORMS) {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => format!("expected \"{}\"", FORMS.join("\" or \"")),
            };
            diagnostics.push(
                given.span(),
                format!("unknown `signature_agent` {other:?}; {fix}"),
            );
            AgentForm::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    fn parse(text: &str) -> Result<IdentitySettings, String> {
        let text = format!("[identity]\n{text}");
        let config = Config::parse(&text, Path::new("config.toml"));
        config
            .map(|it| it.identity)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_key_and_a_directory_go_together() {
        assert_eq!(
            parse("key = ''\ndirectory = ''"),
            Ok(IdentitySettings::default())
        );
        let both = parse("key = 'a.pem'\ndirectory = 'https://bot.example.org'").unwrap();
        assert_eq!(both.key.as_deref(), Some(Path::new("a.pem")));
        assert_eq!(both.directory.unwrap().as_str(), "https://bot.example.org/");
        assert!(
            parse("key = 'a.pem'")
                .unwrap_err()
                .starts_with("config.toml:2:7: `key` needs")
        );
        assert!(
            parse("directory = 'https://a.example'")
                .unwrap_err()
                .contains("needs `key`")
        );
    }

    #[test]
    fn the_directory_is_a_plain_https_address() {
        for wrong in [
            "http://bot.example.org",
            "bot.example.org",
            "https://a:b@bot.example.org",
            "https://bot.example.org/?a",
            "https://bot.example.org/#a",
            "data:,a",
        ] {
            let said = parse(&format!("key = 'a.pem'\ndirectory = '{wrong}'")).unwrap_err();
            assert!(
                said.contains("`directory` must be an https address"),
                "{wrong}: {said}"
            );
        }
    }

    #[test]
    fn the_form_of_signature_agent_has_two_names() {
        let form =
            |name: &str| parse(&format!("signature_agent = '{name}'")).map(|it| it.signature_agent);
        assert_eq!(form("string"), Ok(AgentForm::String));
        assert_eq!(form("dictionary"), Ok(AgentForm::Dictionary));
        assert!(
            form("strings")
                .unwrap_err()
                .contains("did you mean \"string\"?")
        );
    }
}
