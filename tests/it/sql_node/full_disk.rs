//! A server whose disk is full.

use crate::client::until;
use crate::process::Panel;
use crate::small_disk::SmallDisk;
use crate::sql_node::made;
use crate::sql_node::system::servers_at;

/// More than there is room for, in one statement.
const MANY: &str = "INSERT INTO filled SELECT n, string_agg(md5(random()::text), '') FROM \
    generate_series(1, 800) n, generate_series(1, 200) GROUP BY n";

#[tokio::test]
async fn a_postgresql_on_a_full_disk_takes_no_row_and_goes_on_by_itself_afterwards() {
    let disk = SmallDisk::new(400);
    let servers = servers_at(&disk.path()).await;
    let panel = Panel::demo_with(&servers.whole_config());
    let api = panel.customer().api;
    let (path, access) = made(&api, "postgresql", 100_000_000).await;
    access.works("CREATE TABLE filled (a INT, b TEXT)");
    disk.fill();
    access.fails(MANY);
    api.get("/databases").await.expect(200);
    disk.free();
    let taken = || async { access.run("INSERT INTO filled VALUES (1, 'x')").ok() };
    until("rows to be taken again", taken).await;
    // Nothing of the statement that found no room is there.
    assert_eq!(access.works("SELECT count(*) FROM filled"), "1");
    api.settled(&path, "live").await;
}
