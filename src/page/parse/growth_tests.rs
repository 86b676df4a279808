//! What parsing costs grows with the page and not with its square, however the page is made: counted in steps,
//! nodes and attributes, not in time.

use super::*;
use crate::page::nodes::Kind;
use crate::page::{Tag, Tree};

/// What parsing a page took.
#[derive(Debug, Clone, Copy)]
struct Cost {
    steps: u64,
    nodes: usize,
    attributes: usize,
    /// The most attributes of one element.
    largest: usize,
    complete: bool,
}

fn cost(page: &str, limits: &Limits) -> Cost {
    let source = Source::new(page);
    let sieve = sieve(&source, usize::MAX);
    let complete = read(&source, &sieve, limits);
    let sink = sieve.builder.sink;
    let (steps, nodes, attributes) = (
        sink.steps.get(),
        sink.node_count.get(),
        sink.attribute_count.get(),
    );
    let (made, lists) = sink.finish();
    let elements =
        (0..made.len()).filter_map(|id| match made.get(u32::try_from(id).unwrap()).kind {
            Kind::Element(_, list) => Some(lists.of(list).len()),
            _ => None,
        });
    Cost {
        steps,
        nodes,
        attributes,
        largest: elements.max().unwrap_or(0),
        complete,
    }
}

/// A page of so many pieces, which differ by their number.
fn page(pieces: usize, piece: impl Fn(usize) -> String) -> String {
    (0..pieces).map(piece).collect()
}

/// This many attributes that no other tag has.
fn attributes(of: usize, many: usize) -> String {
    (0..many).map(|it| format!(" a{of}x{it}=b")).collect()
}

