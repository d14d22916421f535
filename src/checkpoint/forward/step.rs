//! One step of forwarding to one store: at most a hundred statements, and what became of them written down.

use super::send::{Break, Item, Sent, deliver, isolate};
use super::{Line, Standing, Target, Why};
use crate::clock::{DAY_MS, HOUR_MS, SECOND_MS};
use crate::house::App;
use crate::secrets::random;
use crate::store::forwards::{Refusal, Settled};
use crate::store::{Entry, StoreError};
use crate::xapi::record::{Logs, Record, is_told};
use serde_json::Value;
use std::sync::Arc;

/// Statements that are sent together.
const MOST_STATEMENTS: u32 = 100;
/// Bytes of statements that are sent together, unless one alone is longer.
const MOST_BYTES: usize = 1 << 20;
/// Statements that may be held; with more, the fault is hardly in each of them.
const MOST_HELD: i64 = 500;
/// Troubles of the store's own at one place, after which statements are sent singly: with the waits between them, two and a
/// half minutes.
const MOST_TRIES: u32 = 5;
/// The first wait after a trouble; it doubles up to an hour.
const FIRST_WAIT_MS: i64 = 5 * SECOND_MS;

/// What comes after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another, at once.
    More,
    /// Everything is settled for now.
    Rest,
    /// Nothing for so many milliseconds.
    Wait(i64),
    /// Nothing until somebody says so.
    Stopped,
}

/// Takes one step. Which of them there were before does not matter: what is not written down is done again.
pub async fn step(app: &App, line: &Arc<Line>) -> Next {
    if line.target().renew().await {
        tracing::info!(store = line.target().name, "the secret was read anew");
        line.set(|state| {
            if matches!(state.standing, Standing::Stopped(Why::TurnedAway(..))) {
                state.standing = Standing::Running;
            }
        });
    }
    match line.state().standing {
        Standing::Stopped(_) => return Next::Stopped,
        Standing::Waiting(until_ms, _) if until_ms > app.now_ms() => return Next::Wait(until_ms - app.now_ms()),
        Standing::Running | Standing::Waiting(..) => {}
    }
    match taken(app, line).await {
        Ok(next) => {
            line.set(|state| {
                state.in_a_row = 0;
                state.tried = 0;
                state.standing = Standing::Running;
            });
            next
        }
        Err(broke) => broken(app, line, broke),
    }
}

/// Notes a trouble and how long it is waited for.
fn broken(app: &App, line: &Line, broke: Break) -> Next {
    line.failures.count();
    let name = &*line.target().name;
    match broke {
        Break::Stop(why) => {
            tracing::error!(store = name, why = why.code(), "forwarding has stopped");
            line.set(|state| state.standing = Standing::Stopped(why));
            Next::Stopped
        }
        Break::Wait(why, asked_ms) => {
            let wait_ms = wait_ms(line.state().in_a_row).max(asked_ms.unwrap_or_default().min(DAY_MS));
            tracing::warn!(store = name, why = why.code(), wait_ms, "forwarding waits");
            line.set(|state| {
                state.in_a_row = state.in_a_row.saturating_add(1);
                state.tried += u32::from(matches!(why, Why::Trouble(500..=599, _)));
                state.standing = Standing::Waiting(app.now_ms().saturating_add(wait_ms), why);
            });
            Next::Wait(wait_ms)
        }
    }
}

/// Longer after each trouble, and a fifth more or less, so that many who wait do not come back at one moment.
fn wait_ms(in_a_row: u32) -> i64 {
    let wait_ms = FIRST_WAIT_MS.saturating_mul(1 << in_a_row.min(16)).min(HOUR_MS);
    let [dice] = random::<1>();
    wait_ms * 4 / 5 + wait_ms * 2 / 5 * i64::from(dice) / 255
}

fn own(error: StoreError) -> Break {
    Break::Wait(Why::Store(error), None)
}

async fn taken(app: &App, line: &Line) -> Result<Next, Break> {
    if again(app, line).await? {
        return Ok(Next::More);
    }
    let from = match line.state().seq {
        Some(seq) => seq,
        None => place(app, line).await?,
    };
    let (target, state) = (line.target(), line.state());
    // To see whether a statement alone is at fault, others are needed beside it.
    let together = state.together.filter(|_| state.tried < MOST_TRIES);
    let most = together.unwrap_or(MOST_STATEMENTS);
    let run = app.store.log_after(target.unit, from, most).await.map_err(own)?;
    let Told { items, untold, left_at } = told(app, target, &run.entries).await.map_err(own)?;
    // What is too long for one request stays for the next.
    let upto = left_at.map_or(run.reached, |seq| seq - 1);
    if upto == from {
        return Ok(Next::Rest);
    }
    let Sent { done, mut refused, broke, together } = sent(app, line, &items).await;
    line.set(|state| state.together = broke.as_ref().and_then(|_| u32::try_from(together).ok()));
    let upto = items.get(done).map_or(upto, |next| next.seq - 1);
    let delivered = i64::try_from(done - refused.len()).unwrap_or_default();
    refused.extend(untold.into_iter().filter(|each| each.seq <= upto));
    if upto > from {
        let is_held = !refused.is_empty();
        let settled = Settled { from, upto, delivered, refused, at_ms: app.now_ms() };
        let is_ours = app.store.settle_forward(target.name.clone(), settled).await.map_err(own)?;
        // Read anew where another service that forwards as well has come further, and to see how much is held.
        line.set(|state| {
            state.seq = (is_ours && !is_held).then_some(upto);
            state.tried = 0;
        });
    }
    match broke {
        Some(broke) => Err(broke),
        None if run.has_more || left_at.is_some() || done < items.len() => Ok(Next::More),
        None => Ok(Next::Rest),
    }
}

