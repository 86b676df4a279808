//! The page as blocks of text: which rule applies to each node ([`marks`]), where one block ends and
//! the next begins ([`blocks`]), and which tables hold data ([`tables`]).

pub mod blocks;
pub mod marks;
mod tables;
