//! What a PostgreSQL server may refuse: each a clear line, and nothing is lost.

#![cfg(feature = "cli")]
#![allow(clippy::print_stderr, clippy::unwrap_used)]
#![cfg(unix)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use newsprint::Article;
use sqlx::Row;
use support::{Newsroom, Ran, Reply, TestDatabase, newsprint, page, story};
use url::Url;

/// A site of some pages, and a store on a server, unless there is no server.
fn newsroom() -> Option<Newsroom> {
    let database = TestDatabase::create()?;
    let mut room = Newsroom::with_store(Some(database));
    room.site("daily.test", 4);
    room.source("daily", &["http://daily.test/"]);
    Some(room)
}

/// Runs the program with this location of the store.
fn run(room: &Newsroom, location: &str, line: &str) -> Ran {
    run_in(room, location, line, &[])
}

fn run_in(room: &Newsroom, location: &str, line: &str, environment: &[(&str, &str)]) -> Ran {
    let dir = room.dir.path();
    let own = room.location().to_string();
    let url = room.database.as_ref().unwrap().url();
    let config = room.config_file().replace(&url, location);
    // Else a server that is away is waited for.
    let config = config.replace("[store]\n", "[store]\nwait = \"1s\"\n");
    assert!(!config.contains(&own) || location == url);
    fs::write(dir.join("config.toml"), config).unwrap();
    newsprint(dir)
        .args(line.split_whitespace())
        .envs(environment.iter().copied())
        .output()
        .unwrap()
        .into()
}

/// The database's location with these parameters changed or added.
fn with(database: &TestDatabase, changed: &[(&str, &str)]) -> String {
    let mut url = Url::parse(&database.url()).unwrap();
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| changed.iter().all(|(name, _)| key != name))
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .extend_pairs(changed);
    url.into()
}

/// Expects exit 1 with one line that says this.
fn refused(ran: &Ran, said: &str) {
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains(said), "{}", ran.err);
    assert_eq!(ran.err.trim_end().lines().count(), 1, "{}", ran.err);
}

/// A crawl that ends well, and every article once.
fn goes_on(room: &Newsroom) {
    let url = room.database.as_ref().unwrap().url();
    let ran = run(room, &url, "crawl --quiet");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = run(room, &url, "export");
    let mut stored: Vec<String> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<Article>(line).unwrap().id)
        .collect();
    stored.sort();
    stored.dedup();
    assert_eq!(stored.len(), 4);
    let mut written: Vec<String> = room.written().into_iter().map(|it| it.id).collect();
    written.sort();
    assert_eq!(written, stored, "each line once");
}

/// A role for this test, with every right on its database.
async fn role(database: &TestDatabase, settings: &str) -> String {
    let role = format!("{}_role", database.name());
    let sql = format!(
        "CREATE ROLE {role} LOGIN {settings}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role};
         GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}"
    );
    database.run(&sql).await;
    role
}

