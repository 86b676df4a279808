//! The tables of a store and their columns, the same on both engines. A test holds the list to what the migrations make.

use crate::store::sql::database::Kind::{Bytes, Int, LongText, Text};
use crate::store::sql::database::Table;

/// What a crawl knows of addresses and hosts. `urls` comes first: a change of it may change the tables after it.
pub(crate) static ADDRESSES: [Table; 9] = [
    Table {
        name: "urls",
        key: 1,
        columns: &[
            ("id", Int),
            ("host_id", Int),
            ("source_id", Int),
            ("kind", Int),
            ("key", Int),
            ("path", Text),
            ("depth", Int),
            ("given", Int),
            ("due_at", Int),
            ("visits", Int),
            ("stored_at", Int),
            ("evidence", Int),
            ("hint", Int),
            ("published", Int),
            ("found_at", Int),
            ("named_at", Int),
            ("named_by", Int),
            ("attempts", Int),
            ("visited_at", Int),
            ("outcome", Text),
            ("reason", Text),
            ("status", Int),
            ("etag", Text),
            ("last_modified", Text),
            ("article", Text),
            ("refused_by", Text),
            ("recheck", Int),
            ("read_at", Int),
            ("links_followed", Int),
            ("links_passed", Int),
            ("too_old", Int),
            ("left_out", Int),
            ("damaged", Int),
            ("archived", Text),
            ("fallback", Int),
        ],
    },
    Table {
        name: "source_ids",
        key: 1,
        columns: &[
            ("id", Int),
            ("name", Text),
            ("waiting_pages", Int),
            ("waiting_bytes", Int),
        ],
    },
    Table {
        name: "hosts",
        key: 1,
        columns: &[
            ("id", Int),
            ("host", Text),
            ("source_id", Int),
            ("back_off_until", Int),
            ("claimed_at", Int),
            ("lease_until", Int),
            ("lease_owner", Text),
            ("visited_at", Int),
            ("turn_at", Int),
            ("interval", Int),
            ("lease_token", Int),
        ],
    },
    Table {
        name: "host_shares",
        key: 2,
        columns: &[
            ("host_id", Int),
            ("source_id", Int),
            ("due_at", Int),
            ("claimed_at", Int),
            ("claims", Int),
            ("failures", Int),
            ("back_off_until", Int),
            ("page_failures", Int),
            ("pages_held_until", Int),
            ("retry_day", Int),
            ("retries", Int),
            ("after_entry_point", Int),
        ],
    },
    Table {
        name: "found_pages",
        key: 2,
        columns: &[("source_id", Int), ("found_at", Int), ("pages", Int)],
    },
    Table {
        name: "sources",
        key: 1,
        columns: &[
            ("source", Text),
            ("settings", LongText),
            ("limits", Text),
            ("judged_by", Text),
            ("position", Int),
            ("generation", Int),
        ],
    },
    Table {
        name: "source_sites",
        key: 2,
        columns: &[("source", Text), ("site", Text)],
    },
    Table {
        name: "shapes",
        key: 2,
        columns: &[
            ("shape", Text),
            ("source", Text),
            ("host", Text),
            ("barren", Int),
            ("barren_since", Int),
            ("fruit_at", Int),
            ("visited_at", Int),
        ],
    },
    Table {
        name: "robots",
        key: 1,
        columns: &[("origin", Text), ("file", Bytes), ("expires_at", Int)],
    },
];

/// What was found, and what is known of passes.
pub(crate) static FINDINGS: [Table; 10] = [
    Table {
        name: "source_health",
        key: 1,
        columns: &[("source", Text), ("issues", Text), ("changed_at", Int)],
    },
    Table {
        name: "articles",
        key: 1,
        columns: &[
            ("seq", Int),
            ("id", Text),
            ("source", Text),
            ("content_hash", Text),
            ("fetched_at", Int),
            ("written_at", Int),
            ("record", LongText),
            ("words", Int),
            ("filled", Int),
            ("missed", Text),
            ("version", Int),
            ("stated_id", Text),
        ],
    },
    Table {
        name: "revisions",
        key: 2,
        columns: &[
            ("id", Text),
            ("revision", Int),
            ("replaced_at", Int),
            ("record", LongText),
        ],
    },
    Table {
        name: "text_bands",
        key: 2,
        columns: &[("band", Int), ("seq", Int)],
    },
    Table {
        name: "pages",
        key: 1,
        columns: &[
            ("id", Int),
            ("url", Text),
            ("final_url", Text),
            ("source", Text),
            ("fetched_at", Int),
            ("status", Int),
            ("content_type", Text),
            ("x_robots_tag", Text),
            ("is_article", Int),
            ("length", Int),
            ("packed", Bytes),
            ("tdm_reservation", Text),
            ("published", Int),
            ("judged_by", Text),
            ("evidence", Text),
            ("stands_in", Int),
        ],
    },
    Table {
        name: "site_memory",
        key: 1,
        columns: &[("host", Text), ("memory", Bytes)],
    },
    Table {
        name: "site_memory_news",
        key: 2,
        columns: &[("host", Text), ("number", Int), ("fingerprint", Bytes)],
    },
    Table {
        name: "runs",
        key: 2,
        columns: &[("source", Text), ("started", Int), ("ended", Int)],
    },
    Table {
        name: "run_outcomes",
        key: 4,
        columns: &[
            ("source", Text),
            ("started", Int),
            ("entry_point", Int),
            ("outcome", Text),
            ("count", Int),
        ],
    },
    Table {
        name: "output_files",
        key: 1,
        columns: &[
            ("path", Text),
            ("length", Int),
            ("unfinished", Int),
            ("lines", LongText),
        ],
    },
];

/// All tables, in the order in which they are copied and compared.
pub(super) fn all() -> impl Iterator<Item = &'static Table> {
    ADDRESSES.iter().chain(&FINDINGS)
}
