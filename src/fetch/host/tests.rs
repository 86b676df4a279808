//! When requests to a host start, on a clock that stands still.

use super::*;

const SECOND: Duration = Duration::from_secs(1);
const MAX_WAIT: Duration = Duration::from_secs(30);

fn slots(count: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(count))
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn requests_start_an_interval_apart() {
    let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
    let mut starts = Vec::new();
    for _ in 0..4 {
        drop(host.permit(SECOND, MAX_WAIT, &slots).await.unwrap());
        starts.push(start.elapsed().as_secs());
    }
    assert_eq!(starts, [0, 1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn the_pace_holds_from_one_run_to_the_next() {
    let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
    host.note_last_request(Duration::from_millis(300)).await;
    let mut starts = Vec::new();
    for _ in 0..3 {
        drop(host.permit(SECOND, MAX_WAIT, &slots).await.unwrap());
        starts.push(start.elapsed().as_millis());
    }
    assert_eq!(starts, [700, 1700, 2700]);
}

#[tokio::test(start_paused = true)]
async fn the_pace_holds_where_another_worker_had_the_host_meanwhile() {
    let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
    drop(host.permit(SECOND, MAX_WAIT, &slots).await.unwrap());
    tokio::time::sleep(5 * SECOND).await;
    host.note_last_request(Duration::from_millis(300)).await;
    assert_eq!(host.wait(SECOND), Duration::from_millis(700));
    // What is older than what is known changes nothing.
    host.note_last_request(Duration::from_secs(3)).await;
    drop(host.permit(SECOND, MAX_WAIT, &slots).await.unwrap());
    assert_eq!(start.elapsed(), Duration::from_millis(5_700));
}

#[tokio::test(start_paused = true)]
async fn a_request_waits_for_the_one_before_to_end() {
    let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
    let first = host.permit(SECOND, MAX_WAIT, &slots).await.unwrap();
    let slow = async {
        tokio::time::sleep(5 * SECOND).await;
        drop(first);
    };
    let (second, ()) = tokio::join!(host.permit(SECOND, MAX_WAIT, &slots), slow);
    assert!(second.is_ok());
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_waited_for_takes_no_slot() {
    let (slow, fast, slots) = (Host::new("slow.test"), Host::new("fast.test"), slots(1));
    drop(slow.permit(60 * SECOND, MAX_WAIT, &slots).await.unwrap());
    let start = Instant::now();
    let waiting = slow.permit(60 * SECOND, MAX_WAIT, &slots);
    let other = async {
        drop(fast.permit(SECOND, MAX_WAIT, &slots).await.unwrap());
        start.elapsed()
    };
    let (_, waited) = tokio::join!(waiting, other);
    assert_eq!(waited, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_in_flight_than_there_are_slots() {
    let (a, b, slots, start) = (
        Host::new("a.test"),
        Host::new("b.test"),
        slots(1),
        Instant::now(),
    );
    let first = a.permit(SECOND, MAX_WAIT, &slots).await.unwrap();
    let slow = async {
        tokio::time::sleep(7 * SECOND).await;
        drop(first);
    };
    let (_, ()) = tokio::join!(b.permit(SECOND, MAX_WAIT, &slots), slow);
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_slower_pace_holds_at_once() {
    let (host, slots) = (Host::new("a.test"), slots(4));
    drop(host.permit(SECOND, MAX_WAIT, &slots).await.unwrap());
    let start = Instant::now();
    drop(host.permit(10 * SECOND, MAX_WAIT, &slots).await.unwrap());
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_asked_for_a_pause_is_waited_for() {
    let (host, slots, start) = (Host::new("a.test"), slots(4), Instant::now());
    let mut permit = host.permit(SECOND, MAX_WAIT, &slots).await.unwrap();
    permit.back_off(20 * SECOND, 429);
    drop(permit);
    drop(host.permit(SECOND, MAX_WAIT, &slots).await.unwrap());
    assert_eq!(start.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_long_pause_is_not_waited_for_until_its_end_is_near() {
    let (host, slots) = (Host::new("a.test"), slots(4));
    let mut permit = host.permit(SECOND, MAX_WAIT, &slots).await.unwrap();
    permit.back_off(600 * SECOND, 503);
    drop(permit);

    let error = host.permit(SECOND, MAX_WAIT, &slots).await.unwrap_err();
    assert!(matches!(
        &error,
        FetchErrorKind::BackingOff { host, status: 503, .. } if host == "a.test"
    ));
    assert_eq!(error.retry_after(), Some(600 * SECOND));

    tokio::time::advance(580 * SECOND).await;
    assert!(host.permit(SECOND, MAX_WAIT, &slots).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn ports_and_schemes_of_one_name_are_one_host() {
    let hosts = Hosts::new(10);
    let host = hosts.of(&url("http://a.test/x"));
    assert!(Arc::ptr_eq(
        &host,
        &hosts.of(&url("https://A.test.:8443/y"))
    ));
    assert!(!Arc::ptr_eq(&host, &hosts.of(&url("http://www.a.test/"))));
}

#[tokio::test(start_paused = true)]
async fn the_hosts_longest_idle_are_forgotten() {
    let hosts = Hosts::new(10);
    let in_use = hosts.of(&url("http://h0.test/"));
    for number in 0..100 {
        hosts.of(&url(&format!("http://h{number}.test/")));
        tokio::time::advance(SECOND).await;
    }
    let known = hosts.known.lock().unwrap();
    assert!(known.len() <= 10, "{}", known.len());
    assert!(known.contains_key("h99.test") && !known.contains_key("h1.test"));
    assert!(Arc::ptr_eq(&known["h0.test"].host, &in_use));
}
