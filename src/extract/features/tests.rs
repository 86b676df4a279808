use crate::extract::feature_export::{PageFeatures, describe};
use crate::extract::model::BUILT_IN;
use crate::extract::model::matrix::log;
use crate::page::Input;

const TEXT: [&str; 3] = [
    "The council voted on Tuesday to plant two hundred limes along the quay, ending a quarrel of nine years.",
    "Planting will begin in March, the parks office said, and the first benches are to stand in the shade.",
    "The old poplars, which lost three limbs in the storm of January, will be felled before the winter.",
];

struct Described(PageFeatures);

impl Described {
    fn new(html: &str) -> Described {
        Described(describe(&Input::new(html.as_bytes()), &BUILT_IN))
    }

    /// A feature of the block whose text begins like this.
    fn of(&self, start: &str, name: &str) -> f32 {
        let block = self.0.blocks.iter().find(|it| it.text.starts_with(start));
        let names = self.0.first.iter().chain(&self.0.second);
        let column = names.into_iter().position(|it| *it == name);
        match (block, column) {
            (Some(block), Some(column)) => block.features[column],
            _ => panic!("no block {start} or no feature {name}"),
        }
    }
}

fn page(after: &str) -> String {
    let body: String = TEXT.iter().map(|text| format!("<p>{text}</p>")).collect();
    format!(
        "<title>Limes for the quay</title><main><h1>Limes for the quay</h1><div>{body}</div>{after}</main>"
    )
}

/// A card with a heading that is a link, an excerpt and a date.
fn card(class: &str, name: &str) -> String {
    format!(
        "<div class='{class}'><h3><a href=/{name}>{name} is planned</a></h3>\
         <p>{name} has been asked for since the bridge was closed to lorries.</p><p>3 May 2024</p></div>"
    )
}

#[test]
fn features_that_both_passes_read_have_one_value() {
    let page = Described::new(&page("<p>Opening hours of the parks office</p>")).0;
    let mut shared = 0;
    for (column, name) in page.second.iter().enumerate() {
        let Some(first) = page.first.iter().position(|it| it == name) else {
            continue;
        };
        shared += 1;
        for block in &page.blocks {
            let (first, second) = (
                block.features[first],
                block.features[page.first.len() + column],
            );
            assert_eq!(first, second, "{name} of {}", block.text);
        }
    }
    assert_eq!(shared, 48);
}

#[test]
fn cards_are_items_whatever_their_class_is_called() {
    for classes in [["x7f"; 4], ["post-17", "post-18", "post-21", "post-30"]] {
        let names = ["Ferry", "Tunnel", "Tramway", "Towpath"];
        let cards: String = classes
            .iter()
            .zip(names)
            .map(|(class, name)| card(class, name))
            .collect();
        let page = Described::new(&page(&format!("<section>{cards}</section>")));
        for name in names {
            let excerpt = format!("{name} has been");
            assert_eq!(page.of(&excerpt, "items"), log(4), "{name}");
            assert_eq!(page.of(&excerpt, "item blocks"), log(3));
            assert_eq!(page.of(&excerpt, "place in item"), log(1));
            assert!(page.of(&excerpt, "item dates") > 0.3);
            assert!(page.of(&excerpt, "item headings") > 0.3);
            assert_eq!(page.of(&excerpt, "under links"), 1.0);
        }
        assert_eq!(page.of(TEXT[1], "items"), -1.0, "paragraphs are no items");
    }
}

#[test]
fn two_boxes_of_a_kind_are_no_items() {
    let boxes = [card("note", "Ferry"), card("note", "Tunnel")].concat();
    let page = Described::new(&page(&boxes));
    assert_eq!(page.of("Ferry has been", "items"), -1.0);
}

#[test]
fn what_came_since_the_headline_counts_dates_and_headlines() {
    let appended = format!(
        "<article><h2>Bridge closed</h2><p>4 May 2024, 10:15</p><p>{}</p></article>",
        "The bridge was closed to lorries. ".repeat(3)
    );
    let page = Described::new(&page(&appended));
    assert_eq!(page.of(TEXT[0], "dates since headline"), 0.0);
    assert_eq!(page.of(TEXT[0], "headings since headline"), 0.0);
    assert_eq!(page.of("The bridge was", "dates since headline"), log(1));
    assert_eq!(page.of("The bridge was", "headings since headline"), log(1));
    assert_eq!(page.of("Limes for", "dates since headline"), -1.0);
}

#[test]
fn the_way_to_the_text_is_measured_in_the_tree() {
    let aside = "<div><div><ul><li>Opening hours of the parks office</ul></div></div>";
    let page = Described::new(&page(aside));
    assert_eq!(page.of(TEXT[1], "up to text before"), 1.0);
    assert_eq!(page.of(TEXT[1], "down to text before"), 1.0);
    assert_eq!(page.of("Opening hours", "up to text before"), 4.0);
    assert_eq!(page.of("Opening hours", "down to text before"), 2.0);
    assert_eq!(page.of("Opening hours", "up to text after"), -1.0);
}
