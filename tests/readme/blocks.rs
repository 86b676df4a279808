//! The blocks of code of a Markdown document that a reader can try.

/// A block of code.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    /// A file, by the name in the comment of its first line.
    File { name: String, text: String },
    /// Commands, each with what it prints.
    Commands(Vec<(String, String)>),
}

/// The blocks that are files or commands.
pub fn blocks(document: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let inside: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        if language == "console" {
            found.push(Block::Commands(commands(&inside)));
        } else if let Some(name) = inside.first().and_then(|it| file_name(it)) {
            let text = inside.join("\n") + "\n";
            found.push(Block::File { name, text });
        }
    }
    found
}

/// `rules/a.toml` of `# rules/a.toml: what it is`
fn file_name(line: &str) -> Option<String> {
    let name = line.strip_prefix("# ")?.split([':', ' ', ',']).next()?;
    let is_file = name.ends_with(".toml") || name.ends_with(".txt");
    is_file.then(|| name.to_owned())
}

fn commands(lines: &[&str]) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in lines {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((_, shown))) => {
                shown.push_str(line);
                shown.push('\n');
            }
            (None, None) => {}
        }
    }
    commands
}

#[test]
fn commands_and_files_are_told_apart() {
    let document = "a\n```console\n$ one\n1\n$ two\n```\n```toml\n# a/b.toml: it\nc = 1\n```\n```toml\nd = 1\n```\n";
    let commands = vec![("one".into(), "1\n".into()), ("two".into(), String::new())];
    let file = Block::File {
        name: "a/b.toml".into(),
        text: "# a/b.toml: it\nc = 1\n".into(),
    };
    assert_eq!(blocks(document), [Block::Commands(commands), file]);
}
