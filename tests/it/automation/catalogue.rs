//! What comes into the catalogue, and who lets it out.

use super::{fields, listener};
use crate::on_both_engines;
use serde_json::json;
use wabe_access::{Refusal, Scope, StaffRole};
use wabe_automation::plugin::{self, UploadPlugin};
use wabe_package::SigningKey;
use wabe_testkit::{House, capability, manifest, package, signed_package};

on_both_engines!(
    a_plugin_is_installed_only_after_its_release,
    whoever_uploads_does_not_release,
    a_signature_counts_only_with_a_trusted_key,
    what_no_plugin_may_is_refused_at_upload,
    a_ceiling_bounds_every_grant,
);

async fn staff(house: &House, role: StaffRole) -> wabe_access::Actor {
    let purpose = "review".parse().unwrap();
    house.staff(role).await.for_purpose(purpose)
}

async fn a_plugin_is_installed_only_after_its_release(house: House) {
    let tenant = house.tenant("Sonne").await;
    let operator = staff(&house, StaffRole::Operator).await;
    let upload = UploadPlugin::of(package(&listener("watch", "1.0.0")));
    let id = house
        .run(&operator, upload.clone())
        .await
        .unwrap()
        .output
        .id;
    let again = house.run(&operator, upload).await;
    assert!(matches!(again, Err(Refusal::Conflict("version-exists"))));
    let input = json!({ "plugin": "watch", "capabilities": super::everything() });
    let early = house
        .run_json(&tenant.owner, "installation.create", input.clone())
        .await;
    assert_eq!(
        fields(early.unwrap_err()),
        [("plugin".to_owned(), "no-such-plugin")]
    );
    let officer = staff(&house, StaffRole::PrivacyOfficer).await;
    let release = json!({ "id": id, "note": "looked at" });
    house
        .run_json(&officer, "plugin.release", release)
        .await
        .unwrap();
    let mut tx = house.db.store.read_for(tenant.id).await.unwrap();
    let scope = Scope::of(&mut tx, &tenant.owner).await.unwrap();
    let shown = plugin::catalogue(&mut tx, &scope).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(shown.len(), 1);
    house
        .run_json(&tenant.owner, "installation.create", input)
        .await
        .unwrap();
}

async fn whoever_uploads_does_not_release(house: House) {
    let operator = staff(&house, StaffRole::Operator).await;
    let upload = UploadPlugin::of(package(&listener("watch", "1.0.0")));
    let id = house.run(&operator, upload).await.unwrap().output.id;
    let release = json!({ "id": id, "note": "fine" });
    let refused = house
        .run_json(&operator, "plugin.release", release.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::Forbidden)));
    // The same person with both roles.
    let mut tx = house.write().await;
    let now = wabe_kernel::Clock::now(house.clock.as_ref());
    let role = StaffRole::PrivacyOfficer;
    wabe_access::member::insert_staff(&mut tx, operator.user.unwrap(), role, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let refused = house
        .run_json(&operator, "plugin.release", release.clone())
        .await;
    assert!(matches!(refused, Err(Refusal::Conflict("own-upload"))));
    let officer = staff(&house, StaffRole::PrivacyOfficer).await;
    house
        .run_json(&officer, "plugin.release", release)
        .await
        .unwrap();
}

async fn a_signature_counts_only_with_a_trusted_key(house: House) {
    let operator = staff(&house, StaffRole::Operator).await;
    let key = SigningKey::new(house.rng.as_ref()).unwrap();
    let text = listener("signed", "1.0.0");
    let upload = || UploadPlugin::of(signed_package(&text, &key));
    let unknown = house.run(&operator, upload()).await.unwrap_err();
    assert_eq!(
        fields(unknown),
        [("package".to_owned(), "package-key-unknown")]
    );
    let input = json!({ "name": "Author", "public_key": key.public().write() });
    let added = house
        .run_json(&operator, "trusted_key.add", input)
        .await
        .unwrap();
    let version = house.run(&operator, upload()).await.unwrap().output;
    assert_eq!(version.signed_by, Some(key.public().id()));
    let gone = json!({ "id": added.object });
    house
        .run_json(&operator, "trusted_key.remove", gone)
        .await
        .unwrap();
    let text = listener("signed", "1.0.1");
    let later = UploadPlugin::of(signed_package(&text, &key));
    let unknown = house.run(&operator, later).await.unwrap_err();
    assert_eq!(
        fields(unknown),
        [("package".to_owned(), "package-key-unknown")]
    );
}

async fn what_no_plugin_may_is_refused_at_upload(house: House) {
    let operator = staff(&house, StaffRole::Operator).await;
    for word in [
        "effect:token.create",
        "effect:user.set_password",
        "effect:member.invite",
        "effect:installation.pause",
        "effect:customer.suspend",
        "effect:plugin.release",
        "effect:nothing.here",
    ] {
        let text = manifest("greedy", "1.0.0", &capability(word, false));
        let refused = house.run(&operator, UploadPlugin::of(package(&text))).await;
        let refused = fields(refused.unwrap_err());
        assert!(
            refused.iter().any(|(name, _)| name == "package"),
            "{word}: {refused:?}"
        );
    }
    let junk = house
        .run(&operator, UploadPlugin::of(b"no tar".to_vec()))
        .await;
    assert_eq!(fields(junk.unwrap_err())[0].0, "package");
}

async fn a_ceiling_bounds_every_grant(house: House) {
    let tenant = house.tenant("Sonne").await;
    let operator = staff(&house, StaffRole::Operator).await;
    let upload = UploadPlugin::of(package(&listener("watch", "1.0.0")));
    let id = house.run(&operator, upload).await.unwrap().output.id;
    let officer = staff(&house, StaffRole::PrivacyOfficer).await;
    let ceiling = json!({ "events:database.*": true, "mail": true });
    let release = json!({ "id": id, "note": "no changes", "ceiling": ceiling });
    house
        .run_json(&officer, "plugin.release", release)
        .await
        .unwrap();
    let wanted = json!({ "plugin": "watch", "capabilities": super::everything() });
    let refused = house
        .run_json(&tenant.owner, "installation.create", wanted)
        .await;
    let refused = fields(refused.unwrap_err());
    assert!(
        refused.contains(&("capabilities".to_owned(), "capability-not-asked")),
        "{refused:?}"
    );
    house
        .install(&tenant, "watch", json!({ "events:database.*": true }))
        .await;
}
