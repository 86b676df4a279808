//! `newsprint init`: the first `config.toml`, with the user's own contact, and sources if addresses are given.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result};
use newsprint::config::Config;
use newsprint::crawl::{Survey, survey};
use newsprint::fetch::Fetcher;
use url::Url;

use crate::cli::args::{Common, InitArgs};
use crate::cli::contact::{self, Contact, contact};
use crate::cli::exit::UsageError;
use crate::cli::printer::Printer;
use crate::cli::signals::block_on;
use crate::cli::{Exit, settings, terminal, times};

const TEMPLATE: &str = include_str!("init/template.toml");
/// How often it is asked.
const TRIES: usize = 3;

pub(crate) fn run(args: InitArgs, common: &Common, printer: &Printer) -> Result<Exit> {
    let file = settings::file(common);
    if file.exists() {
        return Err(is_there(file));
    }
    let contact = match args.contact {
        Some(contact) => contact,
        None => asked(*printer)?,
    };
    let mut text = filled(&contact);
    let config = Config::parse(&text, file)?;
    let found = propose(&config, &args.sites, *printer)?;
    for block in &found {
        text.push('\n');
        text.push_str(block);
    }
    create(file, &text)?;
    printer.note(&next_steps(file, &contact, found.len()));
    Ok(match found.len() == args.sites.len() {
        true => Exit::Done,
        false => Exit::Partial,
    })
}

fn is_there(file: &Path) -> anyhow::Error {
    let message = format!(
        "{} is there already and stays as it is; name another file with --config, or add a source to it: \
         `newsprint discover SITE >> {}`",
        file.display(),
        file.display()
    );
    UsageError(message).into()
}

/// Asks for the contact, where someone can answer.
fn asked(printer: Printer) -> Result<Contact> {
    let can_answer = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !can_answer || terminal::is_json() {
        let message = format!("--contact is missing: {}", contact::EXPECTED);
        return Err(UsageError(message).into());
    }
    for _ in 0..TRIES {
        terminal::to_stderr(
            "How can webmasters reach you? Every request says so: an email address, or a page about your crawler.\n> ",
        );
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        if read.context("cannot read the answer")? == 0 {
            break;
        }
        match contact(&line) {
            Ok(contact) => return Ok(contact),
            Err(problem) => printer.error(&problem),
        }
    }
    Err(UsageError(
        "without a contact there is no configuration; run it again with --contact".to_owned(),
    )
    .into())
}

/// The text of the file without sources.
fn filled(contact: &Contact) -> String {
    let user_agent = serde_json::Value::from(contact.user_agent()).to_string();
    TEMPLATE
        .replace("{token}", &contact.token())
        .replace("{user_agent}", &user_agent)
        .replace("{from}", &from_line(contact))
}

/// The line of the `From` header, which takes an email address.
fn from_line(contact: &Contact) -> String {
    const SENT: &str = "# sent with every request, too";
    match contact.email() {
        Some(email) => format!("from = {}    {SENT}", serde_json::Value::from(email)),
        None => format!("# from = \"\"    {SENT}: an email address"),
    }
}

/// A source for each site, as `discover` proposes it. Where there is none, that is reported.
fn propose(config: &Config, sites: &[Url], printer: Printer) -> Result<Vec<String>> {
    if sites.is_empty() {
        return Ok(Vec::new());
    }
    let fetcher = Fetcher::new(&config.crawl, &config.network)?;
    let (mut blocks, mut names) = (Vec::new(), BTreeSet::new());
    for site in sites {
        let now = times::now();
        match block_on(async { Ok(survey(&fetcher, site, now).await) })? {
            Ok(found) => match block(&found, now, &mut names) {
                Some(block) => blocks.push(block),
                None => printer.error(&format!(
                    "{}: found no feeds, sitemaps or links to articles; try the address of a page that lists articles",
                    found.front
                )),
            },
            Err(error) => printer.error(&error.to_string()),
        }
    }
    Ok(blocks)
}

/// The source of a survey under a name that no other has.
fn block(found: &Survey, now: i64, names: &mut BTreeSet<String>) -> Option<String> {
    let mut proposal = found.proposal()?;
    let (name, mut number) = (proposal.name.clone(), 1);
    while !names.insert(proposal.name.clone()) {
        number += 1;
        proposal.name = format!("{name}-{number}");
    }
    Some(found.block_of(&proposal, now))
}

/// Writes the file, which nobody else may have written meanwhile.
fn create(file: &Path, text: &str) -> Result<()> {
    let created = OpenOptions::new().write(true).create_new(true).open(file);
    match created.and_then(|mut created| created.write_all(text.as_bytes())) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(is_there(file)),
        written => written.with_context(|| format!("cannot write {}", file.display())),
    }
}

/// What was written, and what to do now.
fn next_steps(file: &Path, contact: &Contact, sources: usize) -> String {
    let named = match file == Path::new("config.toml") {
        true => String::new(),
        false => format!(" --config {}", file.display()),
    };
    let next = match sources {
        0 => format!("newsprint discover SITE{named} >> {}", file.display()),
        _ => format!("newsprint crawl{named} --dry-run"),
    };
    format!(
        "{} is written; its requests say `{}`\n\nnext:\n\n  {next}\n",
        file.display(),
        contact.user_agent()
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use newsprint::demo::Newsroom;

    use super::*;

    #[test]
    fn the_file_has_the_defaults_that_it_states_and_the_contact() {
        let text = filled(&contact("me@x.org").unwrap());
        let config = Config::parse(&text, Path::new("config.toml")).unwrap();
        assert_eq!(config.crawl.user_agent, "x-bot/1.0 (+mailto:me@x.org)");
        assert_eq!(config.crawl.from.as_deref(), Some("me@x.org"));
        // A crawl begins with it.
        assert_eq!(config.contact(), Ok(()));
        assert!(!text.contains('{'), "{text}");
        // What stands there as a comment is a key with its default.
        let all = text.replace("\n# requests_per_second", "\nrequests_per_second");
        let all = all
            .replace("\n# recheck", "\nrecheck")
            .replace("\n# max_age", "\nmax_age");
        let all = all
            .replace("\n# keep_pages", "\nkeep_pages")
            .replace("\n# format", "\nformat");
        let mut stated = Config::parse(&all, Path::new("config.toml")).unwrap();
        stated.crawl.user_agent = Config::default().crawl.user_agent;
        stated.crawl.from = None;
        assert_eq!(stated.crawl, Config::default().crawl);
        assert_eq!(stated.store, Config::default().store);
        assert_eq!(stated.output, Config::default().output);
    }

    #[test]
    fn sites_become_sources_as_discover_proposes_them() {
        let (newsroom, runtime) = {
            let runtime = crate::cli::signals::runtime().unwrap();
            (runtime.block_on(Newsroom::start()).unwrap(), runtime)
        };
        let config = newsroom.config(Path::new("")).unwrap();
        let site = |path: &str| Url::parse(&format!("http://harbour-post.example/{path}")).unwrap();
        let gone = Url::parse("http://harbour-post.example/nothing-here").unwrap();
        let found = propose(&config, &[site(""), gone, site("")], Printer::new(true)).unwrap();
        drop(runtime);
        let config = Config::parse(&found.concat(), Path::new("config.toml")).unwrap();
        let names: Vec<&str> = config.sources.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["harbour-post-example", "harbour-post-example-2"]);
        assert!(!config.sources[0].feeds.is_empty());
    }
}
