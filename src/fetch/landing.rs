//! Where a redirect chain has led, by its addresses alone: to a log-in page, or to the front page of the
//! site. Both answer 200, and neither is the page that was asked for.

use url::Url;

use crate::canonical::same_site;
use crate::fetch::FetchErrorKind;
use crate::verdict::VisitOutcome;

/// Segments of paths that are log-in pages wherever they are, without suffix (`.php`) and separators.
const LOG_IN: [&str; 44] = [
    "login",
    "loginpage",
    "userlogin",
    "memberlogin",
    "wplogin",
    "logon",
    "signin",
    "signon",
    "sso",
    "oauth",
    "oauth2",
    "openid",
    "authorize",
    "authenticate",
    "authentication",
    "auth",
    "saml",
    "anmelden",
    "anmeldung",
    "einloggen",
    "connexion",
    "seconnecter",
    "sidentifier",
    "identification",
    "inloggen",
    "aanmelden",
    "loggain",
    "logginn",
    "logind",
    "iniciarsesion",
    "iniciosesion",
    "acceder",
    "accedi",
    "entrar",
    "zaloguj",
    "logowanie",
    "prihlaseni",
    "prihlasit",
    "bejelentkezes",
    "kirjaudu",
    "giris",
    "girisyap",
    "vhod",
    "войти",
];
/// Segments of paths that ask for a subscription or an account where they are the last, or where the
/// address also says which page to come back to: papers have sections of these names.
const SUBSCRIBE: [&str; 29] = [
    "subscribe",
    "subscription",
    "subscriptions",
    "subscriber",
    "account",
    "myaccount",
    "user",
    "users",
    "member",
    "members",
    "membership",
    "register",
    "registration",
    "signup",
    "join",
    "paywall",
    "abo",
    "abos",
    "abonnement",
    "abonnements",
    "abonnieren",
    "registrieren",
    "konto",
    "suscripcion",
    "suscribete",
    "abbonamenti",
    "abbonati",
    "assine",
    "prenumerera",
];
/// Hosts that log readers in: the first part of their names.
const HOSTS: [&str; 11] = [
    "login", "signin", "sso", "auth", "oauth", "accounts", "account", "konto", "anmelden",
    "passport", "nid",
];
/// Parameters that name the page to come back to, without separators.
const RETURN: [&str; 27] = [
    "next",
    "redirect",
    "redirectto",
    "redirecturl",
    "redirecturi",
    "return",
    "returnto",
    "returnurl",
    "returnuri",
    "returnpath",
    "continue",
    "continueurl",
    "back",
    "backurl",
    "goto",
    "dest",
    "destination",
    "target",
    "targeturl",
    "referer",
    "referrer",
    "ref",
    "service",
    "relaystate",
    "from",
    "callback",
    "url",
];

/// What a redirect chain has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Landing {
    /// A page to log in, subscribe or register.
    LogIn,
    /// The front page of the site.
    FrontPage,
}

impl Landing {
    /// What a page is that was asked for as `asked` and answered at `answered`; `None` where the addresses
    /// show nothing.
    pub fn of(asked: &Url, answered: &Url) -> Option<Landing> {
        if asked == answered {
            return None;
        }
        let is_log_in = |url| is_log_in(url, asked);
        if is_log_in(answered) && !is_log_in(asked) && asked.path() != answered.path() {
            return Some(Landing::LogIn);
        }
        let is_front = is_front_page(answered) && !is_front_page(asked);
        (is_front && same_site(asked, answered)).then_some(Landing::FrontPage)
    }

    /// How a visit ends that led here.
    pub fn outcome(self) -> VisitOutcome {
        match self {
            Landing::LogIn => VisitOutcome::Redirects,
            Landing::FrontPage => VisitOutcome::Soft404,
        }
    }

    /// Why, in one line.
    pub fn reason(self, answered: &Url) -> String {
        match self {
            Landing::LogIn => FetchErrorKind::LogIn(answered.clone()).to_string(),
            Landing::FrontPage => format!("redirected to the front page: {answered}"),
        }
    }
}

/// True for a page to log in, subscribe or register, from which the reader may come back to `asked`.
fn is_log_in(url: &Url, asked: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let label = host.split('.').next().unwrap_or_default();
    let back = asked.path();
    let mut pairs = url.query_pairs();
    let comes_back = back.len() > 1
        && pairs
            .any(|(name, value)| RETURN.contains(&plain(&name).as_str()) && value.contains(back));
    if HOSTS.contains(&label) && host.matches('.').count() > 1 {
        return true;
    }
    let segments = url.path_segments().into_iter().flatten();
    let segments: Vec<String> = segments.map(segment).filter(|it| !it.is_empty()).collect();
    // A log-in page may be a step below (`/login/email`), an article of the section Login is too rare.
    let last = segments.iter().rev();
    let has = |known: &[&str], most| {
        last.clone()
            .take(most)
            .any(|it| known.contains(&it.as_str()))
    };
    has(&LOG_IN, 2) || has(&SUBSCRIBE, if comes_back { 2 } else { 1 })
}

