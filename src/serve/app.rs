//! What all requests share: the configuration as the file has it now, the store, the polite client, work under way.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use crate::client::Client;
use crate::config::{Config, ConfigError};
use crate::crawl::{Clock, schedule};
use crate::fetch::SetupError;
use crate::frontier::{self, Frontier, Storage};
use crate::rulebook::RuleBook;
use crate::serve::corrections::{self, Corrections};
use crate::serve::guard::Guard;
use crate::serve::indexing::Indexing;
use crate::serve::jobs::Jobs;
use crate::serve::notices::Notices;
use crate::serve::overview::Overviews;
use crate::serve::{ServeError, Settings};
use crate::store::Store;

/// A server that is away is waited for no longer than this: somebody is looking at the page.
const STORE_WAIT: Duration = Duration::from_secs(3);

/// What all requests share.
pub(crate) struct App {
    config_file: PathBuf,
    loaded: RwLock<Arc<Loaded>>,
    storage: Storage,
    read_only: bool,
    clock: Clock,
    pub(super) guard: Guard,
    jobs: Jobs,
    indexing: Indexing,
    notices: Notices,
    overviews: Overviews,
    corrections: Corrections,
}

/// The configuration, and what is made of it.
pub(crate) struct Loaded {
    /// What the file said when it could be read last.
    pub(crate) config: Config,
    /// The rules of sources and hosts.
    pub(crate) rules: Arc<RuleBook>,
    /// The polite client.
    pub(crate) client: Client,
    /// What is wrong with the file as it is now.
    pub(crate) problem: Option<String>,
    stamp: Stamp,
}

/// When the file and the folder of rules were changed last.
type Stamp = [Option<SystemTime>; 2];

impl App {
    /// Opens the store, or creates one.
    pub(super) async fn open(
        settings: Settings,
        address: SocketAddr,
    ) -> Result<Arc<App>, ServeError> {
        let location = &settings.config.store.location;
        let storage = frontier::open(location, schedule(&settings.config)).await?;
        storage.store.wait_at_most(STORE_WAIT);
        let stamp = stamp(&settings.config_file, &settings.config);
        let client = Client::builder().config(&settings.config).build()?;
        let guard = Guard::new(&settings, address);
        let loaded = Loaded {
            rules: Arc::new(RuleBook::new(&settings.config)),
            config: settings.config,
            client,
            problem: None,
            stamp,
        };
        Ok(Arc::new(App {
            config_file: settings.config_file,
            loaded: RwLock::new(Arc::new(loaded)),
            storage,
            read_only: settings.read_only,
            clock: settings.clock,
            guard,
            jobs: Jobs::default(),
            indexing: Indexing::default(),
            notices: Notices::default(),
            overviews: Overviews::default(),
            corrections: Corrections::new(corrections::KEPT),
        }))
    }

    /// The store.
    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        &self.storage.store
    }

    /// What is known of addresses and when they are due.
    pub(crate) fn frontier(&self) -> &Arc<dyn Frontier> {
        &self.storage.frontier
    }

    /// The file of the configuration, which need not exist.
    pub(crate) fn config_file(&self) -> &Path {
        &self.config_file
    }

    /// True where nothing may be changed.
    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// What tells the time.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Unix milliseconds.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Work under way.
    pub(crate) fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// The task that keeps the index for search.
    pub(crate) fn indexing(&self) -> &Indexing {
        &self.indexing
    }

    /// What to say on the next page.
    pub(crate) fn notices(&self) -> &Notices {
        &self.notices
    }

    /// How all sources are doing.
    pub(crate) fn overviews(&self) -> &Overviews {
        &self.overviews
    }

    /// Corrections that can be taken back.
    pub(crate) fn corrections(&self) -> &Corrections {
        &self.corrections
    }

    /// The configuration and what is made of it, read again where the file or the folder of rules has changed. Where it
    /// has errors, what it said before stays in force.
    pub(crate) fn loaded(&self) -> Arc<Loaded> {
        let loaded = self.current();
        if stamp(&self.config_file, &loaded.config) == loaded.stamp {
            return loaded;
        }
        self.reload()
    }

    /// Reads the configuration again.
    pub(crate) fn reload(&self) -> Arc<Loaded> {
        let before = self.current();
        let stamp = stamp(&self.config_file, &before.config);
        let read = read(&self.config_file).map_err(|error| error.to_string());
        let again = read.and_then(|config| {
            before
                .with(config, stamp)
                .map_err(|error| error.to_string())
        });
        let loaded = Arc::new(again.unwrap_or_else(|problem| before.with_problem(problem, stamp)));
        let mut current = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::clone(&loaded);
        loaded
    }

    /// Stops the work under way, and closes the store.
    pub(super) async fn close(&self) {
        self.jobs.stop_all();
        self.store().close().await;
    }

    fn current(&self) -> Arc<Loaded> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&loaded)
    }
}

impl Loaded {
    /// What another configuration makes of it. The store stays the one that was opened, and the pace of hosts is kept
    /// unless the settings of the network are others.
    fn with(&self, mut config: Config, stamp: Stamp) -> Result<Loaded, SetupError> {
        config.store.location = self.config.store.location.clone();
        let is_same_network = config.crawl == self.config.crawl
            && config.network == self.config.network
            && config.identity == self.config.identity
            && config.rights == self.config.rights;
        let rules = Arc::new(RuleBook::new(&config));
        let client = if is_same_network {
            self.client.with_rules(Arc::clone(&rules))
        } else {
            Client::builder().config(&config).build()?
        };
        Ok(Loaded {
            config,
            rules,
            client,
            problem: None,
            stamp,
        })
    }

    fn with_problem(&self, problem: String, stamp: Stamp) -> Loaded {
        Loaded {
            config: self.config.clone(),
            rules: Arc::clone(&self.rules),
            client: self.client.clone(),
            problem: Some(problem),
            stamp,
        }
    }
}

/// The configuration of the file, or the defaults where there is none yet.
fn read(file: &Path) -> Result<Config, ConfigError> {
    if file.exists() {
        Config::load(file)
    } else {
        Config::without_file()
    }
}

fn stamp(file: &Path, config: &Config) -> Stamp {
    let changed = |path: &Path| path.metadata().and_then(|it| it.modified()).ok();
    [changed(file), config.rules.dir.as_deref().and_then(changed)]
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.config_file;
        f.debug_struct("App")
            .field("config_file", file)
            .finish_non_exhaustive()
    }
}
