//! Which of a host's pages go first: what a feed or a front page has just named, before a backlog, and
//! before what is tried or fetched again. Each queue has a share, so that none starves where fewer
//! pages are fetched than are found.

/// Pages that are due at a host, each queue in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Queues<T> {
    /// Never visited, and named by a feed or a link a short while ago.
    pub(crate) fresh: Vec<T>,
    /// Never visited, and named longer ago or by a sitemap.
    pub(crate) backlog: Vec<T>,
    /// Pages that failed.
    pub(crate) retries: Vec<T>,
    /// Articles that are looked at again.
    pub(crate) refetches: Vec<T>,
}

impl<T> Default for Queues<T> {
    fn default() -> Queues<T> {
        Queues {
            fresh: Vec::new(),
            backlog: Vec::new(),
            retries: Vec::new(),
            refetches: Vec::new(),
        }
    }
}

impl<T> Queues<T> {
    /// The first `batch` pages: fresh ones as long as there are any, but for an eighth that the backlog
    /// has and a sixteenth each for retries and refetches.
    pub(crate) fn first(self, batch: usize) -> Vec<T> {
        let shares = [batch, batch / 8, batch / 16, batch / 16];
        let queues = [self.fresh, self.backlog, self.retries, self.refetches];
        let lengths = [0, 1, 2, 3].map(|at: usize| queues[at].len());
        let mut taken = [0; 4];
        let mut left = batch;
        // The shares of all but the fresh ones, then whatever is left, in order.
        for at in [1, 2, 3] {
            taken[at] = lengths[at].min(shares[at].max(1)).min(left);
            left -= taken[at];
        }
        for at in [0, 1, 2, 3] {
            let more = (lengths[at] - taken[at]).min(left);
            taken[at] += more;
            left -= more;
        }
        let first = queues.into_iter().zip(taken);
        first
            .flat_map(|(queue, taken)| queue.into_iter().take(taken))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(fresh: usize, backlog: usize, retries: usize, refetches: usize) -> String {
        let queue = |name: char, count| vec![name; count];
        let queues = Queues {
            fresh: queue('f', fresh),
            backlog: queue('b', backlog),
            retries: queue('r', retries),
            refetches: queue('a', refetches),
        };
        queues.first(16).into_iter().collect()
    }

    #[test]
    fn fresh_pages_go_first_and_no_queue_starves() {
        assert_eq!(first(90, 90, 90, 90), "ffffffffffffbbra");
        assert_eq!(first(3, 90, 0, 0), "fffbbbbbbbbbbbbb");
        assert_eq!(first(90, 0, 0, 0), "f".repeat(16));
        assert_eq!(first(1, 1, 90, 1), "fbrrrrrrrrrrrrra");
        assert_eq!(first(0, 0, 0, 0), "");
    }

    #[test]
    fn a_small_batch_is_never_exceeded() {
        let queues = Queues {
            fresh: vec![0; 9],
            backlog: vec![1; 9],
            retries: vec![2; 9],
            refetches: vec![3; 9],
        };
        assert_eq!(queues.first(2), [1, 2]);
    }
}
