//! A PostgreSQL server of a test's own, which it may restart, stop and fill without disturbing others.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::geteuid;
use tempfile::TempDir;

use super::TestDatabase;

/// A server on a socket in a folder of its own; stopped when this is dropped.
pub struct PrivateServer {
    folder: TempDir,
    programs: PathBuf,
    settings: String,
}

impl PrivateServer {
    /// A server with these settings, unless tests are run without one; says so then.
    pub fn start(settings: &[&str]) -> Option<PrivateServer> {
        let programs = programs().filter(|_| env::var_os("NEWSPRINT_TEST_POSTGRES").is_some());
        let Some(programs) = programs else {
            eprintln!(
                "skipped: there is no PostgreSQL to start, or NEWSPRINT_TEST_POSTGRES names none"
            );
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        own(folder.path());
        let socket = folder.path().display();
        // What is committed outlives the server's end: the machine goes on, so nothing need be synced.
        let mut all = format!(
            "-c unix_socket_directories={socket} -c listen_addresses= -c fsync=off -c shared_buffers=16MB"
        );
        for setting in settings {
            all.push_str(&format!(" -c {setting}"));
        }
        let server = PrivateServer {
            folder,
            programs,
            settings: all,
        };
        server.run(
            "initdb",
            &[
                "-D",
                "data",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--auth=trust",
            ],
        );
        server.control(&["start"]);
        Some(server)
    }

    /// A new database with the tables of this version.
    pub fn database(&self) -> TestDatabase {
        TestDatabase::create_on(&self.url())
    }

    /// Where it is, without a database.
    pub fn url(&self) -> String {
        format!(
            "postgres:///?host={}&user=postgres",
            self.folder().display()
        )
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends all that it does at once, as a loss of power would, and starts again.
    pub fn restart_at_once(&self) {
        self.control(&["restart", "-m", "immediate"]);
    }

    fn control(&self, arguments: &[&str]) {
        let mut all = vec!["-D", "data", "-l", "log", "-w", "-o", &self.settings];
        all.extend(arguments);
        self.run("pg_ctl", &all);
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = match geteuid().is_root() {
            // The server does not run as root.
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(&program);
                command
            }
            false => Command::new(&program),
        };
        command
            .args(arguments)
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let done = command.status().unwrap();
        assert!(done.success() || std::thread::panicking(), "{command:?}");
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        self.control(&["stop", "-m", "immediate"]);
    }
}

/// Gives a folder to the user as whom the server runs.
pub fn own(folder: &Path) {
    if geteuid().is_root() {
        let given = Command::new("chown").arg("postgres").arg(folder).status();
        assert!(given.unwrap().success());
    }
}

/// Where the newest of the servers that are installed has its programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut folders: Vec<PathBuf> = versions.map(|it| it.path().join("bin")).collect();
    folders.retain(|it| it.join("initdb").exists());
    folders.sort();
    folders.pop()
}
