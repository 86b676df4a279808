//! `newsprint identity`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run;
use crate::support::{Ran, Reply, Server};
use crate::verifier::{Message, base64, from_base64, verify};

const DIRECTORY: &str = "http-message-signatures-directory";
const MEDIA_TYPE: &str = "application/http-message-signatures-directory+json";

fn done(dir: &Path, line: &str) -> Ran {
    let ran = run(dir, line);
    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
    ran
}

fn directory(dir: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(dir.join(DIRECTORY)).unwrap()).unwrap()
}

fn key_ids(dir: &Path) -> Vec<String> {
    let directory = directory(dir);
    let keys = directory["keys"].as_array().unwrap().iter();
    keys.map(|it| it["kid"].as_str().unwrap().to_owned())
        .collect()
}

/// Writes what `new` said to write, and perhaps more.
fn configure(dir: &Path, said: &str, more: &str) {
    let (_, table) = said.split_once("[identity]").unwrap();
    let table = table.split("\n\n").next().unwrap();
    fs::write(
        dir.join("config.toml"),
        format!("[identity]{table}\n{more}"),
    )
    .unwrap();
}

#[test]
fn a_key_is_made_published_and_told_where_to_write() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let said = done(dir, "identity new --host bot.daily.news --valid-for 30d").out;
    for part in [
        "https://bot.daily.news/.well-known/http-message-signatures-directory",
        MEDIA_TYPE,
        "key = \"identity.pem\"\ndirectory = \"https://bot.daily.news\"\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let text = fs::read_to_string(dir.join("identity.pem")).unwrap();
    assert!(text.contains("-----BEGIN PRIVATE KEY-----"));
    let key = &directory(dir)["keys"][0];
    assert_eq!(
        (&key["kty"], &key["crv"], &key["use"]),
        (&"OKP".into(), &"Ed25519".into(), &"sig".into())
    );
    let (from, until) = (key["nbf"].as_i64().unwrap(), key["exp"].as_i64().unwrap());
    assert_eq!(until - from, 30 * 24 * 3600);
    assert_eq!(from_base64(key["x"].as_str().unwrap()).len(), 32);
    assert!(key.get("d").is_none());
    // What was said is a configuration.
    configure(dir, &said, "");
    let shown = done(dir, "identity show").out;
    assert!(
        shown.contains(&key_ids(dir)[0]) && shown.contains(key["x"].as_str().unwrap()),
        "{shown}"
    );
    assert!(
        shown.contains("https://bot.daily.news/.well-known/"),
        "{shown}"
    );
    // The private half is shown by nothing.
    let secret = text.lines().rev().nth(1).unwrap();
    for line in ["identity show -vvv", "identity sign -vvv", "schema config"] {
        let ran = run(dir, line);
        assert!(!(ran.out + &ran.err).contains(secret), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone_and_is_never_lost_unasked() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, "identity new");
    let (key, listed) = (dir.join("identity.pem"), dir.join(DIRECTORY));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&key), 0o600);
    assert_eq!(mode(&listed) & 0o600, 0o600);
    let before = (fs::read(&key).unwrap(), fs::read(&listed).unwrap());
    let ran = run(dir, "identity new");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("identity.pem exists") && ran.err.contains("--force"),
        "{}",
        ran.err
    );
    assert_eq!(
        before,
        (fs::read(&key).unwrap(), fs::read(&listed).unwrap())
    );
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    done(dir, "identity new --force");
    assert_ne!(before.0, fs::read(&key).unwrap());
    assert_eq!(mode(&key), 0o600);
    // A link that leads nowhere is in the way, too.
    std::os::unix::fs::symlink(dir.join("elsewhere.pem"), dir.join("link.pem")).unwrap();
    assert_eq!(run(dir, "identity new --key link.pem").code, 2);
    assert!(!dir.join("elsewhere.pem").exists());
}

#[test]
fn a_directory_that_cannot_be_read_is_left_and_no_key_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fs::write(dir.join(DIRECTORY), "{}").unwrap();
    let ran = run(dir, "identity new");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("no list of public keys"), "{}", ran.err);
    assert!(!dir.join("identity.pem").exists());
    assert_eq!(fs::read_to_string(dir.join(DIRECTORY)).unwrap(), "{}");
}

#[test]
fn keys_are_rotated_through_one_directory() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let said = done(dir, "identity new --host bot.daily.news").out;
    configure(dir, &said, "");
    let said = done(dir, "identity new --key identity-2.pem").out;
    assert!(
        said.contains("https://bot.daily.news/.well-known/") && said.contains("a day later"),
        "{said}"
    );
    let ids = key_ids(dir);
    assert_eq!(ids.len(), 2);
    // One of two keys signs alone: the other one is named.
    let ran = done(dir, "identity sign");
    assert!(ran.err.contains(&ids[1]), "{}", ran.err);
    let ran = done(dir, "identity sign identity.pem identity-2.pem");
    assert_eq!(ran.err, "");
    for id in &ids {
        assert!(ran.out.contains(id), "{}", ran.out);
    }
    done(dir, &format!("identity remove {}", ids[0]));
    assert_eq!(key_ids(dir), ids[1..]);
    assert_eq!(run(dir, &format!("identity remove {}", ids[0])).code, 2);
    let ran = run(dir, "identity sign");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("does not list the key of identity.pem"),
        "{}",
        ran.err
    );
    // A key whose time is over goes by itself.
    done(dir, "identity new --key short.pem --valid-for 1ms");
    done(dir, "identity new --key next.pem");
    assert_eq!(key_ids(dir).len(), 2);
}

