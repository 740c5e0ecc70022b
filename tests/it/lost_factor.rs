//! Who decides about a lost second factor, and who is told when nobody does. Bar 3.4 T5, 3.8 T7.

use crate::access_help::{WAIT, conflict, decide, enrolled, operator, otto, reported};
use crate::on_both_engines;
use crate::staff_role::hired;
use wabe_access::member::{self, Member};
use wabe_access::{Actor, Role};
use wabe_identity::MailKind;
use wabe_kernel::Clock as _;
use wabe_kernel::id::MemberId;
use wabe_testkit::House;

on_both_engines!(
    nobody_decides_about_somebody_of_a_customer_of_theirs,
    management_is_told_when_nobody_decides,
);

const DAY: u32 = 86_400;

// 3.8 T7: whoever knows a password there reports the loss and would agree to it.
async fn nobody_decides_about_somebody_of_a_customer_of_theirs(house: House) {
    let tenant = house.tenant("Sonne").await;
    enrolled(&house, &tenant.owner).await;
    let user = tenant.owner.user.unwrap();
    let otto = otto(&house).await;
    let now = house.clock.now();
    let place = Member {
        id: MemberId::new(now, house.rng.as_ref()),
        user: otto,
        role: Role::Viewer,
        created_at: now,
    };
    let mut tx = house.db.store.write().await.unwrap();
    let added = member::insert(&mut tx, tenant.id, &place).await;
    assert!(added.unwrap());
    tx.commit().await.unwrap();
    reported(&house, &tenant).await;
    house.clock.advance(WAIT);
    house.identity.prune().await.unwrap();
    let told = house.mails.of(MailKind::FactorLossDue).len();
    assert_eq!(told, 0, "who does not decide is told");
    let fresh = Actor::staff(otto, house.clock.now());
    let otto = fresh.for_purpose("Ausweis gesehen".parse().unwrap());
    for verb in ["approve", "refuse"] {
        let refused = decide(&house, &otto, verb, user).await;
        assert_eq!(conflict(refused), "own-customer");
    }
    let other = operator(&house).await;
    decide(&house, &other, "approve", user).await.unwrap();
}

async fn management_is_told_when_nobody_decides(house: House) {
    let tenant = house.tenant("Sonne").await;
    enrolled(&house, &tenant.owner).await;
    otto(&house).await;
    hired(&house, "Karin", &["management"]).await;
    reported(&house, &tenant).await;
    house.clock.advance(WAIT);
    house.identity.prune().await.unwrap();
    for (wait, letters) in [(DAY - 1, 0), (1, 2), (DAY, 2)] {
        house.clock.advance(wait);
        house.identity.prune().await.unwrap();
        assert_eq!(house.mails.of(MailKind::FactorLossLate).len(), letters);
    }
    let late = house.mails.of(MailKind::FactorLossLate);
    let late: Vec<String> = late.iter().map(|mail| mail.to.to_string()).collect();
    assert!(late.contains(&"karin@hoster.test".to_owned()), "{late:?}");
    assert_eq!(house.mails.of(MailKind::FactorLossDue).len(), 1);
}
