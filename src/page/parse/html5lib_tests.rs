//! The tree against html5lib's own tests of tree construction (`tree-construction/*.dat`), in the folder next to the
//! one that `HTML5LIB_TESTS` names (see `page::tokens::html5lib_tests`).
//!
//! Out of scope, because these are left out of the tree on purpose or are not parsed: comments, styles, scripts, drawings,
//! the character NUL; fragments; pages with scripts running. Document types are not compared.

use std::path::Path;

use super::oracle_tests::ours;
use super::*;

/// Fewer cases than this would mean that the files were not read, or that the scope has shrunk.
const FEWEST_CASES: usize = 700;

/// What makes a case out of scope.
const LEFT_OUT: [&str; 9] = [
    "<!-",
    "<?",
    "<script",
    "<style",
    "<svg",
    "\0",
    "shadowrootmode",
    // The standard has changed since: a `<select>` holds any content.
    "<select",
    // `scraper` does not ask for it, nor do we.
    "<annotation-xml encoding",
];

/// One case: the page and its tree.
struct Case {
    page: String,
    tree: String,
}

fn cases(file: &str) -> Vec<Case> {
    let cases = file.split("#data\n").skip(1);
    let case = |text: &str| {
        let (page, rest) = text.split_once("\n#errors")?;
        let (rest, tree) = rest.split_once("#document\n")?;
        let is_whole = !rest.contains("#document-fragment") && !rest.contains("#script-on");
        is_whole.then(|| Case {
            page: page.to_owned(),
            tree: tree.trim_end_matches('\n').to_owned(),
        })
    };
    cases.filter_map(case).collect()
}

/// True where our tree can be the expected one.
fn is_in_scope(case: &Case) -> bool {
    let page = case.page.to_ascii_lowercase();
    let is_left_out = LEFT_OUT.iter().any(|it| page.contains(it));
    !is_left_out && !case.tree.contains("<!-- ")
}

/// The expected tree, without document type, spaces of names, and adjustments of attributes.
fn expected(case: &Case) -> String {
    let lines = case
        .tree
        .lines()
        .filter(|it| !it.starts_with("| <!DOCTYPE"));
    let line = |line: &str| {
        let start = line.find(|c| !matches!(c, '|' | ' ')).unwrap_or(line.len());
        let (indent, node) = line.split_at(start);
        let node = match node.split_once('=') {
            Some((name, value)) if line.starts_with('|') && !node.starts_with(['<', '"']) => {
                let name = name.replace(' ', ":").to_ascii_lowercase();
                format!("{name}={value}")
            }
            _ => node.replace("<svg ", "<").replace("<math ", "<"),
        };
        format!("{indent}{node}\n")
    };
    lines.map(line).collect()
}

fn run_file(path: &Path, failed: &mut Vec<String>) -> usize {
    let file = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let cases = cases(&file);
    let in_scope = cases.iter().filter(|it| is_in_scope(it));
    let mut count = 0;
    for case in in_scope {
        count += 1;
        let (found, expected) = (ours(&parse(&case.page, &Limits::DEFAULT)), expected(case));
        if found != expected {
            let name = path.file_name().unwrap().display();
            failed.push(format!("{name}: {:?}\n{expected}found\n{found}", case.page));
        }
    }
    count
}

#[test]
fn the_tree_passes_html5lib_s_tests() {
    let Some(folder) = std::env::var_os("HTML5LIB_TESTS") else {
        eprintln!("skipped: set HTML5LIB_TESTS to the folder that .ci/html5lib-tests prints");
        return;
    };
    let folder = Path::new(&folder).with_file_name("tree-construction");
    let (mut count, mut failed) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "dat") {
            count += run_file(&path, &mut failed);
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {count} failed\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert!(count >= FEWEST_CASES, "{count} cases");
}
