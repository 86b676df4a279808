//! The name of a worker: held by an advisory lock of a connection that does nothing else, so that the server frees it
//! with the process, and renewed in a table, so that others see for how long a worker has been away.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::Server;
use crate::location::ServerUrl;
use crate::store::sql::waiting::{Outage, Tries};
use crate::store::{Joining, StoreError};

/// Time between two signs of life, and between two tries to reach a server that is away.
const BEAT: Duration = Duration::from_secs(15);
/// What a machine that lost its power holds, the server frees within a minute.
const KEEP_ALIVE: [&str; 3] = [
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
];

/// The server's time in unix milliseconds, in a statement.
macro_rules! server_time {
    () => {
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
    };
}
pub(in crate::store::sql) use server_time;

/// The first half of the keys of the locks on names: "news" as a number. The other half is a hash of the name.
macro_rules! name_locks {
    () => {
        "1852143475"
    };
}

/// True in a statement over `workers` where a process has the worker's name.
macro_rules! name_is_held {
    () => {
        concat!(
            "EXISTS (
                SELECT 1 FROM pg_locks
                WHERE locktype = 'advisory' AND classid = ",
            $crate::store::sql::postgres::worker::name_locks!(),
            " AND objsubid = 2
                  AND objid = CAST(CAST(hashtext(workers.name) AS BIGINT) & 4294967295 AS oid)
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
    };
}
pub(in crate::store::sql) use {name_is_held, name_locks};

/// How long a name may stay taken after its process has ended.
const WAIT: Duration = Duration::from_secs(2);
/// Time between two tries to take it.
const PAUSE: Duration = Duration::from_millis(50);

/// A name that this process has.
#[derive(Debug)]
pub(crate) struct Seat {
    held: Arc<AtomicBool>,
    leave: Arc<Notify>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// Whoever has the name.
#[derive(Debug)]
struct Holder {
    url: ServerUrl,
    name: String,
    owner: String,
    held: Arc<AtomicBool>,
    leave: Arc<Notify>,
}

impl Seat {
    /// Takes the first of these names that is free. A server that is away is waited for.
    pub(crate) async fn take(
        url: &ServerUrl,
        names: &[String],
        joining: Joining<'_>,
    ) -> Result<(Seat, String), StoreError> {
        let outage = Outage::waited_for(url.wait());
        Tries::during(Some(&outage))
            .of(|| Seat::try_take(url, names, joining))
            .await
    }

    async fn try_take(
        url: &ServerUrl,
        names: &[String],
        joining: Joining<'_>,
    ) -> Result<(Seat, String), StoreError> {
        let server = if joining.existing {
            Server::open_existing(url).await?
        } else {
            Server::open(url).await?
        };
        let taken = async {
            let mut connection = server.pool.acquire().await?.detach();
            let Some(name) = first_free(&mut connection, names).await? else {
                connection.close().await?;
                return Ok(None);
            };
            let holder = Holder {
                url: url.clone(),
                owner: owner(&mut connection).await?,
                name,
                held: Arc::new(AtomicBool::new(true)),
                leave: Arc::default(),
            };
            holder.sign_on(&mut connection, joining.writes).await?;
            Ok(Some((connection, holder)))
        };
        let taken = taken.await.map_err(|error| server.fault(error));
        server.close().await;
        let Some((connection, holder)) = taken? else {
            return Err(StoreError::WorkerTaken {
                location: url.to_string(),
                name: names.first().cloned().unwrap_or_default(),
            });
        };
        let (held, leave) = (Arc::clone(&holder.held), Arc::clone(&holder.leave));
        let name = holder.name.clone();
        let task = Mutex::new(Some(tokio::spawn(holder.hold(connection))));
        Ok((Seat { held, leave, task }, name))
    }

    /// Gives the name back.
    pub(crate) async fn leave(&self) {
        self.leave.notify_one();
        let task = self.task().take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }

    fn task(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False once another process has the name.
    pub(crate) fn is_held(&self) -> bool {
        self.held.load(Ordering::Relaxed)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(task) = self.task().take() {
            task.abort();
        }
    }
}

async fn first_free(
    connection: &mut PgConnection,
    names: &[String],
) -> Result<Option<String>, sqlx::Error> {
    // A process that ended a moment ago may still have the first.
    let end = Instant::now() + WAIT;
    while let Some(first) = names.first().filter(|_| Instant::now() < end) {
        if lock(connection, first).await? {
            return Ok(Some(first.clone()));
        }
        sleep(PAUSE).await;
    }
    for name in names {
        if lock(connection, name).await? {
            return Ok(Some(name.clone()));
        }
    }
    Ok(None)
}

async fn lock(connection: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    let locked = sqlx::query_scalar(concat!(
        "SELECT pg_try_advisory_lock(",
        name_locks!(),
        ", hashtext($1))"
    ));
    locked.bind(name).fetch_one(connection).await
}

async fn free(mut connection: PgConnection, name: &str) {
    let freed = sqlx::query(concat!(
        "SELECT pg_advisory_unlock(",
        name_locks!(),
        ", hashtext($1))"
    ));
    // What fails here, the server does by itself.
    let _ = freed.bind(name).execute(&mut connection).await;
    let _ = connection.close().await;
}

async fn keep_alive(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    for setting in KEEP_ALIVE {
        sqlx::query(setting).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A name for the process that no other one has had.
async fn owner(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT CAST(gen_random_uuid() AS TEXT)")
        .fetch_one(connection)
        .await
}

impl Holder {
    /// Notes who has the name from now on.
    async fn sign_on(
        &self,
        connection: &mut PgConnection,
        writes: bool,
    ) -> Result<(), sqlx::Error> {
        keep_alive(connection).await?;
        sqlx::query(concat!(
            "INSERT INTO workers (name, owner, seen_at, writes) VALUES ($1, $2, ",
            server_time!(),
            ", $3)
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, seen_at = excluded.seen_at,
                 writes = excluded.writes, sources = NULL"
        ))
        .bind(&self.name)
        .bind(&self.owner)
        .bind(i64::from(writes))
        .execute(connection)
        .await
        .map(|_| ())
    }

    /// Gives signs of life, and takes the name again where the connection was lost, until it is given back or another
    /// process has it.
    async fn hold(self, connection: PgConnection) {
        let mut connection = Some(connection);
        loop {
            if timeout(BEAT, self.leave.notified()).await.is_ok() {
                if let Some(connection) = connection.take() {
                    free(connection, &self.name).await;
                }
                return;
            }
            let beat = async {
                let mut current = match connection.take() {
                    Some(current) => current,
                    None => self.connect().await?,
                };
                let is_ours = self.beat(&mut current).await?;
                connection = Some(current);
                Ok::<bool, sqlx::Error>(is_ours)
            };
            match beat.await {
                Ok(true) => {}
                Ok(false) => {
                    self.held.store(false, Ordering::Relaxed);
                    return;
                }
                Err(error) => tracing::debug!("cannot renew the name of this worker: {error}"),
            }
        }
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let options = super::connect::options(&self.url);
        let options = options.map_err(|what| sqlx::Error::Configuration(what.into()))?;
        let mut connection = PgConnection::connect_with(&options).await?;
        keep_alive(&mut connection).await?;
        // The server may not have noticed yet that the connection before is gone: then the next process that wants
        // the name is told apart by its own.
        lock(&mut connection, &self.name).await?;
        Ok(connection)
    }

    /// False where the name is another's by now.
    async fn beat(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let renewed = sqlx::query(concat!(
            "UPDATE workers SET seen_at = ",
            server_time!(),
            " WHERE name = $1 AND owner = $2"
        ));
        let renewed = renewed.bind(&self.name).bind(&self.owner);
        Ok(renewed.execute(connection).await?.rows_affected() > 0)
    }
}
