//! From the command line to a running service; what goes wrong is told in one line.

use crate::addresses::{NEEDS_HTTPS, addresses, in_network, lacks_https};
use crate::upkeep::{runtime, secrets_of, unusable};
use crate::{Kept, Serve};
use checkpoint::checkpoints::{self, NotLaidDown};
use checkpoint::clock::{self, DAY_MS};
use checkpoint::courses::Courses;
use checkpoint::evidence::{rotating, sun};
use checkpoint::forward::{self, file};
use checkpoint::identity::claim;
use checkpoint::identity::code::Code;
use checkpoint::identity::origin::Origin;
use checkpoint::identity::provider::{Listing, Providers};
use checkpoint::outside::{self, Outside};
use checkpoint::secrets::{self, Secrets, digest, hex, random};
use checkpoint::store::Store;
use checkpoint::tls::Tls;
use checkpoint::{App, House, Settings, demo, log};
use clap::Args;
use heritage::{SiteId, StationId};
use protocol::api::Role;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinError;

/// Long enough for a slow phone to send a full outbox.
const PATIENCE: Duration = Duration::from_mins(1);

/// Serves until the process is told to stop.
pub fn serve(asked: Serve) -> Result<(), String> {
    log::begin(asked.log);
    if !asked.web.is_dir() {
        return Err(format!("there is no web app at {}; build it first, or name it with --web", asked.web.display()));
    }
    let tls = encryption(&asked)?;
    let outside = Outside::new(asked.trust.as_deref(), outside::PATIENCE).map_err(|error| error.to_string())?;
    let forward = match &asked.forward {
        Some(file) => file::read(file, &|name| std::env::var(name).ok()).map_err(|faults| faults.to_string())?,
        None => Vec::new(),
    };
    let runtime = runtime()?;
    let (courses, secrets, store) = runtime.block_on(kept(&asked.kept))?;
    let providers = match &asked.providers {
        Some(file) => {
            let settled = runtime.block_on(Listing::read(file).settled(&*store));
            settled.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?
        }
        None => Providers::default(),
    };
    let settings = Settings {
        providers,
        web: asked.web,
        annual_target: asked.annual_target,
        origin: asked.origin,
        behind_proxy: asked.behind_proxy,
        rechecked: asked.recheck_percent,
        writes_a_minute: asked.writes_a_minute,
        forward,
        patience: PATIENCE,
    };
    let app = House::new(settings, store, courses, secrets, outside, clock::system());
    let served = runtime.block_on(async {
        forward::begin(&app).await.map_err(|error| format!("cannot forward: {error}"))?;
        let listener = TcpListener::bind(asked.listen)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}; choose another with --listen", asked.listen))?;
        let listens = listener.local_addr().map_err(|error| error.to_string())?;
        let public = app.settings.origin.as_ref();
        let mut addresses = addresses(listens, public, in_network(listens));
        if tls.is_some() {
            // Nothing answers at the plain ones.
            addresses.truncate(1);
        }
        let mut said = String::new();
        if let Some(folder) = &asked.checkpoints {
            match checkpoints::lay_down(&app, folder).await {
                // A record that was lost is no reason to refuse what comes from now on.
                Err(error @ NotLaidDown::Older { .. }) => said = format!("{error}\n"),
                laid_down => laid_down.map_err(|error| error.to_string())?,
            }
            let (app, folder) = (Arc::clone(&app), folder.clone());
            tokio::spawn(async move { checkpoints::go_on(&app, &folder).await });
        }
        let tended = Arc::clone(&app);
        tokio::spawn(async move { claim::go_on_tending(&tended).await });
        if asked.demo {
            demo::seed(&app).await.map_err(|error| format!("cannot add the demo people: {error}"))?;
            said.push_str(&demo::sheet());
        } else {
            demo::shut_out(&app).await.map_err(|error| format!("cannot shut the demo people out: {error}"))?;
            if let Some(token) = first_link(&app).await? {
                said.push_str(
                    "Nobody administers this service yet. Within a day, open once, at whichever address you can:\n",
                );
                said.extend(addresses.iter().map(|at| format!("  {at}/admin/first?token={token}\n")));
            }
        }
        said.extend(addresses.iter().map(|at| format!("Retrace is at {at}/ and the desk at {at}/desk/\n")));
        if lacks_https(listens, public) {
            said.push_str(NEEDS_HTTPS);
            said.push('\n');
        }
        // Heeded before it says that it is there: whoever stops or reloads it at that word would else just end it.
        let stop = stop_signal().map_err(|error| format!("cannot wait for signals: {error}"))?;
        if let Some(tls) = &tls {
            read_again_when_told(Arc::clone(tls)).map_err(|error| format!("cannot wait for signals: {error}"))?;
        }
        // Whoever has stopped listening to the terminal still gets the service.
        say!("{}", said.trim_end());
        let (stopped, stops) = oneshot::channel::<()>();
        let forwarding = tokio::spawn(forward::run(Arc::clone(&app), async {
            // Where the sender is gone, so is the service.
            let _ = stops.await;
        }));
        let served = checkpoint::serve::serve_with(listener, Arc::clone(&app), tls, stop).await;
        drop(stopped);
        let _: Result<(), JoinError> = forwarding.await;
        if let Some(folder) = &asked.checkpoints {
            checkpoints::lay_down_or_tell(&app, folder).await;
        }
        served.map_err(|error| format!("stopped: {error}"))
    });
    // What still runs holds the store; once it is gone, the store is closed here, before the process ends.
    drop(runtime);
    drop(app);
    served
}

