//! Files of webspaces, as far as a grant names them.

use super::fields;
use super::host::{asked, code, plugin};
use crate::on_both_engines;
use serde_json::{Value, json};
use wabe_kernel::id::WebspaceId;
use wabe_package::Blob;
use wabe_package::wire::{Answer, HostCall};
use wabe_testkit::{House, Tenant, capability};

on_both_engines!(files_are_those_of_the_granted_webspaces);

fn read(web: &str, path: &str) -> HostCall {
    HostCall::FileRead {
        webspace: web.to_owned(),
        path: path.to_owned(),
    }
}

fn write(web: &str, path: &str) -> HostCall {
    HostCall::FileWrite {
        webspace: web.to_owned(),
        path: path.to_owned(),
        content: Blob(b"<h1>A</h1>".to_vec()),
    }
}

fn list(web: &str, path: &str) -> HostCall {
    HostCall::FileList {
        webspace: web.to_owned(),
        path: path.to_owned(),
    }
}

fn delete(web: &str, path: &str) -> HostCall {
    HostCall::FileDelete {
        webspace: web.to_owned(),
        path: path.to_owned(),
    }
}

async fn webspace(house: &House, tenant: &Tenant, name: &str) -> String {
    let input = json!({ "name": name });
    let made = house
        .run_json(&tenant.owner, "webspace.create", input)
        .await;
    let id = made.unwrap().object;
    let web: WebspaceId = id.parse().unwrap();
    house.plugins.files.put(web, "docs/a.md", b"# A");
    id
}

fn grant(web: &str) -> Value {
    json!({
        "events:database.*": true, "files:read": { "webspaces": [web] },
        "files:write": { "webspaces": [web] },
    })
}

async fn files_are_those_of_the_granted_webspaces(house: House) {
    let tenant = house.tenant("Sonne").await;
    let other = house.tenant("Mond").await;
    let own = webspace(&house, &tenant, "shop").await;
    let ungranted = webspace(&house, &tenant, "blog").await;
    let foreign = webspace(&house, &other, "far").await;
    let rest = [
        capability("files:read", false),
        capability("files:write", true),
    ];
    house.publish(&plugin(&rest.concat())).await;
    let input = json!({ "plugin": "asks", "capabilities": grant(&foreign) });
    let refused = house
        .run_json(&tenant.owner, "installation.create", input)
        .await;
    assert_eq!(fields(refused.unwrap_err())[0].1, "no-such-webspace");
    house.install(&tenant, "asks", grant(&own)).await;
    // What is touched often in one run is noted once.
    let often = vec![read(&own, "docs/a.md"); 3];
    assert!(
        asked(&house, &tenant, often)
            .await
            .iter()
            .all(Result::is_ok)
    );
    let calls = vec![
        read(&own, "/docs/a.md"),
        write(&own, "docs/a.html"),
        list(&own, "docs"),
        read(&ungranted, "docs/a.md"),
        read(&foreign, "docs/a.md"),
        write(&foreign, "docs/a.html"),
        read(&own, "../docs/a.md"),
        delete(&own, "docs"),
        delete(&own, "docs/a.md"),
    ];
    let heard = asked(&house, &tenant, calls).await;
    assert!(matches!(&heard[0], Ok(Answer::Content { content }) if content.0 == b"# A"));
    assert!(heard[1].is_ok());
    assert!(matches!(&heard[2], Ok(Answer::Files { files }) if files.len() == 2));
    let codes: Vec<&str> = heard[3..8].iter().map(code).collect();
    assert_eq!(codes, ["denied", "denied", "denied", "invalid", "conflict"]);
    assert!(heard[8].is_ok());
    let files = &house.plugins.files;
    let content = |web: &str| files.content(web.parse().unwrap(), "docs/a.html");
    assert_eq!(content(&own).unwrap(), b"<h1>A</h1>");
    assert!(content(&foreign).is_none());
    let rows = wabe_testkit::snapshot(&house.db.location).await;
    let noted = |area: &str| {
        let rows = rows["access_log"].iter();
        rows.filter(|row| row.contains(area)).count()
    };
    assert_eq!(
        (noted("plugin.file.read"), noted("plugin.file.write")),
        (2, 1)
    );
}
