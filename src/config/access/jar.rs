//! Files of cookies in Netscape's format, as curl and extensions of browsers write them: a line a cookie, of seven fields
//! that tabs part (<https://curl.se/docs/http-cookies.html>).

use super::read::Cookie;
use super::{Kind, Secret, names, twin};

/// What begins the line of a cookie that scripts of pages do not see.
const HTTP_ONLY: &str = "#HttpOnly_";
/// Bytes of a file. Those of all sites that a browser has visited are smaller.
pub(super) const LONGEST_FILE: u64 = 8 << 20;

/// The cookies of a file for some hosts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Jar {
    /// Those that are valid.
    pub(super) cookies: Vec<Cookie>,
    /// When the last one expired that has, in seconds since 1970; `None` where none has.
    pub(super) expired_at: Option<i64>,
}

/// What is wrong with a file: the line, from 1, and the problem with its fix.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct JarError {
    pub(super) line: usize,
    pub(super) problem: String,
}

/// Reads a file. `hosts` are those of the source; cookies of other sites are left out.
pub(super) fn read(text: &str, hosts: &[String], now: i64) -> Result<Jar, JarError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut jar = Jar::default();
    if text.trim_start().starts_with(['[', '{']) {
        let problem = "this is JSON; export the cookies again in Netscape's format (cookies.txt)";
        return Err(JarError {
            line: 1,
            problem: problem.to_owned(),
        });
    }
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        let line = match line.strip_prefix(HTTP_ONLY) {
            Some(cookie) => cookie,
            None if line.starts_with('#') || line.trim().is_empty() => continue,
            None => line,
        };
        let read = cookie(line).map_err(|problem| JarError {
            line: at + 1,
            problem,
        })?;
        let (cookie, expires) = read;
        if !hosts.iter().any(|host| is_of(&cookie, host)) {
            continue;
        }
        let value = cookie.value.expose();
        let problem = names::cookie_problem(&cookie.name)
            // A cookie may be empty.
            .or_else(|| {
                names::value_problem(Kind::Cookie, &cookie.name, value)
                    .filter(|_| !value.is_empty())
            });
        if let Some(problem) = problem {
            let line = at + 1;
            return Err(JarError { line, problem });
        }
        if expires > 0 && expires <= now {
            jar.expired_at = jar.expired_at.max(Some(expires));
        } else {
            jar.cookies.push(cookie);
        }
    }
    Ok(jar)
}

/// True where a request to the host, or to the same with or without `www.`, may have the cookie.
fn is_of(cookie: &Cookie, host: &str) -> bool {
    cookie.is_for_host(host) || cookie.is_for_host(&twin(host))
}

/// A cookie of a line, and when it expires, in seconds since 1970; 0 for never.
fn cookie(line: &str) -> Result<(Cookie, i64), String> {
    let fields: Vec<&str> = line.split('\t').collect();
    // Where the value is empty, some leave the last tab out.
    let (fields, value) = match fields[..] {
        [ref fields @ .., value] if fields.len() == 6 => (fields, value),
        ref fields if fields.len() == 6 => (fields, ""),
        _ => {
            return Err(format!(
                "a cookie has 7 fields with tabs between them, and this line has {}; export the file again",
                fields.len()
            ));
        }
    };
    let [domain, subdomains, path, secure, expires, name] = fields else {
        return Err("a cookie has 7 fields with tabs between them".to_owned());
    };
    let switch = |text: &str, what: &str| match text.trim() {
        it if it.eq_ignore_ascii_case("TRUE") => Ok(true),
        it if it.eq_ignore_ascii_case("FALSE") => Ok(false),
        _ => Err(format!(
            "the {what} field must be TRUE or FALSE; export the file again"
        )),
    };
    let subdomains = switch(subdomains, "second")?;
    let secure = switch(secure, "fourth")?;
    let domain = domain.trim().trim_start_matches('.').to_ascii_lowercase();
    if domain.is_empty() || domain.contains([' ', '/', ':']) {
        return Err("the first field must be the name of a host; export the file again".to_owned());
    }
    // Some write fractions of a second.
    let seconds = expires.trim().split('.').next().unwrap_or_default();
    let expires = seconds.parse::<i64>().map_err(|_| {
        "the fifth field must be a time in seconds since 1970, or 0; export the file again"
            .to_owned()
    })?;
    let cookie = Cookie {
        name: (*name).to_owned(),
        value: Secret(value.to_owned()),
        domain: Some(domain),
        subdomains,
        path: Some(*path)
            .filter(|path| path.starts_with('/'))
            .unwrap_or("/")
            .to_owned(),
        secure,
    };
    Ok((cookie, expires))
}
