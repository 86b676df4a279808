//! The page as blocks of text: which rule applies to each node ([`marks`]), what detectors find by the
//! structure of the page ([`structural`]), what readers do not see ([`hidden`]), where blocks begin and end
//! ([`blocks`], [`boxes`]), which words of a line belong to its sentences ([`lines`]), what a block is
//! ([`roles`]), markup around far too much ([`wrappers`]), and which tables hold data ([`tables`]).

pub mod blocks;
mod boxes;
mod cards;
mod controls;
mod counters;
mod hidden;
mod lines;
mod mail_fields;
pub mod marks;
mod roles;
mod segmenter;
mod signs;
pub mod structural;
mod tables;
mod teasers;
mod threads;
mod wrappers;
