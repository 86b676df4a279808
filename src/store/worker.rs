//! The workers of a store that several machines share. Each has a name of its own, by which its output files are
//! called, and holds it as long as it runs.

use crate::location::{ServerUrl, StoreLocation, WorkerName};
use crate::store::StoreError;
use crate::store::sql::postgres::Seat;

/// Names that are tried where the host's name is taken: `host`, `host-2`, `host-3`…
const MOST_OF_A_HOST: usize = 200;

/// A process that crawls a store on a server, under a name that no other one has meanwhile.
#[derive(Debug)]
pub struct Worker {
    location: StoreLocation,
    name: String,
    seat: Seat,
}

/// How a process joins the workers of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joining<'n> {
    /// The name it is to have; that of its host, or of its host with a number, if there is none.
    pub name: Option<&'n str>,
    /// It writes output files.
    pub writes: bool,
    /// Join only if there is a store already.
    pub existing: bool,
}

impl Worker {
    /// Joins the workers of the store at this location; `None` where it is in a file, which one process has alone.
    ///
    /// # Errors
    /// Fails as [`store::open`](crate::store::open) does, and with [`StoreError::WorkerTaken`] where another process
    /// has the name.
    pub async fn join(
        location: &StoreLocation,
        joining: Joining<'_>,
    ) -> Result<Option<Worker>, StoreError> {
        let StoreLocation::Server(url) = location else {
            return Ok(None);
        };
        let names = match joining.name {
            Some(name) => vec![name.to_owned()],
            None => names_of(&host_name()),
        };
        let (seat, name) = Seat::take(url, &names, joining).await?;
        Ok(Some(Worker {
            location: located(url, &name),
            name,
            seat,
        }))
    }

    /// Where the store is, for this worker: what it stores there is its own to write.
    pub fn location(&self) -> &StoreLocation {
        &self.location
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the name back.
    pub async fn leave(&self) {
        self.seat.leave().await;
    }

    /// Makes sure that no other process has the name by now.
    ///
    /// # Errors
    /// Fails with [`StoreError::WorkerTaken`] where one has.
    pub fn check(&self) -> Result<(), StoreError> {
        if self.seat.is_held() {
            return Ok(());
        }
        Err(StoreError::WorkerTaken {
            location: self.location.to_string(),
            name: self.name.clone(),
        })
    }
}

fn located(url: &ServerUrl, name: &str) -> StoreLocation {
    StoreLocation::Server(url.of_worker(WorkerName(name.to_owned())))
}

fn names_of(host: &str) -> Vec<String> {
    let numbered = (2..=MOST_OF_A_HOST).map(|number| format!("{host}-{number}"));
    std::iter::once(host.to_owned()).chain(numbered).collect()
}

/// The host's name, as it may stand in the name of a file.
pub(crate) fn host_name() -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name = system::host_name().unwrap_or_default().to_lowercase();
    let name: String = name
        .chars()
        .map(plain)
        .take(WorkerName::MOST_CHARS - 4)
        .collect();
    match name.trim_matches('-') {
        "" => "worker".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(unix)]
mod system {
    pub(super) fn host_name() -> Option<String> {
        let name = rustix::system::uname();
        Some(name.nodename().to_string_lossy().into_owned())
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn host_name() -> Option<String> {
        std::env::var("COMPUTERNAME").ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_has_a_name_that_is_one_of_a_worker() {
        let names = names_of(&host_name());
        assert!(
            names.iter().all(|name| WorkerName::is_valid(name)),
            "{names:?}"
        );
        assert_eq!(names.len(), MOST_OF_A_HOST);
        assert_eq!(names[1], format!("{}-2", names[0]));
    }
}
