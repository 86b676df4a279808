//! The articles in the order in which they were stored and changed, for those who follow them.

use std::fmt;
use std::str::FromStr;

use crate::article::Article;

/// What the text of a position begins with.
const FORMAT: &str = "newsprint-cursor-1";

/// A place in the order in which articles are stored and changed. The default is before the first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangePosition {
    /// The database in which it is a place; empty for any.
    pub(crate) database: String,
    pub(crate) change: i64,
    pub(crate) seq: i64,
}

/// Some articles that were stored or changed one after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// Those that pass the filter, each as it is now.
    pub articles: Vec<Article>,
    /// The place after them.
    pub position: ChangePosition,
    /// Nothing can be read after that yet.
    pub is_last: bool,
}

impl fmt::Display for ChangePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ChangePosition {
            database,
            change,
            seq,
        } = self;
        write!(f, "{FORMAT} {database} {change} {seq}")
    }
}

/// A text is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it holds no cursor of this version of newsprint")]
pub struct BadPosition;

impl FromStr for ChangePosition {
    type Err = BadPosition;

    fn from_str(text: &str) -> Result<ChangePosition, BadPosition> {
        let mut words = text.split_whitespace();
        let mut next = || words.next().ok_or(BadPosition);
        if next()? != FORMAT {
            return Err(BadPosition);
        }
        let position = ChangePosition {
            database: next()?.to_owned(),
            change: next()?.parse().map_err(|_| BadPosition)?,
            seq: next()?.parse().map_err(|_| BadPosition)?,
        };
        match words.next() {
            None => Ok(position),
            Some(_) => Err(BadPosition),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_as_it_is_written_and_nothing_else_is() {
        let position = ChangePosition {
            database: "postgres-1-2".to_owned(),
            change: 77,
            seq: 5,
        };
        assert_eq!(format!("{position}\n").parse(), Ok(position));
        for bad in [
            "",
            "newsprint-cursor-1 a 1",
            "newsprint-cursor-1 a 1 b",
            "x a 1 2",
            "newsprint-cursor-1 a 1 2 3",
        ] {
            assert_eq!(bad.parse::<ChangePosition>(), Err(BadPosition), "{bad}");
        }
    }
}
