//! How many may come in: connections in all, strangers of one network, sessions of one login.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections in all.
const CONNECTIONS_MAX: usize = 256;
/// Connections of one network (an IPv4 address, an IPv6 /64) that are not logged in.
const STRANGERS_MAX: usize = 16;
/// Connections of one login.
const LOGIN_MAX: usize = 10;

#[derive(Default)]
struct Counts {
    all: usize,
    strangers: HashMap<IpAddr, usize>,
    logins: HashMap<String, usize>,
}

/// Who is there.
#[derive(Default, Clone)]
pub(super) struct Crowd {
    counts: Arc<Mutex<Counts>>,
}

/// One connection's place, given back when it is dropped.
pub(super) struct Guest {
    crowd: Crowd,
    address: IpAddr,
    login: Mutex<Option<String>>,
}

impl Crowd {
    /// A place for a new connection, when there is one.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Arc<Guest>> {
        let mut counts = self.counts();
        if counts.all >= CONNECTIONS_MAX {
            return None;
        }
        if !enter(&mut counts.strangers, network(address), STRANGERS_MAX) {
            return None;
        }
        counts.all = counts.all.saturating_add(1);
        drop(counts);
        Some(Arc::new(Guest {
            crowd: self.clone(),
            address,
            login: Mutex::default(),
        }))
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guest {
    pub(super) fn address(&self) -> IpAddr {
        self.address
    }

    /// Makes the stranger a session of `login`; false when that has too many.
    pub(super) fn log_in(&self, login: &str) -> bool {
        let mut own = self.own();
        if own.is_some() {
            return false;
        }
        let mut counts = self.crowd.counts();
        if !enter(&mut counts.logins, login.to_owned(), LOGIN_MAX) {
            return false;
        }
        leave(&mut counts.strangers, &network(self.address));
        *own = Some(login.to_owned());
        true
    }

    fn own(&self) -> MutexGuard<'_, Option<String>> {
        self.login.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let login = self.own().take();
        let mut counts = self.crowd.counts();
        counts.all = counts.all.saturating_sub(1);
        match login {
            Some(login) => leave(&mut counts.logins, &login),
            None => leave(&mut counts.strangers, &network(self.address)),
        }
    }
}

fn enter<K: Hash + Eq>(counts: &mut HashMap<K, usize>, who: K, most: usize) -> bool {
    let count = counts.entry(who).or_default();
    if *count >= most {
        return false;
    }
    *count = count.saturating_add(1);
    true
}

fn leave<K: Hash + Eq>(counts: &mut HashMap<K, usize>, who: &K) {
    if let Some(count) = counts.get_mut(who) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(who);
        }
    }
}

/// What one household or machine has: all of an IPv4 address, the first half of an IPv6 one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_of_one_network_leave_room_for_others() {
        // 3.15 T2
        let crowd = Crowd::default();
        let near: IpAddr = "2001:db8::1".parse().unwrap();
        let held: Vec<_> = (0..STRANGERS_MAX)
            .map(|_| crowd.admit(near).unwrap())
            .collect();
        assert!(crowd.admit("2001:db8::2".parse().unwrap()).is_none());
        assert!(crowd.admit("2001:db8:0:1::2".parse().unwrap()).is_some());
        assert!(held[0].log_in("anna"));
        assert!(crowd.admit(near).is_some());
        drop(held);
        assert!(crowd.counts().strangers.is_empty());
        assert!(crowd.counts().logins.is_empty());
        assert_eq!(crowd.counts().all, 0);
    }

    #[test]
    fn a_login_has_ten_sessions() {
        let crowd = Crowd::default();
        let guests: Vec<_> = (0..=LOGIN_MAX)
            .map(|at| {
                let host = u8::try_from(at).unwrap();
                crowd.admit(IpAddr::from([192, 0, 2, host])).unwrap()
            })
            .collect();
        let entered: Vec<bool> = guests.iter().map(|guest| guest.log_in("anna")).collect();
        assert_eq!(
            entered.iter().filter(|entered| **entered).count(),
            LOGIN_MAX
        );
        assert!(guests[LOGIN_MAX].log_in("berta"));
    }
}
