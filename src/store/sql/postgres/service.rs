//! Connection parameters from a service file, as libpq reads it
//! (<https://www.postgresql.org/docs/current/libpq-pgservice.html>): groups of `name=value` lines by service.

use std::env;
use std::fs;
use std::path::PathBuf;

use url::Url;

use crate::location::{ServerUrl, without_parameters};

/// The address with what its service adds: the parameters that it does not state itself.
///
/// # Errors
/// Says what is wrong where a service is named that can't be read.
pub(super) fn with_service(url: &ServerUrl) -> Result<Url, String> {
    let named = url.parameter("service");
    let stated = without_parameters(url.secret(), |name| name == "service");
    let Some(service) = named.or_else(|| env::var("PGSERVICE").ok()) else {
        return Ok(stated);
    };
    let is_stated = |name: &str| {
        stated.query_pairs().any(|(key, _)| key == name)
            || match name {
                "host" | "hostaddr" => stated.host_str().is_some_and(|it| !it.is_empty()),
                "port" => stated.port().is_some(),
                "user" => !stated.username().is_empty(),
                "password" => stated.password().is_some(),
                "dbname" => stated.path().len() > 1,
                _ => false,
            }
    };
    let mut added = parameters(&service)?;
    added.retain(|(name, _)| !is_stated(name));
    let mut complete = stated.clone();
    if !added.is_empty() {
        complete.query_pairs_mut().extend_pairs(added);
    }
    Ok(complete)
}

/// The parameters of a service, from the first file that has it.
fn parameters(service: &str) -> Result<Vec<(String, String)>, String> {
    let own = env::var_os("PGSERVICEFILE").map(PathBuf::from).or_else(|| {
        let home = env::var_os("HOME")?;
        Some(PathBuf::from(home).join(".pg_service.conf"))
    });
    let shared = env::var_os("PGSYSCONFDIR")
        .map_or_else(|| PathBuf::from("/etc/postgresql-common"), PathBuf::from);
    let files = [own, Some(shared.join("pg_service.conf"))];
    for file in files.iter().flatten() {
        if let Ok(text) = fs::read_to_string(file)
            && let Some(found) = group(&text, service)
        {
            return Ok(found);
        }
    }
    let files: Vec<String> = files
        .iter()
        .flatten()
        .map(|it| it.display().to_string())
        .collect();
    Err(format!("no service {service:?} in {}", files.join(" or ")))
}

/// The lines of a group.
fn group(text: &str, name: &str) -> Option<Vec<(String, String)>> {
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| {
        let title = line.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        title.is_some_and(|title| title.trim() == name)
    })?;
    let lines = lines.take_while(|line| !line.starts_with('['));
    let values = lines
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (name, value) = line.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        });
    Some(values.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_a_service_file_is_read() {
        let text = "# ours\n[other]\nhost=b\n\n[ news ]\nhost = db.example.org\n# dbname=old\ndbname=news\n[last]\nport=1\n";
        let expected = [("host", "db.example.org"), ("dbname", "news")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(group(text, "news").unwrap(), expected);
        assert_eq!(group(text, "none"), None);
    }
}
