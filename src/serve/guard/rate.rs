//! How many requests a client may send. What causes requests to other sites is counted by itself; those have the pace of
//! their hosts besides.

use std::net::IpAddr;
use std::num::NonZeroU32;

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::serve::failure::Failure;
use crate::serve::guard::Peer;

/// Requests per second of one client, and at once.
const ALL: (u32, u32) = (1_000, 2_000);
/// The same for what fetches from elsewhere or changes something.
const COSTLY: (u32, u32) = (10, 50);
/// Clients that are remembered.
const CLIENTS: usize = 10_000;

type Limiter = RateLimiter<IpAddr, HashMapStateStore<IpAddr>, DefaultClock>;

/// The limits of all clients.
#[derive(Debug)]
pub(super) struct Rates {
    all: Limiter,
    costly: Limiter,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates {
            all: limiter(ALL),
            costly: limiter(COSTLY),
        }
    }
}

impl Rates {
    pub(super) fn check(&self, request: &Request) -> Result<(), Failure> {
        let peer = request.extensions().get::<Peer>();
        let ip = peer.map_or(IpAddr::from([127, 0, 0, 1]), |it| it.0.ip());
        take(&self.all, ip)?;
        if fetches(request) || super::writes(request) {
            take(&self.costly, ip)?;
        }
        Ok(())
    }
}

/// True for what causes requests to other sites.
pub(super) fn fetches(request: &Request) -> bool {
    let is_survey = *request.method() == Method::POST && request.uri().path() == "/add-source";
    request.uri().path() == "/api/fetch" || is_survey
}

fn limiter((per_second, burst): (u32, u32)) -> Limiter {
    let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::per_second(at_least_one(per_second)).allow_burst(at_least_one(burst));
    RateLimiter::hashmap(quota)
}

fn take(limiter: &Limiter, ip: IpAddr) -> Result<(), Failure> {
    if limiter.len() > CLIENTS {
        limiter.retain_recent();
    }
    let Err(not_until) = limiter.check_key(&ip) else {
        return Ok(());
    };
    let wait = not_until.wait_time_from(DefaultClock::default().now());
    let mut failure = Failure::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too many requests from this client; wait a little",
    );
    failure.retry_after = Some(wait.as_secs() + 1);
    Err(failure)
}
