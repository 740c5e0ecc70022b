//! What sites do beside showing their files, in the table of webspaces.

use crate::webspace::proxy_store;
use serde::de::DeserializeOwned;
use wabe_access::plan;
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{
    ErrorPages, Fault, FolderKey, Hsts, PhpSettings, PhpValues, SiteRedirects, SiteRules,
    SiteServer,
};
use wabe_store::{Row, Tx, statements};

statements! {
    RULES = "hosting.webspace.rules" =>
        "SELECT redirects, error_pages, hsts, upload_bytes, folder_keys, php_settings, server, proxy, proxy_addresses \
         FROM webspace \
         WHERE id = $1 AND customer_id = $2";
    SET_REDIRECTS = "hosting.webspace.set_redirects" =>
        "UPDATE webspace SET redirects = $1 WHERE id = $2 AND customer_id = $3";
    SET_ERROR_PAGES = "hosting.webspace.set_error_pages" =>
        "UPDATE webspace SET error_pages = $1 WHERE id = $2 AND customer_id = $3";
    SET_HSTS = "hosting.webspace.set_hsts" =>
        "UPDATE webspace SET hsts = $1 WHERE id = $2 AND customer_id = $3";
    SET_UPLOAD = "hosting.webspace.set_upload" =>
        "UPDATE webspace SET upload_bytes = $1 WHERE id = $2 AND customer_id = $3";
    SET_PHP_SETTINGS = "hosting.webspace.set_php_settings" =>
        "UPDATE webspace SET php_settings = $1 WHERE id = $2 AND customer_id = $3";
    SET_SERVER = "hosting.webspace.set_server" =>
        "UPDATE webspace SET server = $1 WHERE id = $2 AND customer_id = $3";
    SET_KEYS = "hosting.webspace.set_folder_keys" =>
        "UPDATE webspace SET folder_keys = $1 WHERE id = $2 AND customer_id = $3";
}

fn listed<T: DeserializeOwned>(row: &Row, column: &'static str) -> Result<T, Fault> {
    serde_json::from_value(row.json(column)?)
        .map_err(|error| Fault::because("read the rules of a site", error))
}

/// What the customer decided about PHP, in a row with that column.
pub(crate) fn php_settings(row: &Row) -> Result<PhpSettings, Fault> {
    listed(row, "php_settings")
}

/// What stands in a row with all their columns. What PHP runs with takes a plan to know and is as usual here.
pub(crate) fn from_row(row: &Row) -> Result<SiteRules, Fault> {
    Ok(SiteRules {
        php: PhpValues::default(),
        redirects: listed(row, "redirects")?,
        error_pages: listed(row, "error_pages")?,
        hsts: row.parsed("hsts")?,
        upload_bytes: row.int_or_null("upload_bytes")?,
        keys: listed(row, "folder_keys")?,
        server: row.parsed("server")?,
        proxy: proxy_store::from_row(row)?,
    })
}

/// The rules of a webspace with what passwords are verified with, and what its PHP runs with under the plan of its
/// customer. Where the plan allows no application elsewhere any more, it is nowhere; files are not shown in its place.
pub(crate) async fn whole(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<SiteRules, Fault> {
    let most = plan::php_ceiling(tx, customer).await?;
    let row = RULES.bind(id).bind(customer).one(tx).await?;
    let mut rules = SiteRules {
        php: PhpValues::of(&php_settings(&row)?, &most),
        ..from_row(&row)?
    };
    if let Some(proxy) = &mut rules.proxy
        && !plan::site_proxy(tx, customer).await?
    {
        proxy.addresses.clear();
    }
    Ok(rules)
}

/// The rules of a webspace, with what passwords are verified with; without what PHP runs with.
pub(crate) async fn rules(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<SiteRules, Fault> {
    from_row(&RULES.bind(id).bind(customer).one(tx).await?)
}

fn rendered(value: &impl serde::Serialize) -> Result<serde_json::Value, Fault> {
    serde_json::to_value(value).map_err(|error| Fault::because("write the rules of a site", error))
}

pub(crate) async fn set_redirects(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    redirects: &SiteRedirects,
) -> Result<(), Fault> {
    let query = SET_REDIRECTS.bind(&rendered(redirects)?);
    query.bind(id).bind(customer).execute_one(tx).await
}

pub(crate) async fn set_error_pages(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    pages: &ErrorPages,
) -> Result<(), Fault> {
    let query = SET_ERROR_PAGES.bind(&rendered(pages)?);
    query.bind(id).bind(customer).execute_one(tx).await
}

pub(crate) async fn set_hsts(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    hsts: Hsts,
) -> Result<(), Fault> {
    let query = SET_HSTS.bind(hsts.word());
    query.bind(id).bind(customer).execute_one(tx).await
}

pub(crate) async fn set_upload(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    bytes: Option<i64>,
) -> Result<(), Fault> {
    let query = SET_UPLOAD.bind(bytes);
    query.bind(id).bind(customer).execute_one(tx).await
}

pub(crate) async fn set_php_settings(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    settings: &PhpSettings,
) -> Result<(), Fault> {
    let query = SET_PHP_SETTINGS.bind(&rendered(settings)?);
    query.bind(id).bind(customer).execute_one(tx).await
}

pub(crate) async fn set_server(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    server: SiteServer,
) -> Result<(), Fault> {
    let query = SET_SERVER.bind(server.word());
    query.bind(id).bind(customer).execute_one(tx).await
}

pub(crate) async fn set_keys(
    tx: &mut Tx,
    (customer, id): (CustomerId, WebspaceId),
    keys: &[FolderKey],
) -> Result<(), Fault> {
    let query = SET_KEYS.bind(&rendered(&keys)?);
    query.bind(id).bind(customer).execute_one(tx).await
}