/// What connections are encrypted with, if files for it are named.
fn encryption(asked: &Serve) -> Result<Option<Arc<Tls>>, String> {
    let (Some(certificate), Some(key)) = (&asked.tls_cert, &asked.tls_key) else { return Ok(None) };
    if !asked.origin.as_ref().is_some_and(Origin::is_https) {
        return Err(
            "with --tls-cert visitors come over HTTPS; say so in --origin, as in https://hall.example".to_owned()
        );
    }
    let tls = Tls::read(certificate.clone(), key.clone()).map_err(|error| error.to_string())?;
    Ok(Some(Arc::new(tls)))
}

/// Reads certificate and key again on SIGHUP, so that a new certificate needs no stop.
#[cfg(unix)]
fn read_again_when_told(tls: Arc<Tls>) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut told = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while told.recv().await.is_some() {
            match tls.read_again() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(%error, "the certificate in use stays"),
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn read_again_when_told(_: Arc<Tls>) -> std::io::Result<()> {
    Ok(())
}

/// Prints the sheet from which plaques are made.
pub fn plaques(asked: &Kept) -> Result<(), String> {
    let (courses, secrets, _) = runtime()?.block_on(kept(asked))?;
    for site in courses.sites() {
        say!("{} {}", site.title.zh, site.title.en);
        for station in &site.stations {
            let code = Code::of_plaque(&secrets, &site.id, &station.id).written();
            say!("  {code}   {}/{}   {} {}", site.id, station.id, station.title.zh, station.title.en);
        }
    }
    Ok(())
}

/// Prints the codes of the moment, and where devices find them.
pub fn codes(asked: &Kept) -> Result<(), String> {
    let (courses, secrets, _) = runtime()?.block_on(kept(asked))?;
    let now_ms = clock::system()();
    for site in courses.sites() {
        say!("{} {}", site.title.zh, site.title.en);
        for station in &site.stations {
            let code = rotating::code_at(&secrets, &site.id, &station.id, now_ms);
            let key = rotating::display_key(&secrets, &site.id, &station.id);
            say!("  {code}   /display/{}.{}?key={key}   {}", site.id, station.id, station.title.zh);
        }
    }
    Ok(())
}

#[derive(Args)]
pub struct Tag {
    #[command(flatten)]
    kept: Kept,
    /// Where the tag hangs, as in `luding.deck`.
    #[arg(long, value_name = "SITE.STATION")]
    station: String,
    /// The tag's own number: 14 hexadecimal digits, as any NFC reader shows it.
    #[arg(long, value_name = "UID")]
    uid: String,
}

/// Prints the keys of a tag and the address that it mirrors its message into.
pub fn tag(asked: &Tag) -> Result<(), String> {
    let (courses, secrets, _) = runtime()?.block_on(kept(&asked.kept))?;
    let named = asked.station.split_once('.').and_then(|(site, station)| {
        let site = courses.site(&SiteId::new(site).ok()?)?;
        Some((site, site.station(&StationId::new(station).ok()?)?))
    });
    let (site, station) = named.ok_or_else(|| {
        format!("there is no station {}; write site and station with a dot between, as in luding.deck", asked.station)
    })?;
    let uid = sun::uid(&asked.uid)
        .ok_or_else(|| format!("{} is no tag's number; write the 14 hexadecimal digits of its UID", asked.uid))?;
    let (meta, file) = sun::keys(&secrets, &site.id, &station.id, uid);
    say!("{} {} · {} {}", site.title.zh, station.title.zh, site.title.en, station.title.en);
    say!("SDMMetaReadKey  {}", hex(&meta));
    say!("SDMFileReadKey  {}", hex(&file));
    say!(
        "NDEF address    https://…/zh/{}/{}/?picc_data={}&cmac={}",
        site.id,
        station.id,
        "0".repeat(32),
        "0".repeat(16)
    );
    say!("Mirror UID and read counter encrypted (PICCData) over the first run of zeros, the SDM MAC over the second;");
    say!("SDMMACInputOffset = SDMMACOffset, so that the code is over nothing but identity and counter.");
    Ok(())
}

/// Content, store and secret. A secret is made on the first start, and never for a record that others have begun.
async fn kept(asked: &Kept) -> Result<(Courses, Secrets, Arc<dyn Store>), String> {
    let place = asked.database.place()?;
    let courses = Courses::read(&asked.content).map_err(|error| error.to_string())?;
    let folder = place.folder();
    make_folder(folder).map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
    let (store, may_make) = place.open().await.map_err(|error| unusable(&place, &error))?;
    if !may_make {
        let missing = |error| {
            format!(
                "{error}; bring it from the machine where this record was begun, or give it by {}",
                secrets::VARIABLE
            )
        };
        return Ok((courses, secrets_of(&place).map_err(missing)?, store));
    }
    let environment = std::env::var(secrets::VARIABLE).ok();
    let secrets = Secrets::load(environment.as_deref(), &place.secret_file()).map_err(|error| error.to_string())?;
    Ok((courses, secrets, store))
}

/// Readable by the service's account alone, where it has to be made.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder)
}

/// A fresh link for the first admin, while there is none. It replaces the link of an earlier start.
async fn first_link(app: &App) -> Result<Option<String>, String> {
    if app.store.has_role(Role::Admin).await.map_err(|error| error.to_string())? {
        return Ok(None);
    }
    let token = hex(&random::<32>());
    let ends_ms = app.now_ms() + DAY_MS;
    app.store.set_first_link(digest(token.as_bytes()), ends_ms).await.map_err(|error| error.to_string())?;
    Ok(Some(token))
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a signal to wait for, the process runs until it is ended.
        let _ = tokio::signal::ctrl_c().await;
    })
}
