//! A server as one end of a move.

use super::{Cell, Holds, PAGE, Piece, Receiver, Sender, TABLES, Table, cut_off, misshapen, not_empty};
use crate::history::Hash;
use crate::store::StoreError;
use crate::store::postgres::{Address, Frontier, Postgres, Trouble, Use, ask};
use deadpool_postgres::{GenericClient, Transaction};
use tokio_postgres::types::ToSql;
use tokio_postgres::{IsolationLevel, Row};
use uuid::Uuid;

/// Reads everything as of one moment.
pub async fn read(address: &Address, pieces: &Sender<Piece>) -> Result<(), StoreError> {
    let store = Postgres::look_after(address, Use::Inspect).await?;
    let origin = store.origin().await?;
    let mut client = store.connection().await?;
    Ok(read_all(&mut client, origin, pieces).await?)
}

async fn read_all(
    client: &mut deadpool_postgres::Object,
    origin: String,
    pieces: &Sender<Piece>,
) -> Result<(), Trouble> {
    let isolation = IsolationLevel::RepeatableRead;
    let moment = client.build_transaction().isolation_level(isolation).read_only(true).start().await?;
    if pieces.send(Piece::Origin(origin)).await.is_err() {
        return Ok(());
    }
    for table in TABLES {
        let name = table.name;
        moment.batch_execute(&format!("DECLARE rows_{name} NO SCROLL CURSOR FOR {}", table.select())).await?;
        loop {
            let rows = moment.query(&format!("FETCH {PAGE} FROM rows_{name}"), &[]).await?;
            let page = rows.iter().map(|row| cells(table, row)).collect::<Result<Vec<_>, _>>()?;
            let is_last = page.len() < PAGE;
            if pieces.send(Piece::Rows(table, page)).await.is_err() {
                return Ok(());
            }
            if is_last {
                break;
            }
        }
    }
    // Where nobody takes what is sent, the other end says why.
    let _ = pieces.send(Piece::End).await;
    Ok(())
}

fn cells(table: &Table, row: &Row) -> Result<Vec<Cell>, Trouble> {
    let cell = |(at, (_, holds)): (usize, &(&str, Holds))| {
        Ok(match holds {
            Holds::Number => row.try_get::<_, Option<i64>>(at)?.map(Cell::Number),
            Holds::Text => row.try_get::<_, Option<String>>(at)?.map(Cell::Text),
            Holds::Id => row.try_get::<_, Option<Uuid>>(at)?.map(|id| Cell::Bytes(id.as_bytes().to_vec())),
            Holds::Bytes => row.try_get::<_, Option<Vec<u8>>>(at)?.map(Cell::Bytes),
            Holds::Name => row
                .try_get::<_, Option<Vec<u8>>>(at)?
                .map(|name| String::from_utf8(name).map(Cell::Text).map_err(|_| misshapen(table)))
                .transpose()?,
        }
        .unwrap_or(Cell::Null))
    };
    table.columns.iter().enumerate().map(cell).collect()
}

/// Writes everything in one transaction, which holds the frontier so that no service writes meanwhile.
pub async fn write(
    address: &Address,
    coming: Receiver<Piece>,
    told: &(dyn Fn(&str, usize) + Sync),
) -> Result<(), StoreError> {
    drop(Postgres::open(address).await?);
    let store = Postgres::look_after(address, Use::Attend).await?;
    let mut client = store.connection().await?;
    let step = client.transaction().await.map_err(Trouble::from)?;
    write_all(&step, coming, told).await?;
    step.commit().await.map_err(|error| match Trouble::from(error) {
        Trouble::Again(said) => StoreError::Unclear(said),
        other => other.into(),
    })
}

async fn write_all(
    step: &Transaction<'_>,
    mut coming: Receiver<Piece>,
    told: &(dyn Fn(&str, usize) + Sync),
) -> Result<(), Trouble> {
    let mut frontier = Frontier::take(step).await?;
    for table in TABLES {
        if ask::is(step, &format!("SELECT EXISTS (SELECT 1 FROM {})", table.name), &[]).await? {
            return Err(not_empty(table.name).into());
        }
    }
    let (mut count, mut last) = (0, "");
    loop {
        match coming.recv().await.ok_or_else(cut_off)? {
            Piece::Origin(origin) => drop(ask::change(step, "UPDATE tree SET origin = $1", &[&origin]).await?),
            Piece::Rows(table, page) => {
                count = if table.name == last { count } else { 0 } + page.len();
                last = table.name;
                grow(&mut frontier, table, &page)?;
                insert(step, table, &page).await?;
                told(table.name, count);
            }
            Piece::End => break,
        }
    }
    let places = "UPDATE statement_frontier SET place = (SELECT coalesce(max(place), 0) FROM statement)";
    ask::change(step, places, &[]).await?;
    frontier.give_back(step).await
}

/// Moves the frontier past these rows.
fn grow(frontier: &mut Frontier, table: &Table, page: &[Vec<Cell>]) -> Result<(), Trouble> {
    for row in page {
        match (table.name, row.as_slice()) {
            ("leaf", [_, Cell::Number(seq), _, Cell::Bytes(hash)]) => {
                frontier.seq = frontier.seq.max(*seq);
                frontier.tree.push(Hash::try_from(hash.as_slice()).map_err(|_| misshapen(table))?);
            }
            ("audit", [Cell::Number(seq), ..]) => frontier.audit_seq = frontier.audit_seq.max(*seq),
            _ => {}
        }
    }
    Ok(())
}

async fn insert(step: &Transaction<'_>, table: &Table, page: &[Vec<Cell>]) -> Result<(), Trouble> {
    if page.is_empty() {
        return Ok(());
    }
    let mut columns: Vec<Box<dyn ToSql + Sync + Send>> = Vec::new();
    let mut arrays = Vec::new();
    for (at, (_, holds)) in table.columns.iter().enumerate() {
        let cells = page.iter().map(|row| row.get(at).unwrap_or(&Cell::Null));
        let number = arrays.len() + 1;
        let (column, array): (Box<dyn ToSql + Sync + Send>, &str) = match holds {
            Holds::Number => (Box::new(cells.map(Cell::number).collect::<Vec<_>>()), "bigint"),
            Holds::Text => (Box::new(cells.map(Cell::text).collect::<Vec<_>>()), "text"),
            Holds::Id => (Box::new(cells.map(Cell::id).collect::<Vec<_>>()), "uuid"),
            Holds::Name | Holds::Bytes => (Box::new(cells.map(Cell::bytes).collect::<Vec<_>>()), "bytea"),
        };
        columns.push(column);
        arrays.push(format!("${number}::{array}[]"));
    }
    let (name, names) = (table.name, table.column_names());
    let sql = format!("INSERT INTO {name} ({names}) SELECT * FROM unnest({})", arrays.join(", "));
    let values: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| &**column as &(dyn ToSql + Sync)).collect();
    ask::change(step, &sql, &values).await?;
    Ok(())
}

impl Cell {
    const fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    fn text(&self) -> Option<String> {
        if let Self::Text(text) = self { Some(text.clone()) } else { None }
    }

    fn id(&self) -> Option<Uuid> {
        if let Self::Bytes(bytes) = self { Uuid::from_slice(bytes).ok() } else { None }
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Some(bytes.clone()),
            Self::Text(text) => Some(text.clone().into_bytes()),
            Self::Null | Self::Number(_) => None,
        }
    }
}
