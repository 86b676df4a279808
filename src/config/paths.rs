//! Where the files are that a configuration names: next to it, wherever the program is started.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::location::StoreLocation;

impl Config {
    /// Makes every path relative to `folder`, that of the configuration's file. Absolute paths stay
    /// as they are.
    pub(super) fn resolve_paths(&mut self, folder: &Path) {
        let resolve = |path: &mut PathBuf| *path = folder.join(&*path);
        if let StoreLocation::File(path) = &mut self.store.location {
            *path = folder.join(&*path);
        }
        resolve(&mut self.rules.tests);
        self.identity.key.as_mut().map(resolve);
        self.output.dir.as_mut().map(resolve);
        self.output.warc.as_mut().map(resolve);
        self.rules.dir.as_mut().map(resolve);
        for source in &mut self.sources {
            source.access.resolve_paths(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn load(folder: &Path, text: &str) -> Config {
        let file = folder.join("settings.toml");
        fs::write(&file, text).unwrap();
        Config::load(&file).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("own")).unwrap();
        let text = "[store]\nurl = \"sqlite:db/news.db\"\n[output]\ndir = \"../out\"\n\
                    [rules]\ndir = \"own\"\ntests = \"/cases\"\n";
        let config = load(dir.path(), text);
        assert_eq!(config.store.location, dir.path().join("db/news.db").into());
        assert_eq!(config.output.dir, Some(dir.path().join("../out")));
        assert_eq!(config.rules.dir, Some(dir.path().join("own")));
        assert_eq!(config.rules.tests, Path::new("/cases"));
    }

    #[test]
    fn paths_that_the_file_leaves_to_their_defaults_are_next_to_it_too() {
        let dir = tempfile::tempdir().unwrap();
        let config = load(dir.path(), "[output]\ndir = \"\"\n");
        assert_eq!(
            config.store.location,
            dir.path().join("newsprint.db").into()
        );
        assert_eq!(config.output.dir, None);
        // The default folder of rules may be missing; one that is named may not.
        assert_eq!(config.rules.dir, Some(dir.path().join("rules/sites")));
        let file = dir.path().join("settings.toml");
        fs::write(&file, "[rules]\ndir = \"missing\"\n").unwrap();
        assert!(Config::load(&file).is_err());
    }

    #[test]
    fn a_file_in_the_current_folder_changes_no_path() {
        let mut config = Config::default();
        config.resolve_paths(Path::new(""));
        assert_eq!(config, Config::default());
    }
}
