//! The columns: which there are, in which order, and what of the record stands in each. Descriptions of fields
//! are those of `schema/record.json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use arrow_schema::Field;
use serde_json::Value as Json;

use crate::article::{Access, Article};
use crate::columns::builder::Kind;
use crate::columns::values::{Value, day, instant, number, structs, text};
use crate::schema;

/// The key of a field's metadata under which its description stands.
const DESCRIPTION: &str = "description";

static RECORD: LazyLock<Json> =
    LazyLock::new(|| serde_json::from_str(schema::RECORD).unwrap_or_default());

/// A column.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) value: for<'a> fn(&'a Article) -> Value<'a>,
    /// What stands in it, unless it is a field of the record.
    about: Option<&'static str>,
}

impl Column {
    /// The column as Arrow has it.
    pub(super) fn field(&self) -> Field {
        let recorded = || RECORD["properties"][self.name]["description"].as_str();
        // Of `rights` the schema describes the definition that it refers to.
        let defined = || RECORD["$defs"][self.name]["description"].as_str();
        let about = self.about.or_else(recorded).or_else(defined);
        let about = about.map(|it| (DESCRIPTION.to_owned(), it.to_owned()));
        let field = Field::new(self.name, self.kind.data_type(), true);
        field.with_metadata(HashMap::from_iter(about))
    }
}

/// A column of the record's field of that name.
const fn field(
    name: &'static str,
    kind: Kind,
    value: for<'a> fn(&'a Article) -> Value<'a>,
) -> Column {
    Column {
        name,
        kind,
        value,
        about: None,
    }
}

/// A column that is derived from the field before it.
const fn derived(
    name: &'static str,
    kind: Kind,
    value: for<'a> fn(&'a Article) -> Value<'a>,
    about: &'static str,
) -> Column {
    Column {
        name,
        kind,
        value,
        about: Some(about),
    }
}

const INSTANT_OF: &str = "The instant of the date before it; null where the page states none.";
const DAY_OF: &str = "The day of the date before it, as the page states it: in its own time zone.";
const FETCHED: &str = "When the page was fetched.";

/// Every column, in the order of the record.
pub(super) static COLUMNS: [Column; 41] = [
    field("id", Kind::Text, |it| Value::Text(&it.id)),
    field("url", Kind::Text, |it| text(it.url.as_deref())),
    field("final_url", Kind::Text, |it| text(it.final_url.as_deref())),
    field("canonical_url", Kind::Text, |it| {
        text(it.canonical_url.as_deref())
    }),
    field("archived_url", Kind::Text, |it| {
        text(it.archived_url.as_deref())
    }),
    field("archived_at", Kind::Text, |it| {
        text(it.archived_at.as_deref())
    }),
    field("source", Kind::Text, |it| text(it.source.as_deref())),
    field("kind", Kind::Text, |it| Value::Text(it.kind.name())),
    field("title", Kind::Text, |it| text(it.title.as_deref())),
    field("description", Kind::Text, |it| {
        text(it.description.as_deref())
    }),
    field("authors", Kind::Texts, |it| Value::Texts(&it.authors)),
    field("published", Kind::Text, |it| text(it.published.as_deref())),
    derived(
        "published_timestamp",
        Kind::Instant,
        |it| instant(it.published.as_deref()),
        INSTANT_OF,
    ),
    derived(
        "published_date",
        Kind::Day,
        |it| day(it.published.as_deref()),
        DAY_OF,
    ),
    field("modified", Kind::Text, |it| text(it.modified.as_deref())),
    derived(
        "modified_timestamp",
        Kind::Instant,
        |it| instant(it.modified.as_deref()),
        INSTANT_OF,
    ),
    derived(
        "modified_date",
        Kind::Day,
        |it| day(it.modified.as_deref()),
        DAY_OF,
    ),
    field("section", Kind::Text, |it| text(it.section.as_deref())),
    field("tags", Kind::Texts, |it| Value::Texts(&it.tags)),
    field("language", Kind::Text, |it| text(it.language.as_deref())),
    field("site_name", Kind::Text, |it| text(it.site_name.as_deref())),
    field("image", Kind::Text, |it| text(it.image.as_deref())),
    field("access", Kind::Text, |it| text(it.access.map(Access::name))),
    field("text", Kind::Text, |it| Value::Text(&it.text)),
    field("markdown", Kind::Text, |it| text(it.markdown.as_deref())),
    field("html", Kind::Text, |it| text(it.html.as_deref())),
    field(
        "blocks",
        Kind::Structs(&["role", "text", "dropped"]),
        |it| {
            structs(it.blocks.as_deref(), |it| {
                vec![Some(it.role.name()), Some(&it.text), it.dropped.as_deref()]
            })
        },
    ),
    field("word_count", Kind::Number, |it| number(it.word_count)),
    field("quality", Kind::Fraction, |it| Value::Fraction(it.quality)),
    field("fetched_at", Kind::Text, |it| {
        text(it.fetched_at.as_deref())
    }),
    derived(
        "fetched_timestamp",
        Kind::Instant,
        |it| instant(it.fetched_at.as_deref()),
        FETCHED,
    ),
    field("status", Kind::Number, |it| {
        it.status.map_or(Value::Null, number)
    }),
    field("content_hash", Kind::Text, |it| {
        Value::Text(&it.content_hash)
    }),
    field("duplicate_of", Kind::Text, |it| {
        text(it.duplicate_of.as_deref())
    }),
    field(
        "images",
        Kind::Structs(&["src", "alt", "caption", "credit"]),
        |it| {
            structs(it.images.as_deref(), |it| {
                vec![
                    Some(&it.src),
                    it.alt.as_deref(),
                    it.caption.as_deref(),
                    it.credit.as_deref(),
                ]
            })
        },
    ),
    field("links", Kind::Structs(&["href", "text"]), |it| {
        structs(it.links.as_deref(), |it| {
            vec![Some(&it.href), Some(&it.text)]
        })
    }),
    field("warnings", Kind::Texts, |it| Value::Texts(&it.warnings)),
    field(
        "rights",
        Kind::Struct(&[
            "robots_meta",
            "tdm_reservation",
            "ai_policy",
            "content_signal",
            "content_usage",
            "rsl",
        ]),
        |it| {
            let rights = &it.rights;
            Value::Struct(vec![
                rights.robots_meta.as_deref(),
                rights.tdm_reservation.as_deref(),
                rights.ai_policy.as_deref(),
                rights.content_signal.as_deref(),
                rights.content_usage.as_deref(),
                rights.rsl.as_deref(),
            ])
        },
    ),
    field("revision", Kind::Number, |it| number(it.revision)),
    field("extractor", Kind::Text, |it| Value::Text(&it.extractor)),
    field("schema_version", Kind::Number, |it| {
        number(it.schema_version)
    }),
];