/// The headers that `identity sign` prints.
fn headers(out: &str) -> BTreeMap<String, String> {
    let lines = out.lines().map(|line| line.split_once(": ").unwrap());
    lines
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect()
}

#[test]
fn the_headers_of_a_directory_are_what_the_draft_asks_for() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, "identity new");
    done(dir, "identity new --key identity-2.pem");
    let out = done(
        dir,
        "identity sign --host BOT.daily.news:443 --for 7d identity.pem identity-2.pem",
    )
    .out;
    let headers = headers(&out);
    assert_eq!(headers["content-type"], MEDIA_TYPE);
    let body = fs::read(dir.join(DIRECTORY)).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&body);
    assert_eq!(
        headers["content-digest"],
        format!("sha-256=:{}:", base64(&digest))
    );
    let listed = directory(dir);
    for (number, key) in listed["keys"].as_array().unwrap().iter().enumerate() {
        let answer = Message {
            authority: "bot.daily.news".to_owned(),
            headers: headers.clone(),
            is_answer: true,
            ..Message::default()
        };
        let public = from_base64(key["x"].as_str().unwrap());
        let label = format!("binding{number}");
        let signed = verify(&answer, &label, &public).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(
            signed.components,
            ["\"@authority\";req", "\"content-digest\""]
        );
        assert_eq!(signed.text("keyid"), key["kid"]);
        assert_eq!(signed.text("tag"), "http-message-signatures-directory");
        assert_eq!(
            signed.number("expires") - signed.number("created"),
            7 * 24 * 3600
        );
        let mirror = Message {
            authority: "mirror.news".to_owned(),
            ..answer
        };
        assert!(verify(&mirror, &label, &public).is_err());
    }
}

#[test]
fn the_headers_are_written_for_three_servers() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, "identity new");
    for (format, begin, end) in [
        (
            "nginx",
            "add_header Signature-Input 'binding0=(\"@authority\";req ",
            "';",
        ),
        (
            "apache",
            "Header set Signature-Input \"binding0=(\\\"@authority\\\";req ",
            "\"",
        ),
        (
            "caddy",
            "header Signature-Input `binding0=(\"@authority\";req ",
            "`",
        ),
    ] {
        let out = done(
            dir,
            &format!("identity sign identity.pem --host bot.daily.news --format {format}"),
        )
        .out;
        let is_there = |line: &str| line.starts_with(begin) && line.ends_with(end);
        assert!(out.lines().any(is_there), "{format}: {out}");
        assert!(out.contains(MEDIA_TYPE), "{format}: {out}");
    }
}

#[test]
fn what_is_published_is_checked_as_a_verifier_would() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let said = done(dir, "identity new --host bot.test").out;
    let server = Server::start();
    let resolve = format!(
        "[network.resolve]\n'bot.test:80' = '{}'\n[crawl]\nretries = 0\n",
        server.address
    );
    configure(dir, &said, &resolve);
    let body = fs::read(dir.join(DIRECTORY)).unwrap();
    let address = "bot.test/.well-known/http-message-signatures-directory";
    // A test has no certificate; all else is as it should be.
    let check = || run(dir, &format!("identity verify http://{address}"));
    let mut reply = Reply::new(200, "", body.clone());
    for (name, value) in headers(&done(dir, "identity sign").out) {
        reply = reply.header(&name, &value);
    }
    server.on(address, reply);
    let ran = check();
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let faults: Vec<&str> = ran.out.lines().filter(|line| line.contains('✗')).collect();
    assert_eq!(faults, ["  ✗ it must be served over https"]);
    assert_eq!(ran.out.matches('✓').count(), 3, "{}", ran.out);
    // Our own robots.txt closes nothing to ourselves.
    assert_eq!(
        server.paths("bot.test"),
        [format!("/{}", address.split_once('/').unwrap().1)]
    );

    server.change(address, Reply::new(200, "application/json", body.clone()));
    let ran = check();
    assert!(
        ran.out.contains("✗ its Content-Type is application/json"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("! the answer is not signed by"),
        "{}",
        ran.out
    );
    server.change(address, Reply::redirect("/elsewhere"));
    server.may("bot.test/elsewhere", Reply::status(404));
    assert!(check().out.contains("✗ it answers with status 302"));
    server.change(address, Reply::hang_up());
    let ran = check();
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
}

#[test]
fn without_a_key_the_command_says_how_to_make_one() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for line in ["identity show", "identity sign", "identity verify"] {
        let ran = run(dir, line);
        assert_eq!(ran.code, 2, "{line}");
        assert!(
            ran.err.contains("`newsprint identity new`"),
            "{line}: {}",
            ran.err
        );
    }
    fs::write(
        dir.join("config.toml"),
        "[identity]\nkey = 'a.pem'\ndirectory = 'https://bot.daily.news'\n",
    )
    .unwrap();
    for line in ["identity show", "fetch http://127.0.0.1:9/a"] {
        let ran = run(dir, line);
        assert_eq!(ran.code, 2, "{line}: {}", ran.err);
        assert!(
            ran.err.contains("cannot read the key a.pem"),
            "{line}: {}",
            ran.err
        );
    }
}
