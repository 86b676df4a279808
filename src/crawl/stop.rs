//! The way to end a crawl early: a switch in the hands of the caller, and what it switches.

use tokio::sync::watch;

/// Ends the crawl that holds the matching [`Stop`]. Dropping it without [`Switch::stop`] changes
/// nothing: the crawl runs to its end.
#[derive(Debug)]
pub struct Switch(watch::Sender<bool>);

/// Tells a crawl when to end. Clones share one switch.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A switch and what it switches.
pub fn stop() -> (Switch, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Switch(sender), Stop(receiver))
}

impl Switch {
    /// Asks the crawl to end: it finishes what is in flight and begins nothing new.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// One that is never switched.
    pub fn never() -> Stop {
        stop().1
    }

    /// Comes back once the switch is thrown; never, if it is gone without that.
    pub async fn stopped(&mut self) {
        if self.0.wait_for(|stopped| *stopped).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
