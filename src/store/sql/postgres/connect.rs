//! How the server is reached: whose word is taken for it, and by how many connections.

use std::fs;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};

use super::service::with_service;
use crate::location::{ServerUrl, without_parameters};

/// Connections of one process: each is a process of the server, and every transaction is short.
const CONNECTIONS: u32 = 6;
/// How long to wait for a connection, one of the process or a new one of the server.
const WAIT: Duration = Duration::from_secs(10);
/// A worker that is silent for so long within a transaction was stopped, or its machine is gone: the server ends the
/// transaction, for whose rows others wait. It is done again, unless the lease of its host is over by then.
const LONGEST_PAUSE: &str = "10s";

/// How the database at this address is connected to.
///
/// # Errors
/// Says what is wrong with the address.
pub(super) fn options(url: &ServerUrl) -> Result<PgConnectOptions, String> {
    let complete = with_service(url)?;
    let known = without_parameters(&complete, |name| name == "connect_timeout");
    let options: PgConnectOptions = known.as_str().parse().map_err(|error: sqlx::Error| {
        // The library's own words may repeat the address, with its password.
        match error {
            sqlx::Error::Configuration(error) => error.to_string(),
            _ => "its address can't be read".to_owned(),
        }
    })?;
    let parameter = |name: &str| known.query_pairs().find(|(key, _)| key == name);
    let is_mode_stated = parameter("sslmode").is_some()
        || parameter("ssl-mode").is_some()
        || std::env::var_os("PGSSLMODE").is_some();
    if let Some((_, file)) = parameter("sslrootcert") {
        fs::metadata(&*file).map_err(|error| format!("cannot read sslrootcert={file}: {error}"))?;
    }
    let mut options = options.application_name("newsprint");
    if let Some(worker) = url.worker() {
        options = options.options([
            // What is stored by these connections is this worker's to write.
            ("newsprint.worker", worker.as_str()),
            ("idle_in_transaction_session_timeout", LONGEST_PAUSE),
            // Each statement reads a few rows. Where the planner expects more of it, it is neither compiled nor spread
            // over processes, which costs more than the statement and mixes up the order of the rows.
            ("jit", "off"),
            ("max_parallel_workers_per_gather", "0"),
        ]);
    }
    let is_local = is_local(&options);
    match options.get_ssl_mode() {
        _ if is_local && !is_mode_stated => Ok(options.ssl_mode(PgSslMode::Disable)),
        _ if is_local => Ok(options),
        _ if !is_mode_stated => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
        PgSslMode::VerifyFull | PgSslMode::VerifyCa => Ok(options),
        _ => Err(format!(
            "the connection to {} would not be verified; write sslmode=verify-full, and \
             sslrootcert=FILE for a certificate authority of your own",
            options.get_host()
        )),
    }
}

/// True where what is sent does not leave this machine.
fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host
            .parse()
            .is_ok_and(|it: std::net::IpAddr| it.is_loopback())
}

/// How long to wait for a connection: as many seconds as `connect_timeout` says.
pub(super) fn wait(url: &ServerUrl) -> Duration {
    let stated = url.parameter("connect_timeout");
    let seconds = stated.and_then(|it| it.parse().ok()).filter(|it| *it > 0);
    seconds.map_or(WAIT, Duration::from_secs)
}

/// Connects to the server, and waits so long for each connection.
pub(super) async fn connect(
    options: PgConnectOptions,
    wait: Duration,
) -> Result<PgPool, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(wait)
        // Asking whether a connection lives costs as much as a statement; one that does not fails the first.
        .test_before_acquire(false)
        .connect_with(options.clone())
        .await;
    match pool {
        // What it waited for in vain, it does not say.
        Err(sqlx::Error::PoolTimedOut) => {
            let connection = PgConnection::connect_with(&options).await?;
            connection.close().await?;
            Err(sqlx::Error::PoolTimedOut)
        }
        pool => pool,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::{StoreLocation, WorkerName};
    use crate::store::tests::database::TestDatabase;

    fn mode(text: &str) -> Result<PgSslMode, String> {
        match text.parse().unwrap() {
            StoreLocation::Server(url) => options(&url).map(|it| it.get_ssl_mode()),
            StoreLocation::File(path) => panic!("{path:?}"),
        }
    }

    #[tokio::test]
    async fn no_transaction_of_a_worker_waits_long_for_its_next_statement() {
        let Some(database) = TestDatabase::create() else {
            return;
        };
        let Ok(StoreLocation::Server(url)) = database.url().parse() else {
            panic!("{}", database.url());
        };
        for (url, longest) in [
            (url.clone(), "0"),
            (url.of_worker(WorkerName("one".to_owned())), LONGEST_PAUSE),
        ] {
            let options = options(&url).unwrap();
            let mut connection = PgConnection::connect_with(&options).await.unwrap();
            let found = sqlx::query_scalar("SHOW idle_in_transaction_session_timeout");
            let found: String = found.fetch_one(&mut connection).await.unwrap();
            assert_eq!(found, longest);
        }
    }

    #[test]
    fn a_server_elsewhere_is_verified() {
        use PgSslMode::{Disable, VerifyCa, VerifyFull};
        let is = |text: &str, expected: PgSslMode| {
            let mode = mode(text).unwrap();
            assert_eq!(format!("{mode:?}"), format!("{expected:?}"), "{text}");
        };
        is("postgres://n@db.example.org/news", VerifyFull);
        is("postgres://n@10.0.0.7/news?sslmode=verify-ca", VerifyCa);
        is("postgres://n@localhost/news", Disable);
        is("postgres://n@127.0.0.1/news", Disable);
        is("postgres:///news?host=/run/postgresql", Disable);
        for refused in ["disable", "allow", "prefer", "require"] {
            let told = mode(&format!(
                "postgres://n@db.example.org/news?sslmode={refused}"
            ));
            assert!(told.unwrap_err().contains("verify-full"), "{refused}");
        }
    }
}
