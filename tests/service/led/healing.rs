//! The real program is killed, or asked to stop, in the midst of a led visit.

use super::super::client::Client;
use super::super::fixture::lay_out;
use super::super::program::{begin, command, start, stop};
use super::{Device, Leader, SOON, hall};
use checkpoint::demo::PEOPLE;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What the service tells browsers to wait before they come back.
const RETRY: Duration = Duration::from_millis(500);

fn trainer(address: SocketAddr) -> Client {
    Client::new(address).signed_in(PEOPLE[0].code, PEOPLE[0].pin)
}

#[test]
fn a_visit_outlasts_the_service_and_everybody_comes_back_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let (mut child, address) = start(folder.path());
    let leader = Leader::begun(trainer(address));
    let devices = hall(&[Client::new(address)], &leader.code);
    leader.ask_all(&["go gate", "play gate-told"]);
    for device in &devices {
        device.ear.until(2);
        device.confirms(2);
    }
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    assert!(devices.iter().all(|device| device.ear.has_ended()));
    // Each goes on trying, as browsers do, while the service is away and once it is back.
    let back: Vec<_> = devices
        .into_iter()
        .map(|device| {
            let (client, code, id) = (device.client.clone(), device.code.clone(), device.id);
            std::thread::spawn(move || {
                loop {
                    if let Some(back) = Device::comes_back(&client, &code, id, Some(2)) {
                        return back;
                    }
                    std::thread::sleep(RETRY);
                }
            })
        })
        .collect();
    let (child, again) = begin(&mut command(folder.path(), &address.to_string()));
    assert_eq!(again, address);
    let ready = Instant::now();
    let devices: Vec<Device> = back.into_iter().map(|back| back.join().expect("they come back")).collect();
    for device in &devices {
        let (at, state) = device.ear.next();
        assert_eq!((state["revision"].as_u64(), &state["going"]["station"]), (Some(2), &"gate".into()));
        assert!(at.duration_since(ready) < SOON, "{:?}", at.duration_since(ready));
        assert!(state["telling"]["playing"] == true && state["telling"]["point"] == "gate-told", "{state}");
    }
    println!("led: 30 followers back after a restart in {:?}", ready.elapsed());
    // What they had seen before is known; nobody is counted twice.
    let overseen = leader.hears();
    while overseen.next().1["reached"] != devices.len() {}
    let asked = Instant::now();
    leader.ask("go well");
    for device in &devices {
        let (at, state) = device.ear.until(3);
        assert!(at.duration_since(asked) < SOON && state["going"]["station"] == "well", "{state}");
    }
    let stopping = Instant::now();
    stop(child);
    assert!(
        stopping.elapsed() < Duration::from_secs(10),
        "it does not wait for those who follow: {:?}",
        stopping.elapsed()
    );
    assert!(devices.iter().all(|device| device.ear.has_ended()));
}