/// Sends statements together, or singly where the store has had too much trouble of its own at this place.
async fn sent(app: &App, line: &Line, items: &[Item]) -> Sent {
    if line.state().tried < MOST_TRIES {
        return deliver(&app.outside, line.target(), items).await;
    }
    isolate(&app.outside, line.target(), items).await
}

/// The place in the log; it is not gone on from where too much is held.
async fn place(app: &App, line: &Line) -> Result<i64, Break> {
    let all = app.store.forwards().await.map_err(own)?;
    let own_line = all.into_iter().find(|forward| forward.name == line.target().name);
    let Some(forward) = own_line else { return Ok(0) };
    if forward.held >= MOST_HELD {
        return Err(Break::Stop(Why::TooMuchHeld(forward.held)));
    }
    line.set(|state| state.seq = Some(forward.seq));
    Ok(forward.seq)
}

/// Tries what an admin wants tried again; whether there was something.
async fn again(app: &App, line: &Line) -> Result<bool, Break> {
    let target = line.target();
    let entries = app.store.held_again(target.name.clone(), MOST_STATEMENTS).await.map_err(own)?;
    if entries.is_empty() {
        return Ok(false);
    }
    let Told { items, untold, .. } = told(app, target, &entries).await.map_err(own)?;
    let Sent { mut done, mut refused, mut broke, .. } = sent(app, line, &items).await;
    if line.state().tried >= MOST_TRIES
        && let Some(Break::Wait(Why::Trouble(status @ 500..=599, words), _)) = &broke
        && let Some(item) = items.get(done)
    {
        // It is held already, and stays so: nothing else waits for it.
        refused.push(Refusal { seq: item.seq, status: *status, words: words.clone() });
        (done, broke) = (done + 1, None);
    }
    let settled = items.iter().take(done).map(|item| item.seq);
    let delivered = settled.filter(|seq| refused.iter().all(|each| each.seq != *seq)).collect();
    refused.extend(untold);
    app.store.settle_again(target.name.clone(), delivered, refused, app.now_ms()).await.map_err(own)?;
    broke.map_or(Ok(true), Err)
}

/// Entries as statements.
struct Told {
    items: Vec<Item>,
    /// Entries that ought to be statements and cannot be told, as those of a site that was closed.
    untold: Vec<Refusal>,
    /// The first that is left, where one request is full before.
    left_at: Option<i64>,
}

async fn told(app: &App, target: &Target, entries: &[Entry]) -> Result<Told, StoreError> {
    let base = app.settings.origin.as_ref().map(ToString::to_string).unwrap_or_default();
    let record = Record { courses: &app.courses, base: &base, edition: target.edition };
    let mut told = Told { items: Vec::new(), untold: Vec::new(), left_at: None };
    let (mut bytes, mut logs) = (0, Logs::default());
    for entry in entries.iter().filter(|entry| is_told(entry.said.kind)) {
        let log = logs.of(&*app.store, entry).await?;
        let Some(mut statement) = record.statement(entry, log) else {
            told.untold.push(Refusal { seq: entry.seq, status: 0, words: String::new() });
            continue;
        };
        if let Value::Object(said) = &mut statement {
            // Whoever takes it in vouches for it by whom they let in.
            said.remove("authority");
        }
        bytes += statement.to_string().len();
        if bytes > MOST_BYTES && !told.items.is_empty() {
            told.left_at = Some(entry.seq);
            break;
        }
        told.items.push(Item { seq: entry.seq, id: entry.said.id, statement });
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_differ() {
        for (in_a_row, about_ms) in [(0, 5_000), (1, 10_000), (5, 160_000), (10, HOUR_MS), (u32::MAX, HOUR_MS)] {
            for _ in 0..200 {
                let wait_ms = wait_ms(in_a_row);
                assert!((about_ms * 4 / 5..=about_ms * 6 / 5).contains(&wait_ms), "{in_a_row}: {wait_ms}");
            }
        }
        assert!((0..200).map(|_| wait_ms(10)).collect::<std::collections::BTreeSet<_>>().len() > 10);
    }
}
