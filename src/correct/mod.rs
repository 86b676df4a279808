//! Corrects how the pages of a site are read, by pointing at a block that was judged wrongly: proposes CSS selectors
//! for it ([`propose`]), measures on stored pages what each would change ([`Trial`]), writes the chosen one into the
//! host's file of rules with a case that holds it ([`Correction::apply`]), and takes that back ([`Undo`]).
//!
//! Nothing is extracted in a way of its own: pages are explained by [`crate::extract::explain`] and read again by
//! [`crate::crawl::preview`].

mod case_file;
mod css;
mod effects;
mod error;
mod names;
mod proposals;
mod rules_file;
mod write;

pub use effects::{Effect, Trial};
pub use error::CorrectError;
pub use names::Doubt;
pub use proposals::{KEYS, MOST, Proposal, propose, usual_key};
pub use write::{Applied, Correction, Undo};
