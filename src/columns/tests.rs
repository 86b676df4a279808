use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, StringArray};
use serde_json::Value as Json;

use super::*;
use crate::article::{Access, Block, Image, Kind, Link, Rights, Role};

fn article() -> Article {
    Article {
        id: "0011223344556677".to_owned(),
        url: Some("https://harbour.example/ferry".to_owned()),
        kind: Kind::LiveBlog,
        title: Some("Ferry".to_owned()),
        authors: vec!["Ada Ferry".to_owned(), "Örn".to_owned()],
        published: Some("2026-11-26T00:30:00.25+01:00".to_owned()),
        modified: Some("2026-11-27".to_owned()),
        access: Some(Access::Metered),
        text: "First.\n\nLast.".to_owned(),
        word_count: 2,
        quality: 0.75,
        fetched_at: Some("2026-11-27T10:00:00Z".to_owned()),
        status: Some(200),
        blocks: Some(vec![
            Block {
                role: Role::Paragraph,
                text: "First.".to_owned(),
                dropped: None,
            },
            Block {
                role: Role::List,
                text: "Home".to_owned(),
                dropped: Some("menu".to_owned()),
            },
        ]),
        images: Some(vec![Image {
            src: "https://harbour.example/a.jpg".to_owned(),
            ..Image::default()
        }]),
        links: Some(Vec::<Link>::new()),
        rights: Rights {
            ai_policy: Some("noai".to_owned()),
            ..Rights::default()
        },
        revision: 3,
        schema_version: 1,
        ..Article::default()
    }
}

fn batch(articles: &[Article]) -> RecordBatch {
    let mut columns = Columns::new();
    for article in articles {
        columns.push(article).unwrap();
    }
    columns.push_null().unwrap();
    columns.finish().unwrap()
}

#[test]
fn the_columns_are_the_fields_of_the_record_in_their_order() {
    let record: Json = serde_json::from_str(crate::schema::RECORD).unwrap();
    let fields: Vec<&String> = record["properties"].as_object().unwrap().keys().collect();
    let schema = schema();
    let derived = |name: &str| {
        let base = name
            .strip_suffix("_timestamp")
            .or(name.strip_suffix("_date"));
        base.is_some_and(|it| ["published", "modified", "fetched"].contains(&it))
    };
    let names = schema.fields().iter().map(|it| it.name());
    let names: Vec<&String> = names.filter(|it| !derived(it)).collect();
    assert_eq!(names, fields);
    assert_eq!(schema.metadata()[VERSION_KEY], "1");
    for field in schema.fields() {
        let about = field.metadata().get("description");
        assert!(about.is_some_and(|it| it.ends_with('.')), "{field}");
        assert!(field.is_nullable());
    }
}

#[test]
fn structs_have_the_fields_of_the_record() {
    let record: Json = serde_json::from_str(crate::schema::RECORD).unwrap();
    let schema = schema();
    for (column, name) in [
        ("blocks", "block"),
        ("images", "image"),
        ("links", "link"),
        ("rights", "rights"),
    ] {
        let properties = record["$defs"][name]["properties"].as_object().unwrap();
        let mut kind = schema.field_with_name(column).unwrap().data_type();
        if let arrow_schema::DataType::List(item) = kind {
            kind = item.data_type();
        }
        let arrow_schema::DataType::Struct(fields) = kind else {
            panic!("{column} is {kind}");
        };
        let names: Vec<&String> = fields.iter().map(|it| it.name()).collect();
        assert_eq!(names, properties.keys().collect::<Vec<_>>());
    }
}

