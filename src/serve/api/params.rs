//! The parameters of a request: each is known, or the answer says which ones are.

use std::str::FromStr;

use axum::http::Uri;
use url::form_urlencoded;

use crate::serve::failure::{Answer, Failure};
use crate::serve::reading::short;
use crate::wording::times::TimeArg;

/// The parameters of a request, in their order.
#[derive(Debug)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// The parameters of this address, all of which have one of these names.
    pub(crate) fn of(uri: &Uri, names: &[&str]) -> Answer<Params> {
        let query = uri.query().unwrap_or_default().as_bytes();
        let pairs: Vec<_> = form_urlencoded::parse(query).into_owned().collect();
        match pairs
            .iter()
            .find(|(name, _)| !names.contains(&name.as_str()))
        {
            None => Ok(Params(pairs)),
            Some((name, _)) if names.is_empty() => Err(Failure::bad_request(format!(
                "there is no parameter `{}`; this address takes none",
                short(name)
            ))),
            Some((name, _)) => Err(Failure::bad_request(format!(
                "there is no parameter `{}`; known are {}",
                short(name),
                names.join(", ")
            ))),
        }
    }

    /// Every value of a parameter that may be repeated.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let values = self
            .0
            .iter()
            .filter(|(it, value)| it == name && !value.is_empty());
        values.map(|(_, value)| value.clone()).collect()
    }

    /// The value of a parameter; empty is as good as none.
    pub(crate) fn one(&self, name: &str) -> Answer<Option<&str>> {
        let mut values = self.0.iter().filter(|(it, _)| it == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Failure::bad_request(format!(
                "`{name}` is given twice; give it once"
            ))),
            (first, None) => Ok(first
                .map(|(_, value)| value.as_str())
                .filter(|it| !it.is_empty())),
        }
    }

    /// The value of a parameter that is read as something else; `expected` says what is fine.
    pub(crate) fn read<T: FromStr>(&self, name: &str, expected: &str) -> Answer<Option<T>> {
        let Some(text) = self.one(name)? else {
            return Ok(None);
        };
        let value = text.parse().map_err(|_| {
            Failure::bad_request(format!("`{name}` is `{}`; {expected}", short(text)))
        })?;
        Ok(Some(value))
    }

    /// How many items to give: a number from 1 to `most`.
    pub(crate) fn limit(&self, usual: u32, most: u32) -> Answer<u32> {
        let expected = format!("expected a number from 1 to {most}");
        match self.read("limit", &expected)? {
            None => Ok(usual),
            Some(limit) if (1..=most).contains(&limit) => Ok(limit),
            Some(limit) => Err(Failure::bad_request(format!(
                "`limit` is `{limit}`; {expected}"
            ))),
        }
    }

    /// True where a parameter stands alone, or says `true` or `1`.
    pub(crate) fn flag(&self, name: &str) -> Answer<bool> {
        if !self.0.iter().any(|(it, _)| it == name) {
            return Ok(false);
        }
        match self.one(name)? {
            None | Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(other) => Err(Failure::bad_request(format!(
                "`{name}` is `{}`; expected true or false",
                short(other)
            ))),
        }
    }

    /// A time in unix milliseconds.
    pub(crate) fn time(&self, name: &str, now: i64) -> Answer<Option<i64>> {
        let expected = "expected a day (2026-11-23), a time (2026-11-23T08:00:00Z) or an age (24h)";
        let time: Option<TimeArg> = self.read(name, expected)?;
        Ok(time.map(|it| it.millis(now)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Answer<Params> {
        let uri: Uri = format!("/x?{query}").parse().unwrap();
        Params::of(&uri, &["source", "limit", "since", "lost"])
    }

    #[test]
    fn a_parameter_that_is_not_known_is_answered_with_those_that_are() {
        let failure = params("sauce=a").unwrap_err();
        assert!(
            failure
                .detail
                .ends_with("known are source, limit, since, lost")
        );
        let none = Params::of(&"/x?a=1".parse().unwrap(), &[]).unwrap_err();
        assert!(none.detail.ends_with("takes none"), "{}", none.detail);
    }

    #[test]
    fn values_are_read_or_answered_with_what_is_expected() {
        let read = params("source=a&source=b%20c&source=&limit=7&lost&since=1970-01-02").unwrap();
        assert_eq!(read.all("source"), ["a", "b c"]);
        assert_eq!(read.limit(5, 10).unwrap(), 7);
        assert!(read.flag("lost").unwrap());
        assert_eq!(read.time("since", 0).unwrap(), Some(86_400_000));
        let none = params("").unwrap();
        assert_eq!(none.limit(5, 10).unwrap(), 5);
        assert!(!none.flag("lost").unwrap());
        for query in [
            "limit=0",
            "limit=11",
            "limit=x",
            "limit=1&limit=2",
            "limit=-1",
        ] {
            assert!(params(query).unwrap().limit(5, 10).is_err(), "{query}");
        }
        assert!(params("lost=maybe").unwrap().flag("lost").is_err());
        assert!(params("since=soon").unwrap().time("since", 0).is_err());
    }
}
