//! Asking the server: statements that a connection keeps ready, and what their rows hold.

use super::trouble::Trouble;
use crate::history::Hash;
use crate::store::StoreError;
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// Values of a statement, in their order.
pub type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// All rows.
pub async fn rows(client: &impl GenericClient, sql: &str, values: Values<'_>) -> Result<Vec<Row>, Trouble> {
    let ready = client.prepare_cached(sql).await?;
    Ok(client.query(&ready, values).await?)
}

/// The one row, if there is one.
pub async fn row(client: &impl GenericClient, sql: &str, values: Values<'_>) -> Result<Option<Row>, Trouble> {
    Ok(rows(client, sql, values).await?.pop())
}

/// Whether it is so: the first column of the one row.
pub async fn is(client: &impl GenericClient, sql: &str, values: Values<'_>) -> Result<bool, Trouble> {
    Ok(row(client, sql, values).await?.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
}

/// Changes rows and tells how many.
pub async fn change(client: &impl GenericClient, sql: &str, values: Values<'_>) -> Result<u64, Trouble> {
    let ready = client.prepare_cached(sql).await?;
    Ok(client.execute(&ready, values).await?)
}

/// Two things asked at once. Where one fails the server refuses the other as well, and the one that says why is told.
pub async fn both<A, B>(
    one: impl Future<Output = Result<A, Trouble>>,
    other: impl Future<Output = Result<B, Trouble>>,
) -> Result<(A, B), Trouble> {
    match tokio::join!(one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(Trouble::Again(_)), Err(why @ Trouble::Last(_))) | (Err(why), _) | (Ok(_), Err(why)) => Err(why),
    }
}

/// A name, kept as its bytes.
pub fn name(row: &Row, column: usize) -> Result<String, Trouble> {
    Ok(String::from_utf8(row.try_get(column)?).map_err(|_| unreadable())?)
}

/// A name, where there is one.
pub fn maybe_name(row: &Row, column: usize) -> Result<Option<String>, Trouble> {
    let bytes: Option<Vec<u8>> = row.try_get(column)?;
    Ok(bytes.map(String::from_utf8).transpose().map_err(|_| unreadable())?)
}

/// A hash, a key or a salt.
pub fn hash(row: &Row, column: usize) -> Result<Hash, Trouble> {
    let bytes: &[u8] = row.try_get(column)?;
    Ok(bytes.try_into().map_err(|_| unreadable())?)
}

/// A row that no version of the service writes.
pub fn unreadable() -> StoreError {
    StoreError::Refused("a row is kept that cannot be read".to_owned())
}
