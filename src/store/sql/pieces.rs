//! Pieces of SQL that many statements share. Sources and hosts stand in the tables of addresses by number; a
//! statement is given their names.

/// The number of the source that a parameter names.
macro_rules! source_id {
    ($name:literal) => {
        concat!("(SELECT id FROM source_ids WHERE name = ", $name, ")")
    };
}

/// The number of the host that a parameter names.
macro_rules! host_id {
    ($host:literal) => {
        concat!("(SELECT id FROM hosts WHERE host = ", $host, ")")
    };
}

/// The whole address, from the name of its host and its path; see [`Stored`](super::keys::Stored).
macro_rules! address {
    ($host:literal, $path:literal) => {
        concat!(
            "CASE substr(",
            $path,
            ", 1, 1)
                 WHEN '/' THEN 'https://' || ",
            $host,
            " || ",
            $path,
            "
                 WHEN ':' THEN 'http://' || ",
            $host,
            " || substr(",
            $path,
            ", 2)
                 ELSE ",
            $path,
            " END"
        )
    };
}

pub(crate) use {address, host_id, source_id};
