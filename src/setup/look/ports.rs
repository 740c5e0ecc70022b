//! Who listens where.

use crate::machine::Listener;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The kernel's word for a socket that listens.
const LISTENING: &str = "0A";

/// Ports that are listened at, each with the number of its socket, in a table of the kernel's.
#[must_use]
pub fn listening_in(table: &str) -> Vec<(u16, u64)> {
    let rows = table.lines().skip(1);
    let rows = rows.map(|row| row.split_whitespace().collect::<Vec<_>>());
    let listening = rows.filter(|row| row.get(3) == Some(&LISTENING));
    let read = listening.filter_map(|row| {
        let (_, port) = row.get(1)?.rsplit_once(':')?;
        Some((
            u16::from_str_radix(port, 16).ok()?,
            row.get(9)?.parse().ok()?,
        ))
    });
    read.collect()
}

/// The sockets of a process.
fn sockets(process: &Path) -> Vec<u64> {
    let entries = fs::read_dir(process.join("fd"));
    let entries = entries.into_iter().flatten().flatten();
    let links = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    let numbers = links.filter_map(|link| {
        let text = link.to_str()?.strip_prefix("socket:[")?;
        text.strip_suffix(']')?.parse().ok()
    });
    numbers.collect()
}

/// The program and the unit of a process.
fn named(process: &Path) -> (Option<String>, Option<String>) {
    let program = fs::read_to_string(process.join("comm")).ok();
    let program = program.map(|name| name.trim().to_owned());
    let groups = fs::read_to_string(process.join("cgroup")).unwrap_or_default();
    let parts = groups.lines().flat_map(|line| line.split('/'));
    let mut units = parts.filter(|part| {
        Path::new(part)
            .extension()
            .is_some_and(|kind| kind == "service")
    });
    (program, units.next().map(str::to_owned))
}

/// Whoever listens on this machine; of others' processes only root sees which.
pub(super) fn listeners() -> BTreeSet<Listener> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    let mut ports: BTreeMap<u64, u16> = BTreeMap::new();
    for table in tables {
        let table = fs::read_to_string(table).unwrap_or_default();
        ports.extend(
            listening_in(&table)
                .into_iter()
                .map(|(port, socket)| (socket, port)),
        );
    }
    let mut found = BTreeSet::new();
    let mut known = BTreeSet::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let process = entry.path();
        if !entry
            .file_name()
            .to_string_lossy()
            .starts_with(|first: char| first.is_ascii_digit())
        {
            continue;
        }
        for socket in sockets(&process) {
            let Some(port) = ports.get(&socket) else {
                continue;
            };
            known.insert(socket);
            let (program, unit) = named(&process);
            found.insert(Listener {
                port: *port,
                program,
                unit,
            });
        }
    }
    let rest = ports.iter().filter(|(socket, _)| !known.contains(socket));
    found.extend(rest.map(|(_, port)| Listener {
        port: *port,
        program: None,
        unit: None,
    }));
    found
}