#[test]
fn each_field_stands_in_its_column() {
    let batch = batch(&[article()]);
    let text = |name: &str| batch[name].as_string::<i32>().value(0).to_owned();
    assert_eq!(text("url"), "https://harbour.example/ferry");
    assert_eq!(text("kind"), "live_blog");
    assert_eq!(text("access"), "metered");
    assert_eq!(text("text"), "First.\n\nLast.");
    assert!(batch["final_url"].is_null(0) && batch["markdown"].is_null(0));
    let number = |name: &str| batch[name].as_primitive::<Int64Type>().value(0);
    let numbers = ["word_count", "status", "revision", "schema_version"].map(number);
    assert_eq!(numbers, [2, 200, 3, 1]);
    let quality = batch["quality"].as_primitive::<Float64Type>().value(0);
    assert!((quality - 0.75).abs() < f64::EPSILON);
    let authors = batch["authors"].as_list::<i32>().value(0);
    let expected = StringArray::from(vec!["Ada Ferry", "Örn"]);
    assert_eq!(authors.as_string::<i32>(), &expected);
    assert_eq!(batch["tags"].as_list::<i32>().value(0).len(), 0);
    let rights = batch["rights"].as_struct();
    assert_eq!(rights["ai_policy"].as_string::<i32>().value(0), "noai");
    assert!(rights["robots_meta"].is_null(0));
}

#[test]
fn lists_of_structs_are_null_where_they_were_not_asked_for() {
    let batch = batch(&[article(), Article::default()]);
    let blocks = batch["blocks"].as_list::<i32>();
    let first = blocks.value(0);
    let dropped = first.as_struct()["dropped"].as_string::<i32>();
    assert!(dropped.is_null(0));
    assert_eq!(dropped.value(1), "menu");
    assert!(blocks.is_null(1));
    let links = batch["links"].as_list::<i32>();
    assert!(links.is_valid(0) && links.value(0).is_empty());
    assert_eq!(batch["images"].as_list::<i32>().value(0).len(), 1);
}

#[test]
fn dates_are_instants_where_they_state_one_and_days_as_they_are_written() {
    let batch = batch(&[article()]);
    let instant = |name: &str| {
        let column = batch[name].as_primitive::<TimestampMicrosecondType>();
        column.is_valid(0).then(|| column.value(0))
    };
    let day = |name: &str| batch[name].as_primitive::<Date32Type>().value(0);
    // 2026-11-25T23:30:00.25Z: the day before in UTC.
    assert_eq!(instant("published_timestamp"), Some(1_795_649_400_250_000));
    assert_eq!(day("published_date"), 20_783);
    assert_eq!(instant("modified_timestamp"), None);
    assert_eq!(day("modified_date"), 20_784);
    assert_eq!(instant("fetched_timestamp"), Some(1_795_773_600_000_000));
}

#[test]
fn a_date_that_nobody_can_read_is_null() {
    let odd = ["", "x", "2026-02-30", "2026-11-2é", "20261126"];
    let article = |date: &&str| Article {
        published: Some((*date).to_owned()),
        ..Article::default()
    };
    let batch = batch(&odd.iter().map(article).collect::<Vec<_>>());
    for name in ["published_timestamp", "published_date"] {
        assert_eq!(batch[name].null_count(), odd.len() + 1, "{name}");
    }
    assert_eq!(batch["published"].null_count(), 1);
}

#[test]
fn a_page_without_a_record_is_a_row_of_nulls() {
    let batch = batch(&[article()]);
    assert_eq!(batch.num_rows(), 2);
    assert!(batch.columns().iter().all(|it| it.is_null(1)));
}

#[test]
fn a_finished_batch_begins_anew() {
    let mut columns = Columns::new();
    columns.push(&article()).unwrap();
    assert!(columns.bytes() > article().text.len());
    columns.finish().unwrap();
    assert_eq!((columns.bytes(), columns.is_empty()), (0, true));
    columns.push_null().unwrap();
    assert_eq!(columns.finish().unwrap().num_rows(), 1);
}

#[test]
fn a_full_batch_takes_nothing_more() {
    let mut columns = Columns::new();
    columns.push(&article()).unwrap();
    columns.bytes = MAX_BYTES - 10;
    assert!(columns.push(&article()).is_err());
    assert_eq!((columns.rows(), columns.bytes()), (1, MAX_BYTES - 10));
    assert_eq!(columns.finish().unwrap().num_rows(), 1);
}