/// A kind of page, and what makes one piece of it.
type Generator = (&'static str, fn(usize) -> String);

/// Ways to make a page that is dear to parse.
const MADE: &[Generator] = &[
    ("html", |it| format!("<html{}>", attributes(it, 250))),
    ("body", |it| format!("<body{}>x", attributes(it, 250))),
    ("both", |it| {
        let tag = ["html", "body"][it % 2];
        format!("<{tag}{}>", attributes(it, 5))
    }),
    ("head and body", |it| {
        format!("<head{}><body{}>", attributes(it, 99), attributes(it, 99))
    }),
    ("one element", |it| format!("<p{}>x", attributes(it, 250))),
    ("formatting", |it| format!("<b class=c{it}>x")),
    ("formatting in paragraphs", |it| {
        format!("<p><b class=c{it}>x</p>")
    }),
    ("formatting with many attributes", |it| {
        format!("<p><i{}>x</p>", attributes(it, 60))
    }),
    ("formatting that another tag ends", |it| {
        format!("<font size={it}></x>")
    }),
    ("ends of formatting", |it| {
        format!("<em id=a{it}><object></em></b>")
    }),
    ("links", |it| format!("<a href=/{it}><div>x")),
    ("misnested", |_| "<b><p>x</b>".to_owned()),
    ("misnested deep", |_| "<a><b><i><p></a>".to_owned()),
    ("containers", |_| "<div>".to_owned()),
    ("lists", |_| "<ul><li>x".to_owned()),
    ("tables", |_| "<table><tr><td>".to_owned()),
    ("foster parents", |_| "<table>x<b>y<div>".to_owned()),
    ("selects", |_| "<select><option>x".to_owned()),
    ("templates", |_| "<template><p>x".to_owned()),
    ("shadow roots", |_| {
        "<template shadowrootmode=open><p>x".to_owned()
    }),
    ("framesets", |_| "<frameset><frame>".to_owned()),
    ("unknown ends", |_| "<span></x></p></i>".to_owned()),
    ("drawings", |_| "<svg><foreignObject>x".to_owned()),
    ("formulas", |_| "<math><mi>x".to_owned()),
    ("siblings", |it| {
        format!("<p id=p{it} class='a{it} b{it}'>x")
    }),
];

#[test]
fn the_cost_of_a_page_grows_no_faster_than_the_page() {
    let limits = Limits {
        parse_steps: 1_000_000,
        ..Limits::DEFAULT
    };
    for (name, piece) in MADE {
        let (half, whole) = (page(400, piece), page(800, piece));
        let (half, whole) = (cost(&half, &limits), cost(&whole, &limits));
        assert!(whole.largest <= 256, "{name}: {whole:?}");
        // What costs more than its share is not read to its end.
        let grows = |whole: u64, half: u64| whole <= 3 * half + 100;
        let is_cheap = grows(whole.steps, half.steps) || whole.steps <= 1_000_000;
        assert!(is_cheap || !whole.complete, "{name}: {half:?} {whole:?}");
        assert!(
            whole.nodes <= 3 * half.nodes + 100,
            "{name}: {half:?} {whole:?}"
        );
        let (more, less) = (whole.attributes as u64, half.attributes as u64);
        assert!(
            grows(more, less) || !whole.complete,
            "{name}: {half:?} {whole:?}"
        );
    }
}

#[test]
fn formatting_elements_without_end_are_charged_for_what_they_are_compared_with() {
    let limits = Limits {
        parse_steps: 500_000,
        ..Limits::DEFAULT
    };
    for (piece, pieces) in [
        ((|it| format!("<b id=a{it}>")) as fn(usize) -> String, 2_000),
        (|it| format!("<font size={it}></x>"), 2_000),
        (|it| format!("<p><i{}></p>", attributes(it, 100)), 200),
        (|it| format!("<em id=a{it}></b>"), 2_000),
    ] {
        let cost = cost(&page(pieces, piece), &limits);
        assert!(!cost.complete, "{cost:?}");
        assert!(cost.steps < 2 * limits.parse_steps, "{cost:?}");
    }
}

#[test]
fn what_formatting_brings_into_each_paragraph_is_bounded() {
    let open = page(600, |it| format!("<p><b{}>x</p>", attributes(it, 20)));
    let limits = Limits {
        attributes: 20_000,
        parse_steps: u64::MAX,
        ..Limits::DEFAULT
    };
    let cost = cost(&open, &limits);
    assert!(!cost.complete);
    assert!(cost.attributes < 2 * limits.attributes, "{cost:?}");
}

#[test]
fn formatting_of_a_few_kinds_that_is_never_closed_is_charged_little() {
    let kinds = |it: usize| format!("<font size={} color=red><b>word<br>", it % 5);
    let cost = cost(&page(4_000, kinds), &Limits::DEFAULT);
    assert!(cost.complete, "{cost:?}");
}

#[test]
fn an_ordinary_page_of_links_is_charged_little() {
    let link = |it: usize| {
        let data: String = (0..12).map(|at| format!(" data-a{at}=b")).collect();
        format!("<li><a href=/{it}{data}><b>A title</b> of an <em>article</em></a></li>")
    };
    let nested = format!("{}<ul>{}</ul>", "<div>".repeat(40), page(8_000, link));
    let cost = cost(&nested, &Limits::DEFAULT);
    assert!(cost.complete);
    assert!(cost.steps < Limits::DEFAULT.parse_steps / 2, "{cost:?}");
}

#[test]
fn of_many_tags_of_one_element_the_first_attributes_are_kept() {
    for (name, tag) in [("html", Tag::Html), ("body", Tag::Body)] {
        let page = page(300, |it| {
            format!("<{name} class=c{it}{}>", attributes(it, 9))
        });
        let parsed = parse(&format!("{page}<p>the article"), &Limits::DEFAULT);
        let tree = Tree::new(&parsed);
        let element = tree.elements(tag).next().unwrap();
        assert!((200..=256).contains(&tree.attrs(element).count()), "{name}");
        assert_eq!(tree.attr(element, "class"), Some("c0"));
        assert_eq!(tree.attr(element, "a0x0"), Some("b"));
        assert_eq!(tree.attr(element, "a299x8"), None);
    }
}
