//! Work that takes longer than a page: it shows its progress, goes on when nobody looks, and can be stopped.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// Jobs at once…
const RUNNING: usize = 4;
/// …and those that are kept with their results.
const KEPT: usize = 50;

/// The jobs of this process.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Mutex<(u64, BTreeMap<u64, Arc<Job>>)>);

/// One job.
#[derive(Debug)]
pub(crate) struct Job {
    /// Its number.
    pub(crate) id: u64,
    /// What it does, in a few words.
    pub(crate) title: String,
    state: Mutex<JobState>,
    stop: CancellationToken,
}

/// How far a job is.
#[derive(Debug, Clone)]
pub(crate) enum JobState {
    /// Under way.
    Running(JobProgress),
    /// Done.
    Done(Finished),
    /// It could not be done: one sentence, with what to do.
    Failed(String),
}

/// What is said of a job under way.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobProgress {
    /// Steps done.
    pub(crate) done: u64,
    /// Steps in all, where that is known.
    pub(crate) total: Option<u64>,
    /// What it is at, in a few words.
    pub(crate) note: String,
}

/// What came of a job.
#[derive(Debug, Clone)]
pub(crate) struct Finished {
    /// The address of the page that shows it.
    pub(crate) see: String,
    /// What that page needs.
    pub(crate) value: Arc<dyn Any + Send + Sync>,
}

impl Jobs {
    /// Starts a job, unless too many are under way. The work gets the job, to report its progress and to stop in time.
    pub(crate) fn start<W>(
        &self,
        title: impl Into<String>,
        work: impl FnOnce(Arc<Job>) -> W,
    ) -> Option<u64>
    where
        W: Future<Output = Result<Finished, String>> + Send + 'static,
    {
        let job = self.add(title.into())?;
        let (id, work) = (job.id, work(Arc::clone(&job)));
        // In a task of its own, so that a panic is seen.
        let running = tokio::spawn(work);
        tokio::spawn(async move {
            let ended = match running.await {
                Ok(Ok(finished)) => JobState::Done(finished),
                Ok(Err(reason)) => JobState::Failed(reason),
                Err(_) => JobState::Failed("a fault of newsprint; please report it".to_owned()),
            };
            *job.state() = ended;
        });
        Some(id)
    }

    /// The job of this number.
    pub(crate) fn get(&self, id: u64) -> Option<Arc<Job>> {
        self.all().1.get(&id).cloned()
    }

    /// What came of a job, where it is done and gave a value of this type.
    pub(crate) fn value<T: Any + Send + Sync>(&self, id: u64) -> Option<Arc<T>> {
        match self.get(id)?.now() {
            JobState::Done(finished) => finished.value.downcast().ok(),
            _ => None,
        }
    }

    /// Stops all.
    pub(super) fn stop_all(&self) {
        self.all().1.values().for_each(|it| it.stop.cancel());
    }

    fn add(&self, title: String) -> Option<Arc<Job>> {
        let mut jobs = self.all();
        let (last, kept) = &mut *jobs;
        let running = kept.values().filter(|it| it.is_running()).count();
        if running >= RUNNING {
            return None;
        }
        while kept.len() >= KEPT {
            let oldest = kept.values().find(|it| !it.is_running()).map(|it| it.id);
            kept.remove(&oldest?);
        }
        *last += 1;
        let job = Arc::new(Job {
            id: *last,
            title,
            state: Mutex::new(JobState::Running(JobProgress::default())),
            stop: CancellationToken::new(),
        });
        kept.insert(*last, Arc::clone(&job));
        Some(job)
    }

    fn all(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Arc<Job>>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    /// Reports how far it is.
    pub(crate) fn report(&self, progress: JobProgress) {
        let mut state = self.state();
        if let JobState::Running(before) = &mut *state {
            *before = progress;
        }
    }

    /// How far it is.
    pub(crate) fn now(&self) -> JobState {
        self.state().clone()
    }

    /// True until it has ended.
    pub(crate) fn is_running(&self) -> bool {
        matches!(&*self.state(), JobState::Running(_))
    }

    /// Is cancelled when somebody stops it.
    pub(crate) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    fn state(&self) -> MutexGuard<'_, JobState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ended(jobs: &Jobs, id: u64) -> JobState {
        let job = jobs.get(id).unwrap();
        while job.is_running() {
            tokio::task::yield_now().await;
        }
        job.now()
    }

    #[tokio::test]
    async fn a_job_ends_with_a_value_a_reason_or_a_fault() {
        let jobs = Jobs::default();
        let value = |_| async {
            Ok(Finished {
                see: "/".to_owned(),
                value: Arc::new(7_u8),
            })
        };
        let done = jobs.start("counts", value).unwrap();
        assert!(matches!(ended(&jobs, done).await, JobState::Done(_)));
        assert_eq!(jobs.value::<u8>(done).as_deref(), Some(&7));
        assert_eq!(jobs.value::<String>(done), None);
        let failed = jobs
            .start("fails", |_| async { Err("no".to_owned()) })
            .unwrap();
        assert!(matches!(ended(&jobs, failed).await, JobState::Failed(it) if it == "no"));
        let faulty = jobs
            .start("panics", |_| async { panic!("on purpose") })
            .unwrap();
        assert!(matches!(ended(&jobs, faulty).await, JobState::Failed(_)));
    }

    #[tokio::test]
    async fn so_many_run_at_once_and_so_many_are_kept() {
        let jobs = Jobs::default();
        let wait = |job: Arc<Job>| async move {
            job.stop().cancelled().await;
            Err("stopped".to_owned())
        };
        let ids: Vec<u64> = (0..RUNNING)
            .map(|_| jobs.start("waits", wait).unwrap())
            .collect();
        assert_eq!(jobs.start("one too many", wait), None);
        jobs.stop_all();
        for id in ids {
            ended(&jobs, id).await;
        }
        for _ in 0..KEPT {
            let id = jobs
                .start("fails", |_| async { Err(String::new()) })
                .unwrap();
            ended(&jobs, id).await;
        }
        assert_eq!(jobs.all().1.len(), KEPT);
        assert!(jobs.get(1).is_none());
    }
}
