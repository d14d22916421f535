//! Writers that go on whatever happens to the database, as devices do: what was not answered as stored is sent again.

use super::store::answer_of;
use checkpoint::store::{Appended, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Writers under way.
pub struct Load {
    acked: Arc<Mutex<Vec<Uuid>>>,
    /// Answers that were none: away, or not known.
    failed: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    writers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Lets `count` of them begin.
    pub fn begin(runtime: &Runtime, store: &Arc<dyn Store>, person: Uuid, count: usize) -> Self {
        let (acked, failed, stop) = (Arc::default(), Arc::default(), Arc::default());
        let mut load = Self { acked, failed, stop, writers: Vec::new() };
        for _ in 0..count {
            let (acked, failed, stop) = (Arc::clone(&load.acked), Arc::clone(&load.failed), Arc::clone(&load.stop));
            let store = Arc::clone(store);
            load.writers.push(runtime.spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let said = answer_of(person, "{}");
                    loop {
                        match store.append(vec![said.clone()]).await {
                            Ok(became) => {
                                let is_there = matches!(became[..], [Appended::Stored(_) | Appended::Duplicate(_)]);
                                assert!(is_there, "{became:?}");
                                break acked.lock().expect("whole").push(said.id);
                            }
                            Err(StoreError::Away(_) | StoreError::Unclear(_)) => failed.fetch_add(1, Ordering::SeqCst),
                            Err(other) => panic!("{other}"),
                        };
                    }
                }
            }));
        }
        load
    }

    /// Waits until this many more have been answered as stored.
    pub fn wait_for(&self, more: usize) {
        let goal = self.count() + more;
        while self.count() < goal {
            assert!(!self.writers.iter().any(JoinHandle::is_finished), "a writer has given up");
            std::thread::yield_now();
        }
    }

    fn count(&self) -> usize {
        self.acked.lock().expect("whole").len()
    }

    /// Ends the writers, and holds what they were told to what the store has. Tells how many were stored and how many
    /// answers were none.
    pub fn end(self, runtime: &Runtime, store: &Arc<dyn Store>, person: Uuid) -> (usize, usize) {
        self.stop.store(true, Ordering::SeqCst);
        for writer in self.writers {
            runtime.block_on(writer).expect("a writer ends");
        }
        let acked = self.acked.lock().expect("whole").clone();
        let log = runtime.block_on(store.log_of(person)).expect("read");
        let mut times = BTreeMap::<Uuid, usize>::new();
        for entry in &log {
            *times.entry(entry.said.id).or_default() += 1;
        }
        assert!(times.values().all(|times| *times == 1), "each once");
        let distinct: BTreeSet<Uuid> = acked.iter().copied().collect();
        assert_eq!(distinct.len(), acked.len());
        let missing = acked.iter().filter(|id| !times.contains_key(id)).count();
        assert_eq!((missing, log.len()), (0, acked.len()), "what was answered as stored is there, and nothing else");
        (acked.len(), self.failed.load(Ordering::SeqCst))
    }
}
