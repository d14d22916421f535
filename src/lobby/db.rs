//! `IndexedDB`, as far as the lobby needs it: JSON text under names, in transactions. Knows nothing of visits.

use crate::json::Value;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode};

/// What a browser reports when its storage fails.
pub type Fault = JsValue;

/// Small things by name: device, session, progress, settings.
pub const META: &str = "meta";
/// Visits by `site/station`.
pub const VISITS: &str = "visits";
/// Events that wait for a receipt, by sequence.
pub const OUTBOX: &str = "outbox";
/// Events that were not taken, by id.
pub const REFUSED: &str = "refused";

const ALL: [&str; 4] = [META, VISITS, OUTBOX, REFUSED];
const VERSION: u32 = 1;

/// The open database.
#[derive(Clone, Debug)]
pub struct Db {
    database: IdbDatabase,
    stores: &'static [&'static str],
}

/// A transaction: all of it is kept, or nothing.
#[derive(Debug)]
pub struct Tx {
    transaction: IdbTransaction,
    over: Promise,
}

impl Db {
    /// Opens it, making it on the first visit.
    ///
    /// # Errors
    /// What the browser says: storage is refused, full or broken.
    pub async fn open() -> Result<Self, Fault> {
        Self::open_as("retrace", &ALL).await
    }

    /// The same for a database of another name with these stores.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub async fn open_as(name: &str, stores: &'static [&'static str]) -> Result<Self, Fault> {
        let factory = crate::dom::window().indexed_db()?.ok_or_else(|| JsValue::from_str("no IndexedDB"))?;
        let request = factory.open_with_u32(name, VERSION)?;
        let upgrading = request.clone();
        let make = Closure::<dyn FnMut(Event)>::new(move |_| make_stores(&upgrading, stores)).into_js_value();
        request.set_onupgradeneeded(Some(make.unchecked_ref()));
        let database: IdbDatabase = settled(&request).await?.dyn_into()?;
        // A later version of the page must be able to renew the stores while this one is open.
        let open = database.clone();
        let step_aside = Closure::<dyn FnMut(Event)>::new(move |_| open.close()).into_js_value();
        database.set_onversionchange(Some(step_aside.unchecked_ref()));
        Ok(Self { database, stores })
    }

    /// Begins to read.
    ///
    /// # Errors
    /// When the database has been closed.
    pub fn read(&self) -> Result<Tx, Fault> {
        self.begin(IdbTransactionMode::Readonly)
    }

    /// Begins to write; other tabs wait until it is over.
    ///
    /// # Errors
    /// When the database has been closed.
    pub fn write(&self) -> Result<Tx, Fault> {
        self.begin(IdbTransactionMode::Readwrite)
    }

    fn begin(&self, mode: IdbTransactionMode) -> Result<Tx, Fault> {
        let names: Array = self.stores.iter().map(|name| JsValue::from_str(name)).collect();
        let transaction = self.database.transaction_with_str_sequence_and_mode(&names, mode)?;
        let over = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        Ok(Tx { transaction, over })
    }
}

fn make_stores(request: &IdbOpenDbRequest, stores: &[&str]) {
    let Some(database) = request.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok()) else { return };
    for name in stores {
        database.create_object_store(name).ok();
    }
}

impl Tx {
    fn store(&self, name: &str) -> Result<IdbObjectStore, Fault> {
        self.transaction.object_store(name)
    }

    /// What stands under `key`; what cannot be read any more counts as absent, [`Value::Null`].
    ///
    /// # Errors
    /// When the browser's storage fails.
    pub async fn get(&self, store: &str, key: &str) -> Result<Value, Fault> {
        let value = settled(&self.store(store)?.get(&JsValue::from_str(key))?).await?;
        Ok(read(&value).unwrap_or(Value::Null))
    }

    /// All that stands in `store`, in the order of keys.
    ///
    /// # Errors
    /// When the browser's storage fails.
    pub async fn values(&self, store: &str) -> Result<Vec<Value>, Fault> {
        let values: Array = settled(&self.store(store)?.get_all()?).await?.unchecked_into();
        Ok(values.iter().filter_map(|value| read(&value)).collect())
    }

    /// All keys of `store`, in order.
    ///
    /// # Errors
    /// When the browser's storage fails.
    pub async fn keys(&self, store: &str) -> Result<Vec<String>, Fault> {
        let keys: Array = settled(&self.store(store)?.get_all_keys()?).await?.unchecked_into();
        Ok(keys.iter().filter_map(|key| key.as_string()).collect())
    }

    /// Writes `value` under `key`.
    ///
    /// # Errors
    /// When the browser's storage fails.
    pub fn put(&self, store: &str, key: &str, value: &Value) -> Result<(), Fault> {
        self.store(store)?.put_with_key(&JsValue::from_str(&value.to_line()), &JsValue::from_str(key))?;
        Ok(())
    }

    /// Removes what stands under `key`.
    ///
    /// # Errors
    /// When the browser's storage fails.
    pub fn delete(&self, store: &str, key: &str) -> Result<(), Fault> {
        self.store(store)?.delete(&JsValue::from_str(key))?;
        Ok(())
    }

    /// Removes all of `store`.
    ///
    /// # Errors
    /// When the browser's storage fails.
    pub fn clear(&self, store: &str) -> Result<(), Fault> {
        self.store(store)?.clear()?;
        Ok(())
    }

    /// Ends when everything written is kept.
    ///
    /// # Errors
    /// When it could not be kept, for want of room for instance; then nothing of it is.
    pub async fn over(self) -> Result<(), Fault> {
        JsFuture::from(self.over).await.map(|_| ())
    }
}

fn read(value: &JsValue) -> Option<Value> {
    Value::parse(&value.as_string()?)
}

async fn settled(request: &IdbRequest) -> Result<JsValue, Fault> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await.map_err(|_| JsValue::from_str("the browser's storage failed"))?;
    request.result()
}
