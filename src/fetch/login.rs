//! The user name and the password that an address names.

use std::fmt;

use url::Url;

/// A user name and a password.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: Option<String>,
}

/// Logs hold no passwords.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").finish_non_exhaustive()
    }
}

/// Removes the user name and the password from an address.
pub(super) fn take_login(url: &mut Url) -> Option<Login> {
    let decoded = |text: &str| {
        let pair = format!("={text}").replace('+', "%2B").replace('&', "%26");
        let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
        pairs.next().map(|(_, value)| value.into_owned())
    };
    let user = decoded(url.username()).unwrap_or_default();
    let password = url.password().and_then(decoded);
    // Both fail only on addresses that can hold neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    (!user.is_empty() || password.is_some()).then_some(Login { user, password })
}
