//! Stuffing: one net that fails for many different accounts.

use crate::lockout::store;
use crate::lockout::throttle::Subject;
use crate::password::pepper::Pepper;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use wabe_kernel::{Fault, Timestamp, hex};
use wabe_store::Tx;

/// How many different subjects may fail from one net before it waits. Source: bar 3.2 T3.
const SUBJECTS_MAX: i64 = 20;

/// Within how many seconds.
pub(crate) const WINDOW_SECONDS: i64 = 600;

/// The net an address belongs to: /24, or /64. What is shown and kept instead of addresses.
#[must_use]
pub fn net_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

fn key(pepper: &Pepper, address: IpAddr) -> String {
    hex(&pepper.keyed("net", &[net_of(address).as_bytes()]))
}

/// Notes that `subject` failed from here.
pub(crate) async fn failed(
    tx: &mut Tx,
    pepper: &Pepper,
    address: IpAddr,
    subject: &Subject,
    now: Timestamp,
) -> Result<(), Fault> {
    store::net_failed(tx, &key(pepper, address), subject.as_str(), now).await
}

/// Whether this net must wait.
pub(crate) async fn must_wait(
    tx: &mut Tx,
    pepper: &Pepper,
    address: IpAddr,
    now: Timestamp,
) -> Result<bool, Fault> {
    let after = now.plus_seconds(-WINDOW_SECONDS);
    let subjects = store::net_subjects(tx, &key(pepper, address), after).await?;
    Ok(subjects > SUBJECTS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shortened_to_their_net() {
        for (address, net) in [
            ("192.0.2.77", "192.0.2.0/24"),
            ("::ffff:192.0.2.77", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(net_of(address.parse().unwrap()), net);
        }
    }
}
