//! The page as blocks of text: which rule applies to each node ([`marks`]), where blocks begin and end
//! ([`blocks`]), and which tables hold data ([`tables`]).

pub mod blocks;
pub mod marks;
mod tables;
mod teasers;
