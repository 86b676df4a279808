//! What the frontier decides, as functions of values: when to ask again ([`schedule`]), which answers
//! are final ([`finality`]), when an archive is asked for a copy of what is gone ([`copies`]), what the end of a visit means for its address ([`settle`]) and its host
//! ([`host`]), which addresses are taken in ([`intake`]) and which go first ([`queue`]), which patterns
//! of address are traps ([`traps`]), how what is known of sources follows the settings ([`sources`],
//! [`limits`]), and what becomes of times that a wrong clock has left ([`clock`]). No database and no
//! clock; a storage implementation reads the values, asks here, and writes the result.

pub(crate) mod clock;
pub(crate) mod copies;
pub(crate) mod finality;
pub(crate) mod host;
pub(crate) mod intake;
pub(crate) mod limits;
pub(crate) mod queue;
pub(crate) mod schedule;
pub(crate) mod settle;
pub(crate) mod sources;
pub(crate) mod takeover;
pub(crate) mod traps;
