//! Appending: what several requests have sent becomes rows, leaves and nodes at the frontier, in one transaction.

use super::ask::{both, change, rows};
use super::frontier::Frontier;
use super::rows::by_ids;
use super::trouble::Trouble;
use super::{audit, showings};
use crate::history::Bound;
use crate::history::canonical::VERSION;
use crate::history::tree::leaf;
use crate::secrets::random;
use crate::store::StoreError;
use crate::store::kept::{Appended, Entry, NewEntry};
use deadpool_postgres::GenericClient;
use heritage::{RouteId, SiteId, StationId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What became of each request.
pub type Became = Vec<Result<Vec<Appended>, StoreError>>;

/// Appends what each request has sent, in the order given. A request that names nobody fails alone.
///
/// The frontier is held until the commit, so nobody else has put one of these ids in between.
pub async fn append(
    step: &impl GenericClient,
    frontier: &mut Frontier,
    requests: &[&[NewEntry]],
) -> Result<Became, Trouble> {
    let all = || requests.iter().copied().flatten();
    let ids: Vec<Uuid> = all().map(|entry| entry.id).collect();
    let people: Vec<Uuid> = all().flat_map(|entry| [entry.subject, entry.author]).collect();
    let (mut there, units) = both(by_ids(step, &ids), units_of(step, &people)).await?;
    let (mut new, mut became) = (Vec::new(), Vec::new());
    for request in requests {
        let is_known = |entry: &NewEntry| units.contains_key(&entry.subject) && units.contains_key(&entry.author);
        if !request.iter().all(is_known) {
            became.push(Err(StoreError::Refused("an entry is about or by nobody".to_owned())));
            continue;
        }
        let place = |entry: &NewEntry| match there.get(&entry.id) {
            Some(first) if first.said.is_same_as(entry) => Appended::Duplicate(first.seq),
            Some(_) => Appended::Conflict,
            None => {
                frontier.seq += 1;
                let placed = Entry { seq: frontier.seq, said: entry.clone() };
                new.push(placed.clone());
                there.insert(entry.id, placed);
                Appended::Stored(frontier.seq)
            }
        };
        became.push(Ok(request.iter().map(place).collect()));
    }
    let of_desk = |entry: &Entry| audit::of_entry(&entry.said, *units.get(&entry.said.subject)?);
    let audits: Vec<_> = new.iter().filter_map(of_desk).collect();
    both(keep(step, &new), extend(step, frontier, &new)).await?;
    showings::add(step, &new).await?;
    audit::add(step, frontier, &audits).await?;
    Ok(became)
}

/// To which unit each of these people belongs.
async fn units_of(client: &impl GenericClient, people: &[Uuid]) -> Result<BTreeMap<Uuid, Uuid>, Trouble> {
    let found = rows(client, "SELECT id, unit FROM person WHERE id = ANY ($1)", &[&people]).await?;
    found.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

async fn keep(step: &impl GenericClient, entries: &[Entry]) -> Result<(), Trouble> {
    if entries.is_empty() {
        return Ok(());
    }
    let said = || entries.iter().map(|entry| &entry.said);
    let ids: Vec<Uuid> = said().map(|entry| entry.id).collect();
    let seqs: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
    let kinds: Vec<&str> = said().map(|entry| entry.kind.code()).collect();
    let subjects: Vec<Uuid> = said().map(|entry| entry.subject).collect();
    let authors: Vec<Uuid> = said().map(|entry| entry.author).collect();
    let sites: Vec<Option<&str>> = said().map(|entry| entry.site.as_ref().map(SiteId::as_str)).collect();
    let routes: Vec<Option<&str>> = said().map(|entry| entry.route.as_ref().map(RouteId::as_str)).collect();
    let stations: Vec<Option<&str>> = said().map(|entry| entry.station.as_ref().map(StationId::as_str)).collect();
    let devices: Vec<Option<Uuid>> = said().map(|entry| entry.device).collect();
    let captured: Vec<i64> = said().map(|entry| entry.captured_at_ms).collect();
    let received: Vec<i64> = said().map(|entry| entry.received_at_ms).collect();
    let bodies: Vec<&str> = said().map(|entry| entry.body.as_str()).collect();
    let sql = "INSERT INTO event (id, seq, kind, subject, author, site, route, station, device, captured_at_ms, \
               received_at_ms, body) SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::uuid[], \
               $6::text[], $7::text[], $8::text[], $9::uuid[], $10::bigint[], $11::bigint[], $12::text[])";
    change(
        step,
        sql,
        &[
            &ids, &seqs, &kinds, &subjects, &authors, &sites, &routes, &stations, &devices, &captured, &received,
            &bodies,
        ],
    )
    .await?;
    Ok(())
}

/// Gives entries their salts and leaves, and writes every kept hash that these complete.
async fn extend(step: &impl GenericClient, frontier: &mut Frontier, entries: &[Entry]) -> Result<(), Trouble> {
    if entries.is_empty() {
        return Ok(());
    }
    let (mut seqs, mut salts, mut places, mut hashes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut levels, mut nodes, mut above) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        let salt = random::<32>();
        let hash = leaf(&salt, &Bound::of(entry.seq, &entry.said).bytes());
        seqs.push(entry.seq);
        salts.push(salt.to_vec());
        places.push(signed(frontier.tree.size())?);
        hashes.push(hash.to_vec());
        for (level, place, hash) in frontier.tree.push(hash) {
            levels.push(i64::from(level));
            nodes.push(signed(place)?);
            above.push(hash.to_vec());
        }
    }
    let salted = "INSERT INTO salt (seq, salt) SELECT * FROM unnest($1::bigint[], $2::bytea[])";
    let leaves = "INSERT INTO leaf (place, seq, version, hash) SELECT place, seq, $4, hash \
                  FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS new (place, seq, hash)";
    let complete =
        "INSERT INTO node (level, place, hash) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])";
    tokio::try_join!(async { change(step, salted, &[&seqs, &salts]).await }, async {
        change(step, leaves, &[&places, &seqs, &hashes, &VERSION]).await
    },)?;
    if !levels.is_empty() {
        change(step, complete, &[&levels, &nodes, &above]).await?;
    }
    Ok(())
}

fn signed(number: u64) -> Result<i64, Trouble> {
    Ok(i64::try_from(number).map_err(|_| StoreError::broken_tree())?)
}
