//! Servers whose disk is full.

use crate::client::{patiently, until};
use crate::process::Panel;
use crate::small_disk::SmallDisk;
use crate::sql_node::system::servers_at;
use crate::sql_node::{ENGINES, made};

/// More than there is room for, in one statement.
fn many(engine: &str) -> &'static str {
    if engine == "mariadb" {
        "INSERT INTO filled SELECT seq, REPEAT(MD5(seq), 400) FROM seq_1_to_2000"
    } else {
        "INSERT INTO filled SELECT n, string_agg(md5(random()::text), '') FROM \
         generate_series(1, 800) n, generate_series(1, 200) GROUP BY n"
    }
}

/// MariaDB ends itself where there is no room to take a statement back, and is started again.
#[tokio::test]
async fn servers_on_a_full_disk_take_no_row_and_go_on_by_themselves_afterwards() {
    let disk = SmallDisk::new(400);
    let servers = servers_at(&disk.path()).await;
    let panel = Panel::demo_with(&servers.whole_config());
    let api = panel.customer().api;
    let mut reached = Vec::new();
    for engine in ENGINES {
        let (path, access) = made(&api, engine, 100_000_000).await;
        access.works("CREATE TABLE filled (a INT, b TEXT)");
        reached.push((path, access));
    }
    for (path, access) in &reached {
        // One after the other: a server that ended itself tries again less and less often while there is no room.
        disk.fill();
        access.fails(many(access.engine));
        api.get("/databases").await.expect(200);
        disk.free();
        let there = || async { access.run("SELECT 1").ok() };
        // MariaDB waits up to a minute for room before it looks again.
        patiently(("the server to be back", 5), there).await;
        let taken = || async { access.run("INSERT INTO filled VALUES (1, 'x')").ok() };
        until("rows to be taken again", taken).await;
        // Nothing of the statement that found no room is there.
        assert_eq!(access.works("SELECT count(*) FROM filled"), "1");
        // Room was all that it lacked.
        access.works(many(access.engine));
        api.settled(path, "live").await;
    }
}
