//! The options of an extractor, as keyword arguments.

use std::time::Duration;

use newsprint::Limits;
use newsprint::article::{Role, RoleChoice};
use newsprint::extract::Options;
use pyo3::conversion::FromPyObjectOwned;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::NewsprintError;
use crate::worker::Worker;

/// The most bytes of a page, as for the command `newsprint extract`.
pub(crate) const MAX_BYTES: usize = 20 << 20;

/// The names of the options, and of the limits among them.
const OPTIONS: [&str; 10] = [
    "include",
    "markdown",
    "html",
    "blocks",
    "images",
    "links",
    "any_kind",
    "timeout",
    "max_bytes",
    "limits",
];

/// Fails if there are keywords of other names.
pub(crate) fn only(keywords: &Bound<'_, PyDict>, known: &[&str]) -> PyResult<()> {
    for name in keywords.keys() {
        let name: String = name.extract()?;
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            let text = format!("there is no option `{name}`; there are: {known}");
            return Err(PyTypeError::new_err(text));
        }
    }
    Ok(())
}

/// A keyword's value; nothing where it is `None` or not given.
pub(crate) fn value<'py, T>(keywords: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<T>>
where
    T: FromPyObjectOwned<'py>,
{
    let given = keywords.get_item(name)?.filter(|it| !it.is_none());
    let read = |it: Bound<'py, PyAny>| {
        it.extract::<T>()
            .map_err(|error| wrong(keywords.py(), name, &error.into()))
    };
    given.map(read).transpose()
}

/// The error of a value's type, with the option's name before it.
fn wrong(py: Python<'_>, name: &str, error: &PyErr) -> PyErr {
    PyTypeError::new_err(format!("`{name}`: {}", error.value(py)))
}

/// The worker that these options describe.
pub(crate) fn worker(keywords: &Bound<'_, PyDict>) -> PyResult<Worker> {
    only(keywords, &OPTIONS)?;
    let flag = |name| Ok::<bool, PyErr>(value(keywords, name)?.unwrap_or(false));
    let mut options = Options::default();
    options.include = roles(value(keywords, "include")?)?;
    options.markdown = flag("markdown")?;
    options.html = flag("html")?;
    options.blocks = flag("blocks")?;
    options.images = flag("images")?;
    options.links = flag("links")?;
    options.any_kind = flag("any_kind")?;
    let limits = limits(value(keywords, "limits")?)?;
    Ok(Worker {
        timeout: timeout(keywords, limits.read_time)?,
        max_bytes: value(keywords, "max_bytes")?.unwrap_or(MAX_BYTES),
        extractor: newsprint::Extractor::builder()
            .options(options)
            .limits(limits)
            .build(),
    })
}

/// The roles that make the text.
fn roles(names: Option<Vec<String>>) -> PyResult<Vec<Role>> {
    let choice = |name: &String| {
        RoleChoice::from_name(name).ok_or_else(|| {
            let known = Role::ALL.map(Role::name).join(", ");
            NewsprintError::new_err(format!(
                "`include`: there is no role `{name}`; there are: {known}; with + or - before it, a role is added \
                 to the usual ones or left out of them"
            ))
        })
    };
    let choices = names
        .unwrap_or_default()
        .iter()
        .map(choice)
        .collect::<PyResult<Vec<_>>>()?;
    Ok(RoleChoice::apply(&choices, &Role::DEFAULT))
}

/// The time for a page: what is given, nothing for `None`, or else the usual.
fn timeout(keywords: &Bound<'_, PyDict>, usual: Duration) -> PyResult<Option<Duration>> {
    let Some(given) = keywords.get_item("timeout")? else {
        return Ok(Some(usual));
    };
    if given.is_none() {
        return Ok(None);
    }
    let seconds: f64 = value(keywords, "timeout")?.unwrap_or_default();
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) => Ok(Some(time)),
        // Longer than a clock can say.
        Err(_) if seconds > 0.0 => Ok(None),
        Err(_) => Err(NewsprintError::new_err(
            "`timeout` is a number of seconds, zero or more; None sets no limit",
        )),
    }
}

/// The bounds on pages; those that are not given are the usual ones.
fn limits(given: Option<Bound<'_, PyDict>>) -> PyResult<Limits> {
    let mut limits = Limits::default();
    let Some(given) = given else {
        return Ok(limits);
    };
    let number = |name| value::<usize>(&given, name);
    let steps = value(&given, "parse_steps")?;
    limits.parse_steps = steps.unwrap_or(limits.parse_steps);
    let Limits {
        nesting,
        nodes,
        attributes,
        blocks,
        json_ld_bytes,
        json_ld_blocks,
        field_chars,
        list_items,
        ..
    } = &mut limits;
    let bounds = [
        ("nesting", nesting),
        ("nodes", nodes),
        ("attributes", attributes),
        ("blocks", blocks),
        ("json_ld_bytes", json_ld_bytes),
        ("json_ld_blocks", json_ld_blocks),
        ("field_chars", field_chars),
        ("list_items", list_items),
    ];
    let mut known = vec!["parse_steps"];
    for (name, bound) in bounds {
        *bound = number(name)?.unwrap_or(*bound);
        known.push(name);
    }
    only(&given, &known)?;
    Ok(limits)
}