/// A segment of a path: decoded, in lower case, without suffix and separators.
fn segment(segment: &str) -> String {
    let pair = format!("={segment}").replace('+', "%2B");
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
    let decoded = decoded
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let name = [".php", ".html", ".htm", ".aspx", ".asp", ".jsp", ".do"]
        .iter()
        .find_map(|suffix| decoded.strip_suffix(suffix))
        .unwrap_or(&decoded);
    plain(name)
}

fn plain(name: &str) -> String {
    let name = name.chars().filter(|c| !matches!(c, '-' | '_' | '.' | ' '));
    name.flat_map(char::to_lowercase).collect()
}

/// True for a front page: no path, no query that may name an article.
fn is_front_page(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let is_root = matches!(
        path.as_str(),
        "/" | "" | "/index.html" | "/index.htm" | "/index.php" | "/home" | "/home/"
    );
    let names_page = url
        .query()
        .is_some_and(|query| query.bytes().any(|byte| byte.is_ascii_digit()));
    is_root && !names_page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landing(asked: &str, answered: &str) -> Option<Landing> {
        let url = |text| Url::parse(text).unwrap();
        Landing::of(&url(asked), &url(answered))
    }

    #[test]
    fn log_in_pages_are_known_by_their_address() {
        for answered in [
            "https://daily.test/login?next=/news/1",
            "https://daily.test/signin",
            "https://daily.test/account/login",
            "https://daily.test/users/sign_in",
            "https://daily.test/wp-login.php?redirect_to=https%3A%2F%2Fdaily.test%2Fnews%2F1",
            "https://daily.test/anmelden",
            "https://daily.test/Account/LogOn?ReturnUrl=%2fnews%2f1",
            "https://daily.test/sso/start",
            "https://daily.test/login/email",
            "https://login.daily.test/",
            "https://sso.other.test/session?service=https://daily.test/news/1",
            "https://daily.test/subscribe",
            "https://daily.test/abo/angebote?returnUrl=/news/1",
            "https://daily.test/inicio-sesi%6Fn.html",
            "https://daily.test/%D0%B2%D0%BE%D0%B9%D1%82%D0%B8",
        ] {
            let found = landing("https://daily.test/news/1", answered);
            assert_eq!(found, Some(Landing::LogIn), "{answered}");
        }
    }

    #[test]
    fn articles_that_moved_are_no_log_in_pages() {
        for answered in [
            "https://daily.test/news/1-login-problems-at-the-bank",
            "https://daily.test/abo/how-the-ferry-returned-to-the-quay",
            "https://daily.test/abo/how-the-ferry-returned-to-the-quay?from=/home",
            "https://daily.test/news/subscribe-or-not-a-debate",
            "https://daily.test/news/1?from=twitter",
            "https://account.test/news/1",
            "https://daily.test/news/login/a-long-story/of-two-parts",
        ] {
            assert_eq!(
                landing("https://daily.test/n/1", answered),
                None,
                "{answered}"
            );
        }
        let asked = "https://daily.test/help/login";
        assert_eq!(landing(asked, "https://www.daily.test/help/login/"), None);
    }

    #[test]
    fn the_front_page_of_the_site_is_not_the_article() {
        for (asked, answered, is_front) in [
            ("https://daily.test/news/1", "https://daily.test/", true),
            (
                "https://daily.test/news/1",
                "https://www.daily.test/index.html",
                true,
            ),
            ("https://daily.test/?p=1201", "https://daily.test/", true),
            (
                "https://daily.test/news/1",
                "https://daily.test/?ref=404",
                false,
            ),
            (
                "https://daily.test/news/1",
                "https://daily.test/?notfound",
                true,
            ),
            ("https://daily.test/news/1", "https://other.test/", false),
            ("https://daily.test/", "https://www.daily.test/", false),
            (
                "https://daily.test/news/1",
                "https://daily.test/news/",
                false,
            ),
        ] {
            let expected = is_front.then_some(Landing::FrontPage);
            assert_eq!(landing(asked, answered), expected, "{asked} {answered}");
        }
    }
}
