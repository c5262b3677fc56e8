use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, sync_channel};

use rayon::ScopeFifo;

use super::status::Failure;
use super::{Fault, guarded};

/// Jobs begun and not yet taken for each thread: enough that none waits for the writer, few enough to hold at once.
const JOBS_PER_THREAD: usize = 4;

/// Jobs that run on all threads and are taken in the order in which they were begun; only a few are held at once.
pub(super) struct Pipeline<'scope, 'env, T> {
    scope: &'scope ScopeFifo<'env>,
    begun: VecDeque<Receiver<Result<T, Fault>>>,
    limit: usize,
}

/// Makes a pipeline for the time that `work` takes.
pub(super) fn pipeline<'env, T: Send + 'env, R>(work: impl FnOnce(&mut Pipeline<'_, 'env, T>) -> R) -> R {
    rayon::in_place_scope_fifo(|scope| {
        let limit = rayon::current_num_threads() * JOBS_PER_THREAD;
        work(&mut Pipeline { scope, begun: VecDeque::new(), limit })
    })
}

impl<'env, T: Send + 'env> Pipeline<'_, 'env, T> {
    /// Begins a job; when the pipeline is full, the oldest one is waited for and given first.
    pub fn begin(&mut self, job: impl FnOnce() -> T + Send + 'env) -> Option<Result<T, Fault>> {
        let oldest = if self.begun.len() >= self.limit { self.take() } else { None };
        let (result, receiver) = sync_channel(1);
        self.begun.push_back(receiver);
        self.scope.spawn_fifo(move |_| {
            // Nobody takes the result of a run that was broken off.
            let _ = result.send(guarded(job));
        });
        oldest
    }

    /// Waits for the oldest job; `None` when there is none.
    pub fn take(&mut self) -> Option<Result<T, Fault>> {
        let oldest = self.begun.pop_front()?;
        Some(oldest.recv().unwrap_or_else(|_| Err(Fault("a thread has ended".to_string()))))
    }
}

/// Does the work for each item on all threads and takes the results in the order of the items, until taking one fails.
pub(super) fn in_order<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
    mut take: impl FnMut(&I, Result<T, Fault>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let work = &work;
    let mut taken = items.iter();
    let mut take = |result| taken.next().map_or(Ok(()), |item| take(item, result));
    pipeline(|pipeline| {
        for item in items {
            if let Some(result) = pipeline.begin(move || work(item)) {
                take(result)?;
            }
        }
        while let Some(result) = pipeline.take() {
            take(result)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_and_few_are_held() {
        let (held, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut taken = Vec::new();
        let items: Vec<u64> = (0..500).collect();
        let work = |item: &u64| {
            most.fetch_max(held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            // The first of each seven takes longest.
            std::thread::sleep(Duration::from_micros(if item.is_multiple_of(7) { 900 } else { 10 }));
            item * 2
        };
        in_order(&items, work, |item, result| {
            held.fetch_sub(1, Ordering::SeqCst);
            taken.push((*item, result.unwrap()));
            Ok(())
        })
        .unwrap();
        assert_eq!(taken, items.iter().map(|item| (*item, item * 2)).collect::<Vec<_>>());
        // One more than the limit: the next job begins while the result that made room for it is being taken.
        let limit = rayon::current_num_threads() * JOBS_PER_THREAD + 1;
        assert!(most.load(Ordering::SeqCst) <= limit, "{most:?} of {limit}");
    }

    #[test]
    fn a_panic_costs_one_item() {
        let mut taken = Vec::new();
        let work = |item: &u8| {
            assert!(*item != 3, "a test's panic");
            *item
        };
        in_order(&[1, 2, 3, 4], work, |item, result| {
            taken.push((*item, result.ok()));
            Ok(())
        })
        .unwrap();
        assert_eq!(taken, [(1, Some(1)), (2, Some(2)), (3, None), (4, Some(4))]);
    }

    #[test]
    fn a_failure_ends_the_run() {
        let begun = AtomicUsize::new(0);
        let items = vec![(); 1000];
        let mut taken = 0;
        let work = |(): &()| begun.fetch_add(1, Ordering::SeqCst);
        let failed = in_order(&items, work, |(), _| {
            taken += 1;
            if taken == 5 { Err(Failure::Usage("enough".to_string())) } else { Ok(()) }
        });
        assert!(failed.is_err());
        assert_eq!(taken, 5);
        assert!(begun.load(Ordering::SeqCst) <= rayon::current_num_threads() * JOBS_PER_THREAD + 5);
    }
}
