//! Customers with users of their own on a node: real nginx, real PHP, and a kernel that keeps them apart.

mod apache;
mod htaccess;
mod leaving;
mod standing;
mod walls;

use crate::nginx::node::Node;
use crate::tools::needs_root;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use wabe_drivers::owners::Range;
use wabe_drivers::php::Owners;
use wabe_kernel::Clock;
use wabe_kernel::desired::Webspace;
use wabe_kernel::id::CustomerId;
use wabe_panel::system::SystemRng;

/// The numbers of one test; no other test ends processes of them.
fn range() -> Range {
    static NEXT: AtomicU32 = AtomicU32::new(210_000);
    let first = NEXT.fetch_add(100, Ordering::SeqCst);
    Range {
        first,
        last: first + 99,
    }
}

/// A node with users.
async fn node() -> Node {
    needs_root();
    Node::with_users(range()).await
}

/// A customer that nobody else is.
fn customer(node: &Node) -> CustomerId {
    CustomerId::new(node.clock.now(), &SystemRng)
}

/// A webspace of this customer with PHP, live.
async fn site(node: &Node, name: &str, customer: CustomerId) -> Webspace {
    let site = Webspace {
        php: Some(node.php()),
        customer: Some(customer),
        ..node.webspace(name)
    };
    node.bring(&site).await.unwrap();
    site
}

/// The number of the user that a webspace is of.
fn user(node: &Node, site: &Webspace) -> u32 {
    let users = node.users.as_ref().unwrap();
    users.of(site.id).unwrap().user.parse().unwrap()
}

/// A page's body.
async fn page(node: &Node, url: &str) -> String {
    let (status, said) = node.get(url).await;
    let body = said.out.split_once("\r\n\r\n").map(|(_, body)| body);
    assert_eq!(status, 200, "{}{}", said.out, said.err);
    body.unwrap().to_owned()
}

/// Whether this works for a process of this user, without any of PHP's own walls.
fn works_as(user: u32, program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).uid(user).gid(user).current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).status().unwrap().success()
}

/// The masters of PHP among them.
fn masters(user: u32) -> Vec<i32> {
    let mut all = processes(user);
    all.retain(|number| {
        let line = std::fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        line.starts_with(b"php-fpm: master")
    });
    all
}

/// The processes that are of this user and not at their end.
fn processes(user: u32) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let name = entry.file_name();
        let Some(number) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let mut lines = status.lines().filter_map(|line| line.strip_prefix("Uid:"));
        let of = lines.next().and_then(|all| all.split_whitespace().next());
        let is_over = status.lines().any(|line| line.starts_with("State:\tZ"));
        if of == Some(&*user.to_string()) && !is_over {
            found.push(number);
        }
    }
    found
}
