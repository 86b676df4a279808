//! What the frontier decides, as functions of values: when to ask again ([`schedule`]), what the end
//! of a visit means for its address and its host ([`settle`]), which addresses are taken in
//! ([`intake`]), which patterns of address are traps ([`traps`]), how what is known of sources follows the settings
//! ([`sources`], [`limits`]), and what becomes of times that a wrong clock has left ([`clock`]). No
//! database and no clock; a storage implementation reads the values, asks here, and writes the result.

pub(crate) mod clock;
pub(crate) mod intake;
pub(crate) mod limits;
pub(crate) mod schedule;
pub(crate) mod settle;
pub(crate) mod sources;
pub(crate) mod traps;
