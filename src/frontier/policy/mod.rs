//! What the frontier decides, as functions of values: when to ask again ([`schedule`]), what the end
//! of a visit means for its address and its host ([`settle`]), which addresses are taken in
//! ([`intake`]), and which patterns of address are traps ([`traps`]). No database and no clock; a
//! storage implementation reads the values, asks here, and writes the result.

pub(crate) mod intake;
pub(crate) mod schedule;
pub(crate) mod settle;
pub(crate) mod traps;
