//! Tells the program what it was built from, for `newsprint --version`: the commit, and the fingerprint of the
//! learned model. Reads files and asks git; writes nothing, fetches nothing.

use std::env;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};

/// Hexadecimal digits of a commit and of a fingerprint that are shown.
const SHOWN: usize = 12;

const MODEL: &str = "model/blocks.model";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={MODEL}");
    println!("cargo::rerun-if-env-changed=NEWSPRINT_COMMIT");
    println!("cargo::rustc-env=NEWSPRINT_BUILT_FROM={}", commit());
    println!("cargo::rustc-env=NEWSPRINT_MODEL={}", fingerprint(MODEL));
}

/// The commit: as a packager names it in `NEWSPRINT_COMMIT`, as cargo notes it in a published crate, as git knows
/// it. Only release builds ask git: others would be compiled anew with every commit.
fn commit() -> String {
    if let Ok(named) = env::var("NEWSPRINT_COMMIT")
        && !named.is_empty()
    {
        return named.chars().take(SHOWN).collect();
    }
    if let Ok(noted) = std::fs::read_to_string(".cargo_vcs_info.json") {
        return noted_commit(&noted).unwrap_or("unknown").into();
    }
    if env::var("PROFILE").as_deref() != Ok("release") {
        return "development build".into();
    }
    git_commit().unwrap_or_else(|| "unknown".into())
}

/// The value of `sha1` in the file that `cargo package` adds.
fn noted_commit(noted: &str) -> Option<&str> {
    let value = noted.split("\"sha1\"").nth(1)?.split('"').nth(1)?;
    value.get(..SHOWN)
}

/// The commit that is checked out here, with `+` where files differ from it.
fn git_commit() -> Option<String> {
    let top = git(&["rev-parse", "--show-toplevel"])?;
    // The repository around an unpacked archive has another project's commits.
    if Path::new(&top).canonicalize().ok()? != Path::new(".").canonicalize().ok()? {
        return None;
    }
    // Grows with every commit and every checkout.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    for watched in [
        log.as_str(),
        "Cargo.lock",
        "Cargo.toml",
        "migrations",
        "model",
        "rules",
        "schema",
        "src",
    ] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let is_changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    Some(format!(
        "{}{}",
        commit.get(..SHOWN)?,
        if is_changed { "+" } else { "" }
    ))
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The first digits of a file's SHA-256.
fn fingerprint(path: &str) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let digits = Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    digits.chars().take(SHOWN).collect()
}