async fn drop_role(database: &TestDatabase, role: &str) {
    let sql = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    database.run(&sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_database_user_or_host_is_named_with_what_to_do() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    let unknown = database.url().replace(database.name(), "nowhere_to_be");
    let ran = run(&room, &unknown, "crawl");
    refused(&ran, "make the database first");
    let ran = run(&room, &with(database, &[("user", "nobody_known")]), "crawl");
    refused(&ran, "cannot open postgres:");
    assert!(ran.err.contains("nobody_known"), "{}", ran.err);
    let ran = run(&room, &with(database, &[("host", "/nowhere")]), "crawl");
    refused(&ran, "cannot be reached");
    for weak in ["disable", "prefer", "require"] {
        let elsewhere = format!("postgres://news@192.0.2.1/news?sslmode={weak}");
        let ran = run(&room, &elsewhere, "crawl");
        refused(&ran, "write sslmode=verify-full");
    }
    goes_on(&room);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_refused_and_none_is_ever_shown() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    let Some(port) = port(database).await else {
        return;
    };
    let user = role(database, "PASSWORD 'right-s3cret'").await;
    let name = database.name();
    let at = |password: &str| format!("postgres://{user}{password}@127.0.0.1:{port}/{name}");
    let ran = run(&room, &at(":wrong-s3cret"), "crawl");
    refused(&ran, "check the user name, and the password");
    let dir = room.dir.path();
    let passwords = dir.join("passwords");
    fs::write(&passwords, "127.0.0.1:*:*:*:right-s3cret\n").unwrap();
    fs::set_permissions(&passwords, fs::Permissions::from_mode(0o600)).unwrap();
    let services = dir.join("services");
    let service = format!(
        "[news]\nhost=127.0.0.1\nport={port}\nuser={user}\npassword=right-s3cret\ndbname={name}\n"
    );
    fs::write(&services, service).unwrap();
    let service = "postgres:///?service=news".to_owned();
    for (location, environment) in [
        (at(":right-s3cret"), vec![]),
        (at(""), vec![("PGPASSWORD", "right-s3cret")]),
        (at(""), vec![("PGPASSFILE", passwords.to_str().unwrap())]),
        (service, vec![("PGSERVICEFILE", services.to_str().unwrap())]),
    ] {
        for line in [
            "crawl -vv",
            "crawl --log-format json",
            "status",
            "pages",
            "export",
        ] {
            let ran = run_in(&room, &location, line, &environment);
            assert_eq!(ran.code, 0, "{line}: {}", ran.err);
            assert!(!ran.err.contains("s3cret"), "{line}: {}", ran.err);
            assert!(!ran.out.contains("s3cret"), "{line}: {}", ran.out);
        }
    }
    for (written, key) in [
        (format!("url = [\"{}\"]", at(":right-s3cret")), "url"),
        (format!("uri = \"{}\"", at(":right-s3cret")), "uri"),
        (format!("url = \"{}x:y\"", at(":right-s3cret")), "createdb"),
        (format!("url = \"{}\" x", at(":right-s3cret")), "config"),
        (format!("url = \"{}", at(":right-s3cret")), "config"),
        (
            format!("url = \"mysql://{user}:right-s3cret@h/x\""),
            "SQLite",
        ),
        (
            format!("url = \"postgres://{user}:right-s3cret@h:port/x\""),
            "port",
        ),
        (
            format!("url = \"postgres:{user}:right-s3cret@h/x\""),
            "write",
        ),
    ] {
        let dir = room.dir.path();
        let config = room.config_file();
        let config = config.replace(&format!("url = {:?}", database.url()), &written);
        fs::write(dir.join("config.toml"), config).unwrap();
        let ran: Ran = newsprint(dir).arg("crawl").output().unwrap().into();
        assert_ne!(ran.code, 0, "{written}");
        assert!(ran.err.contains(key), "{written}: {}", ran.err);
        assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    }
    goes_on(&room);
    drop_role(database, &user).await;
}

/// The port at which the server is also reached by TCP, if it is.
async fn port(database: &TestDatabase) -> Option<String> {
    let mut connection = database.connect().await;
    let (by_tcp, port): (bool, String) = sqlx::query_as(
        "SELECT current_setting('listen_addresses') IN ('*', 'localhost', '127.0.0.1'),
                current_setting('port')",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    if !by_tcp {
        eprintln!("skipped: the server of NEWSPRINT_TEST_POSTGRES listens on a socket alone");
    }
    by_tcp.then_some(port)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_an_unknown_authority_is_refused_and_a_named_one_is_taken() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    let Some(port) = port(database).await else {
        return;
    };
    let mut connection = database.connect().await;
    let authority = sqlx::query(
        "SELECT CASE WHEN (pg_stat_file('authority.crt', true)).size > 0
                     THEN pg_read_file('authority.crt') END AS file",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap()
    .get::<Option<String>, _>("file");
    let Some(authority) = authority else {
        eprintln!("skipped: the server of NEWSPRINT_TEST_POSTGRES has no certificate");
        return;
    };
    let file = room.dir.path().join("authority.crt");
    fs::write(&file, authority).unwrap();
    let user = role(database, "PASSWORD 's3cret'").await;
    let password = [("PGPASSWORD", "s3cret")];
    let at = |host: &str, more: &str| {
        let name = database.name();
        format!("postgres://{user}@{host}:{port}/{name}?sslmode=verify-full{more}")
    };
    let ran = run_in(&room, &at("localhost", ""), "crawl", &password);
    refused(&ran, "certificate");
    let root = format!("&sslrootcert={}", file.display());
    let ran = run_in(
        &room,
        &at("localhost", "&sslrootcert=/nowhere"),
        "crawl",
        &password,
    );
    refused(&ran, "cannot read sslrootcert=/nowhere");
    // The certificate is for `localhost`.
    let ran = run_in(&room, &at("127.0.0.1", &root), "crawl", &password);
    refused(&ran, "certificate");
    let ran = run_in(&room, &at("localhost", &root), "crawl", &password);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(room.written().len(), 4);
    drop_role(database, &user).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_a_newer_version_are_left_alone() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    database
        .run(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'later', TRUE, '', 0)",
        )
        .await;
    for line in ["crawl", "status", "pages --retry", "export"] {
        let ran = run(&room, &database.url(), line);
        refused(&ran, "written by a newer newsprint");
    }
    database
        .run("DELETE FROM _sqlx_migrations WHERE version = 9999")
        .await;
    goes_on(&room);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_is_read_and_never_written() {
    let Some(room) = newsroom() else { return };
    goes_on(&room);
    let database = room.database.as_ref().unwrap();
    let name = database.name();
    database
        .run(&format!(
            "ALTER DATABASE {name} SET default_transaction_read_only = on"
        ))
        .await;
    for line in ["status", "pages", "export"] {
        let ran = run(&room, &database.url(), line);
        assert_eq!((ran.code, &*ran.err), (0, ""), "{line}");
        assert!(ran.out.contains("daily"), "{line}: {}", ran.out);
    }
    for line in ["crawl", "pages --retry"] {
        let ran = run(&room, &database.url(), line);
        refused(&ran, "is read-only");
        assert!(
            ran.err.contains("name the primary server"),
            "{line}: {}",
            ran.err
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_or_a_time_out_costs_no_article() {
    for (fault, said) in [
        (
            "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'",
            "no room left",
        ),
        (
            "PERFORM set_config('statement_timeout', '20ms', TRUE); PERFORM pg_sleep(5)",
            "statement_timeout",
        ),
    ] {
        let Some(room) = newsroom() else { return };
        let database = room.database.as_ref().unwrap();
        let limit = match said {
            "no room left" => "",
            _ => &format!(
                "ALTER DATABASE {} SET statement_timeout = '100ms';",
                database.name()
            ),
        };
        database
            .run(&format!(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN
                     IF (SELECT COUNT(*) FROM articles) >= 2 THEN {fault}; END IF;
                     RETURN NEW;
                 END $$;
                 {limit}
                 CREATE TRIGGER fail BEFORE INSERT ON articles FOR EACH ROW EXECUTE FUNCTION fail()"
            ))
            .await;
        let ran = run(&room, &database.url(), "crawl --quiet");
        refused(&ran, said);
        let kept = run(&room, &database.url(), "export").out.lines().count();
        assert_eq!(kept, 2, "what was stored stays");
        // The next pass comes when the leases of this one have run out.
        database
            .run(&format!(
                "DROP TRIGGER fail ON articles; ALTER DATABASE {} RESET statement_timeout;
                 UPDATE hosts SET lease_until = 0",
                database.name()
            ))
            .await;
        let retried = run(&room, &database.url(), "pages --lost --retry");
        assert_eq!(retried.code, 0, "{}", retried.err);
        goes_on(&room);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_connection_left_is_named_as_such() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    let user = role(database, "CONNECTION LIMIT 0").await;
    let location = with(database, &[("user", &user), ("connect_timeout", "1")]);
    let ran = run(&room, &location, "status");
    refused(&ran, "are taken");
    assert!(ran.err.contains("max_connections"), "{}", ran.err);
    drop_role(database, &user).await;
    goes_on(&room);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_rights_is_told_of_them() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    let user = format!("{}_role", database.name());
    database.run(&format!("CREATE ROLE {user} LOGIN")).await;
    let ran = run(&room, &with(database, &[("user", &user)]), "crawl");
    refused(&ran, "docs/many-machines.md");
    drop_role(database, &user).await;
    goes_on(&room);
}

/// The statements of the documentation, with names of this test's own.
fn documented(database: &TestDatabase) -> Vec<String> {
    let text = include_str!("../docs/many-machines.md");
    let section = text
        .split("\n## ")
        .find(|it| it.starts_with("The database"));
    let blocks = section.unwrap().split("```sql\n").skip(1);
    let name = database.name();
    blocks
        .map(|block| {
            let sql = block.split("```").next().unwrap();
            let sql = sql.replace("news_", &format!("{name}_"));
            sql.replace("DATABASE news", &format!("DATABASE {name}_news"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_roles_crawl_and_read_once_the_owner_has_made_the_tables() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    let name = database.name();
    let [roles, rights] = &documented(database)[..] else {
        panic!("two blocks of SQL");
    };
    for statement in roles.split(';').filter(|it| !it.trim().is_empty()) {
        database.run(statement).await;
    }
    let news = TestDatabase::named(&format!("{name}_news")).unwrap();
    news.run(rights).await;
    let of = |role: &str| with(&news, &[("user", &format!("{name}_{role}"))]);

    let ran = run(&room, &of("worker"), "crawl");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let ran = run(&room, &of("owner"), "crawl --quiet --max-pages 1");
    assert_eq!(ran.code, 0, "{}", ran.err);
    for line in [
        "crawl --quiet",
        "pages --lost --retry",
        "reextract",
        "crawl --quiet",
    ] {
        let ran = run(&room, &of("worker"), line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
    }
    assert_eq!(room.written().len(), 4);
    for line in ["status", "pages", "export", "pages --lost"] {
        let ran = run(&room, &of("reader"), line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
    }
    let ran = run(&room, &of("reader"), "crawl");
    refused(&ran, "docs/many-machines.md");

    for role in ["worker", "reader", "owner"] {
        news.run(&format!("DROP OWNED BY {name}_{role} CASCADE"))
            .await;
    }
    drop(news);
    for role in ["worker", "reader", "owner"] {
        database.run(&format!("DROP ROLE {name}_{role}")).await;
    }
}

/// The tables that the documentation says can be distributed, each with the key.
fn distributed() -> Vec<(String, String)> {
    let text = include_str!("../docs/many-machines.md");
    let section = text.split("\n## ").find(|it| it.starts_with("Sharding"));
    let rows = section
        .unwrap()
        .lines()
        .filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let mut names = row.split('`').skip(1).step_by(2);
        (
            names.next().unwrap().to_owned(),
            names.next().unwrap().to_owned(),
        )
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_distributed_by_the_documented_keys() {
    let Some(room) = newsroom() else { return };
    let database = room.database.as_ref().unwrap();
    let keys = include_str!("../docs/many-machines.md")
        .split("```sql\n")
        .find(|block| block.starts_with("ALTER TABLE urls"));
    database
        .run(keys.unwrap().split("```").next().unwrap())
        .await;
    goes_on(&room);
    let mut tables = distributed();
    for (table, key) in [("urls", "host_id"), ("pages", "url"), ("articles", "id")] {
        tables.push((table.to_owned(), key.to_owned()));
    }
    assert!(tables.len() > 13, "{tables:?}");
    for (table, key) in tables {
        database
            .run(&format!(
                "CREATE TABLE parts (LIKE {table} INCLUDING ALL) PARTITION BY HASH ({key});
                 DROP TABLE parts"
            ))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nul_in_a_page_costs_nothing() {
    let Some(mut room) = newsroom() else { return };
    let text = story(99).replacen("The ", "The\0 ", 1);
    let nul = page("A nul\0 in the harbour", &text).replace(
        "</head>",
        "<script type=application/ld+json>{\"@type\": \"NewsArticle\", \"headline\":
         \"A nul\\u0000 in the harbour\", \"articleSection\": \"Har\\u0000bour\"}</script></head>",
    );
    let link =
        "<h2><a href=/news/a-nul-in-the-harbour-at-night>A nul in the harbour at night</a></h2>";
    room.server.may("weekly.test/", Reply::html(link)).may(
        "weekly.test/news/a-nul-in-the-harbour-at-night",
        Reply::html(&nul),
    );
    room.source("weekly", &["http://weekly.test/"]);
    let url = room.database.as_ref().unwrap().url();
    let ran = run(&room, &url, "crawl --quiet");
    assert_eq!((ran.code, &*ran.err), (0, ""));
    let ran = run(&room, &url, "export --source weekly");
    let article: Article = serde_json::from_str(ran.out.trim()).unwrap();
    assert!(article.title.unwrap().contains("in the harbour"));
    let ran = run(&room, &url, "reextract --source weekly");
    assert!(ran.err.contains("1 unchanged") || ran.out.contains("1 unchanged"));
}

/// What a crawl leaves of two passes: the records that it exports, its output files, and its addresses.
async fn left_by(database: Option<TestDatabase>) -> (String, Vec<String>, String) {
    let mut room = Newsroom::with_store(database);
    room.crawl.concurrency = 1;
    for host in ["daily.test", "weekly.test", "evening.test"] {
        room.site(host, 6);
        let source = host.split('.').next().unwrap();
        room.source(source, &[&format!("http://{host}/")]);
    }
    room.pass().await;
    let changed = Reply::html(&page("Night 2, once more", &story(4_711)));
    room.server
        .change("daily.test/news/three-long-nights-in-the-harbour", changed);
    room.crawl.refetch_articles = Some(std::time::Duration::from_secs(3600));
    room.pass_after(24 * 60).await;
    let dir = room.dir.path();
    fs::write(dir.join("config.toml"), room.config_file()).unwrap();
    let export = printed(dir, "export");
    let pages = printed(dir, "pages --format jsonl");
    let written = room.written().into_iter();
    let written = written.map(|it| serde_json::to_string(&it).unwrap());
    (export, written.collect(), pages)
}

fn printed(dir: &Path, line: &str) -> String {
    let output = newsprint(dir).args(line.split_whitespace()).output();
    let ran: Ran = output.unwrap().into();
    assert_eq!(ran.code, 0, "{line}: {}", ran.err);
    ran.out
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_crawl_gives_the_same_records_on_both_stores() {
    let Some(database) = TestDatabase::create() else {
        return;
    };
    let file = left_by(None).await;
    let server = left_by(Some(database)).await;
    assert!(file.0.lines().count() == 18, "{}", file.0);
    assert_eq!(file, server);
}
