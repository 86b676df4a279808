//! The page as blocks of text: which rule applies to each node ([`marks`]), what detectors find by the
//! structure of the page ([`structural`]), where blocks begin and end ([`blocks`]), and which tables hold
//! data ([`tables`]).

pub mod blocks;
mod controls;
mod counters;
mod mail_fields;
pub mod marks;
pub mod structural;
mod tables;
mod teasers;
mod threads;
