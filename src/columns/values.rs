//! What stands in the cells of a row, and its size.

use jiff::Timestamp;
use jiff::civil::{Date, date};

/// The value of one field.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Null,
    Text(&'a str),
    Texts(&'a [String]),
    Number(i64),
    Fraction(f64),
    /// Microseconds since 1970, UTC.
    Instant(i64),
    /// Days since 1970.
    Day(i32),
    /// The fields of one struct.
    Struct(Vec<Cell<'a>>),
    /// A list of them.
    Structs(Vec<Vec<Cell<'a>>>),
}

/// A field of a struct.
pub(super) type Cell<'a> = Option<&'a str>;

/// An offset in Arrow's arrays.
const OFFSET: usize = 4;

impl Value<'_> {
    /// The bytes that the value takes in its column. No column ends up with more strings, items or bytes than this
    /// adds up to.
    pub(super) fn bytes(&self) -> usize {
        OFFSET
            + match self {
                Value::Null => 0,
                Value::Text(text) => text.len(),
                Value::Texts(texts) => texts.iter().map(|text| OFFSET + text.len()).sum(),
                Value::Number(_) | Value::Fraction(_) | Value::Instant(_) => 8,
                Value::Day(_) => 4,
                Value::Struct(cells) => size(cells),
                Value::Structs(structs) => structs.iter().map(|cells| size(cells)).sum(),
            }
    }
}

fn size(cells: &[Cell]) -> usize {
    let len = |cell: &Cell| OFFSET + cell.map_or(0, str::len);
    cells.iter().map(len).sum()
}

/// A text, or null.
pub(super) fn text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

/// A whole number.
pub(super) fn number(number: impl TryInto<i64>) -> Value<'static> {
    number.try_into().map_or(Value::Null, Value::Number)
}

/// The instant of a date, if it states one: a day and a local time are none.
pub(super) fn instant(date: Option<&str>) -> Value<'static> {
    let instant = date.and_then(|it| it.parse::<Timestamp>().ok());
    instant.map_or(Value::Null, |it| Value::Instant(it.as_microsecond()))
}

/// The day of a date, as it is written: in the zone of the page.
pub(super) fn day(written: Option<&str>) -> Value<'static> {
    let day = written.and_then(|it| it.get(..10)?.parse::<Date>().ok());
    let days = day.and_then(|it| (it - date(1970, 1, 1)).get_days().into());
    days.map_or(Value::Null, Value::Day)
}

/// A list of structs, or null.
pub(super) fn structs<'a, T>(
    items: Option<&'a [T]>,
    cells: impl Fn(&'a T) -> Vec<Cell<'a>>,
) -> Value<'a> {
    items.map_or(Value::Null, |items| {
        Value::Structs(items.iter().map(cells).collect())
    })
}
