//! The store as the tools reach it: the server's, one that is opened when it is first needed, or none.

use std::fmt;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::tools::ToolError;
use crate::location::StoreLocation;
use crate::store::{self, Store, StoreError};

/// What a client is told where there is no archive.
const NONE: &str = "there is no archive: newsprint was started without a configuration, so that only fetch_article and \
                    extract_html work; start it with `newsprint mcp --config config.toml`";

/// Where the archive is.
#[derive(Clone)]
pub(super) enum Archive {
    None,
    Open(Arc<dyn Store>),
    At(Arc<Lazy>),
}

/// A store that is opened when it is first needed: it may not exist before the first crawl.
pub(super) struct Lazy {
    location: StoreLocation,
    store: OnceCell<Arc<dyn Store>>,
}

impl Archive {
    /// The store at this location.
    pub(super) fn at(location: StoreLocation) -> Archive {
        Archive::At(Arc::new(Lazy {
            location,
            store: OnceCell::new(),
        }))
    }

    /// The store.
    pub(super) async fn store(&self) -> Result<Arc<dyn Store>, ToolError> {
        match self {
            Archive::None => Err(ToolError::new(NONE)),
            Archive::Open(store) => Ok(Arc::clone(store)),
            Archive::At(lazy) => {
                let store = lazy.store.get_or_try_init(|| open(&lazy.location)).await?;
                Ok(Arc::clone(store))
            }
        }
    }

    /// True where nobody else keeps the index of the store up to date.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Archive::At(_))
    }

    /// Closes the store that was opened here.
    pub(super) async fn close(&self) {
        if let Archive::At(lazy) = self
            && let Some(store) = lazy.store.get()
        {
            store.close().await;
        }
    }
}

/// Opens a store that is there. Only an index of its words is ever written; where it may not be, what is indexed is
/// searched.
async fn open(location: &StoreLocation) -> Result<Arc<dyn Store>, StoreError> {
    match store::open_existing(location).await {
        Err(error) if !matches!(error, StoreError::Missing { .. }) => {
            store::open_read_only(location).await
        }
        opened => opened,
    }
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Archive")
    }
}
