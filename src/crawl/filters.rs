//! The globs of a source, compiled: which addresses it wants by their looks.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use url::Url;

use crate::config::Source;

/// `include` and `exclude`.
#[derive(Debug)]
pub(super) struct Filters {
    include: GlobSet,
    exclude: GlobSet,
    /// The globs of `include` that name more than a whole site.
    naming: GlobSet,
    /// The globs of `exclude` as they are written, by their place in the set.
    excludes: Vec<String>,
}

impl Filters {
    /// The filters of a source, whose globs were checked with the configuration.
    pub(super) fn new(source: &Source) -> Filters {
        Filters {
            include: globs(&source.include),
            exclude: globs(&source.exclude),
            naming: naming(&source.include),
            excludes: source.exclude.clone(),
        }
    }

    /// True for an address that matches one glob of `include`, if there are any.
    pub(super) fn includes(&self, url: &Url) -> bool {
        let globs = &self.include;
        globs.is_empty() || globs.is_match(url.path()) || globs.is_match(url.as_str())
    }

    /// True for an address that a glob of `include` names, so that links to it are followed whatever
    /// they look like.
    pub(super) fn names(&self, url: &Url) -> bool {
        self.naming.is_match(url.path()) || self.naming.is_match(url.as_str())
    }

    /// True for an address that matches a glob of `exclude`.
    pub(super) fn excludes(&self, url: &Url) -> bool {
        let globs = &self.exclude;
        !globs.is_empty() && (globs.is_match(url.path()) || globs.is_match(url.as_str()))
    }

    /// The glob of `exclude` that an address matches.
    pub(super) fn excluded_by(&self, url: &Url) -> Option<&str> {
        let mut matches = self.exclude.matches(url.path());
        matches.extend(self.exclude.matches(url.as_str()));
        let glob = self.excludes.get(*matches.iter().min()?);
        glob.map(String::as_str)
    }
}

fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}

/// Those of the globs that name links. One that matches a whole site, such as `/**`, names none.
fn naming(patterns: &[String]) -> GlobSet {
    let names = |pattern: &&String| {
        let path = match pattern.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => pattern.as_str(),
        };
        let is_whole_site = path.chars().all(|it| matches!(it, '*' | '/'));
        !(is_whole_site && (path.is_empty() || path.contains("**")))
    };
    let naming: Vec<String> = patterns.iter().filter(names).cloned().collect();
    globs(&naming)
}
