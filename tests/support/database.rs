//! A database of its own for a test, on the PostgreSQL server that `NEWSPRINT_TEST_POSTGRES` names: a location without
//! a database, such as `postgres:///?host=/run/postgresql&user=postgres`. Unit tests read this file, too.

use std::env;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use url::Url;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");
/// One process makes the template at a time.
const TEMPLATE_LOCK: i64 = 0x6e65_7773;

/// True where the tests of stores run on a server: `NEWSPRINT_TEST_STORE` is `postgres`.
pub fn is_on_server() -> bool {
    env::var_os("NEWSPRINT_TEST_STORE").is_some_and(|it| it == "postgres")
}

/// True, and says so, where a test of what SQLite alone has is run for a server.
pub fn is_of_sqlite_alone(what: &str) -> bool {
    if is_on_server() {
        eprintln!("skipped: {what} is SQLite's own");
    }
    is_on_server()
}

/// A database with the tables of this version, empty, and dropped when this is.
#[derive(Debug)]
pub struct TestDatabase {
    server: Url,
    name: String,
}

impl TestDatabase {
    /// A new database, unless no server is named; says so then.
    pub fn create() -> Option<TestDatabase> {
        Some(TestDatabase::made_of(server()?, true))
    }

    /// A new database without tables.
    pub fn create_empty() -> Option<TestDatabase> {
        Some(TestDatabase::made_of(server()?, false))
    }

    /// A new database on a server of the test's own.
    pub fn create_on(server: &str) -> TestDatabase {
        TestDatabase::made_of(Url::parse(server).unwrap(), true)
    }

    /// A database that a test has made itself, dropped when this is.
    pub fn named(name: &str) -> Option<TestDatabase> {
        Some(TestDatabase {
            server: server()?,
            name: name.to_owned(),
        })
    }

    fn made_of(server: Url, template: bool) -> TestDatabase {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("newsprint_test_{}_{number}", std::process::id());
        let database = TestDatabase { server, name };
        database.on_server(|server, name| async move {
            let mut connection = connect(&server, "postgres").await;
            let template = match template {
                true => migrated(&server, &mut connection).await,
                false => "template0".to_owned(),
            };
            run(
                &mut connection,
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            )
            .await;
            run(
                &mut connection,
                format!("CREATE DATABASE {name} TEMPLATE {template}"),
            )
            .await;
            connection.close().await.unwrap();
        });
        database
    }

    /// Where it is, as `[store] url` says.
    pub fn url(&self) -> String {
        at(&self.server, &self.name).into()
    }

    /// Its name on the server.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection of the test's own, with every right.
    pub async fn connect(&self) -> PgConnection {
        connect(&self.server, &self.name).await
    }

    /// Carries out statements, several in one text.
    pub async fn run(&self, sql: &str) {
        let mut connection = self.connect().await;
        run(&mut connection, sql.to_owned()).await;
        connection.close().await.unwrap();
    }

    /// Works on the server, whether a runtime runs here or none.
    fn on_server<F: Future<Output = ()>>(&self, work: impl FnOnce(Url, String) -> F + Send) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let done = thread::scope(|scope| {
            let work = scope.spawn(|| {
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = runtime.enable_all().build().unwrap();
                runtime.block_on(work(server, name));
            });
            work.join()
        });
        if !thread::panicking() {
            done.unwrap();
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.on_server(|server, name| async move {
            let mut connection = connect(&server, "postgres").await;
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            run(&mut connection, sql).await;
            connection.close().await.unwrap();
        });
    }
}

/// The server for tests; says so where there is none.
fn server() -> Option<Url> {
    let Some(server) = env::var_os("NEWSPRINT_TEST_POSTGRES") else {
        assert!(!is_on_server(), "NEWSPRINT_TEST_POSTGRES names no server");
        eprintln!("skipped: NEWSPRINT_TEST_POSTGRES names no server");
        return None;
    };
    Some(Url::parse(server.to_str().unwrap()).unwrap())
}

/// The name of the database that others are copied from, made by whoever comes first.
async fn migrated(server: &Url, connection: &mut PgConnection) -> String {
    let mut sum = 0_u64;
    for migration in MIGRATIONS.iter() {
        let bytes = migration.checksum.iter().map(|it| u64::from(*it));
        sum = bytes.fold(sum, |sum, byte| {
            sum.wrapping_mul(0x100_0000_01b3).wrapping_add(byte)
        });
    }
    let name = format!("newsprint_template_{sum:x}");
    run(
        connection,
        format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})"),
    )
    .await;
    let is_made: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate)",
    )
    .bind(&name)
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    if !is_made {
        run(
            connection,
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )
        .await;
        run(
            connection,
            format!("CREATE DATABASE {name} TEMPLATE template0"),
        )
        .await;
        let mut new = connect(server, &name).await;
        MIGRATIONS.run(&mut new).await.unwrap();
        new.close().await.unwrap();
        run(
            connection,
            format!("ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false"),
        )
        .await;
    }
    run(
        connection,
        format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})"),
    )
    .await;
    name
}

fn at(server: &Url, database: &str) -> Url {
    let mut url = server.clone();
    url.set_path(&format!("/{database}"));
    url
}

async fn connect(server: &Url, database: &str) -> PgConnection {
    let url = at(server, database);
    PgConnection::connect(url.as_str()).await.unwrap()
}

async fn run(connection: &mut PgConnection, sql: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    done.unwrap();
}
