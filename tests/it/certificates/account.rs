//! The hoster's account with an authority is kept sealed.

use crate::on_both_engines;
use std::sync::Arc;
use wabe_audit::seal::SealKey;
use wabe_hosting::certificate::account::Accounts;
use wabe_kernel::Secret;
use wabe_kernel::certificate::AccountKeeper as _;
use wabe_store::Statement;
use wabe_testkit::House;

const SEALED: Statement = Statement {
    name: "testkit.acme_account.sealed",
    sql: "SELECT sealed FROM acme_account WHERE directory = $1",
};

on_both_engines!(an_account_is_kept_sealed_under_its_directory_alone);

const HERE: &str = "https://one.example/directory";

async fn an_account_is_kept_sealed_under_its_directory_alone(house: House) {
    let accounts = |byte| Accounts {
        store: house.db.store.clone(),
        secrets: Arc::new(SealKey::from_bytes(&[byte; 32]).unwrap()),
        clock: house.clock.clone(),
        rng: house.rng.clone(),
    };
    let keeper = accounts(3);
    assert!(keeper.find(HERE).await.unwrap().is_none());
    let secret = Secret::new("{\"key\":\"geheim\"}");
    keeper.keep(HERE, Some(&secret)).await.unwrap();
    let found = keeper.find(HERE).await.unwrap().unwrap();
    assert!(found.verify(secret.expose()));
    assert!(keeper.find("https://two.example/").await.unwrap().is_none());
    let mut tx = house.db.store.read().await.unwrap();
    let row = SEALED.bind(HERE).one(&mut tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(!row.text("sealed").unwrap().contains("geheim"));
    assert!(
        accounts(4).find(HERE).await.is_err(),
        "another key opens nothing"
    );
    keeper.keep(HERE, None).await.unwrap();
    assert!(keeper.find(HERE).await.unwrap().is_none());
}
