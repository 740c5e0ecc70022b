//! Static files of hosted sites, beside nginx with the same files, certificates and log.

use crate::client::{Connection, Visit};
use crate::installation::{Folder, Running, port};
use crate::report::{Outcome, Row};
use hyper::Method;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::task::JoinSet;

const SITES: usize = 1_000;
const MAKERS: usize = 4;
/// Names that all lie in the demo's own domain suffix resolve here, whatever the machine's resolver says.
const SCRIPT: &str = r#"
local lookup = wrk.lookup
wrk.lookup = function(host, service) return lookup("127.0.0.1", service) end
local requests, turn = {}, 0
function init(args)
  local path = table.remove(args, 1) or "/"
  if #args == 0 then requests[1] = wrk.format("GET", path) end
  for place, name in ipairs(args) do
    requests[place] = wrk.format("GET", path, { Host = name })
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
"#;

/// One hosted site.
struct Site {
    host: String,
    files: PathBuf,
}

/// nginx with a configuration of its own; ends when dropped.
struct Nginx {
    child: Child,
    http: u16,
    https: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let mut stop = Command::new("kill");
        drop(stop.arg("-QUIT").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
    }
}

async fn make_sites(folder: &Folder, running: &Running) -> Outcome<Vec<Site>> {
    let mut makers = JoinSet::new();
    for maker in 0..MAKERS {
        let mut connection = running.connect().await?;
        let visit = Visit::from(maker + 1)?;
        let visit = visit.with("authorization", &format!("Bearer {}", folder.token()?))?;
        let web = folder.data().join("node").join("web");
        makers.spawn(async move {
            let mut sites = Vec::new();
            for number in (maker..SITES).step_by(MAKERS) {
                sites.push(make_site(&mut connection, &visit, &web, number).await?);
            }
            Outcome::Ok(sites)
        });
    }
    let mut sites = Vec::new();
    while let Some(made) = makers.join_next().await {
        sites.extend(made??);
    }
    Ok(sites)
}

async fn make_site(
    connection: &mut Connection,
    visit: &Visit,
    web: &Path,
    number: usize,
) -> Outcome<Site> {
    let body = json!({
        "name": format!("site-{number}"), "quota_bytes": 10_000_000,
    });
    let text = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let made = connection
        .post("/api/v1/webspaces", visit, &body)
        .await?
        .expect(201)?
        .json()?;
    let path = format!("/api/v1/webspaces/{}", text(&made, "id"));
    let plain = json!({ "https_redirect": false }).to_string();
    let asking = visit.clone().with("content-type", "application/json")?;
    connection
        .send(Method::PATCH, &path, &asking, plain.into())
        .await?
        .expect(200)?;
    loop {
        let found = connection.get(&path, visit).await?.expect(200)?.json()?;
        if text(&found, "state") == "live" {
            let root = text(&found, "document_root");
            let files = web.join(text(&found, "id")).join("files").join(root);
            for (name, bytes) in FILES {
                std::fs::write(files.join(name), vec![b'w'; bytes])?;
            }
            return Ok(Site {
                host: text(&found, "preview_host"),
                files,
            });
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Binary, so that neither server compresses.
const FILES: [(&str, usize); 2] = [("1k.bin", 1_024), ("100k.bin", 102_400)];

fn nginx(folder: &Path, sites: &[Site]) -> Outcome<Nginx> {
    let free = || {
        Outcome::Ok(
            std::net::TcpListener::bind("127.0.0.1:0")?
                .local_addr()?
                .port(),
        )
    };
    let (http, https) = (free()?, free()?);
    let at = folder.display();
    let mut text = format!(
        "user root;\nworker_processes auto;\npid {at}/pid;\nerror_log {at}/error.log;\ndaemon off;\n\
         events {{ worker_connections 4096; }}\nhttp {{\n  access_log {at}/access.log combined;\n  \
         sendfile on; tcp_nopush on; keepalive_requests 1000000000; server_names_hash_max_size 8192;\n  \
         server_names_hash_bucket_size 128; default_type application/octet-stream;\n  \
         client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; fastcgi_temp_path {at}/t3;\n  \
         uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5; ssl_protocols TLSv1.2 TLSv1.3;\n"
    );
    for Site { host, files } in sites {
        let own = files
            .ancestors()
            .find(|path| path.join("cert.pem").exists());
        let own = own.ok_or("a site without a certificate")?.display();
        writeln!(
            text,
            "  server {{ listen 127.0.0.1:{http}; listen 127.0.0.1:{https} ssl; server_name {host}; \
             root {}; ssl_certificate {own}/cert.pem; ssl_certificate_key {own}/key.pem; }}",
            files.display()
        )?;
    }
    text.push_str("}\n");
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text)?;
    let mut command = Command::new("nginx");
    let child = command.arg("-c").arg(&file).stderr(Stdio::null()).spawn()?;
    Ok(Nginx { child, http, https })
}

/// Requests in a second, as wrk counts them. It must see no error.
fn wrk(script: &Path, url: &str, path: &str, hosts: &[String]) -> Outcome<f64> {
    let mut command = Command::new("wrk");
    command
        .args(["-t1", "-c64", "-d4s", "-s"])
        .arg(script)
        .arg(url)
        .arg("--")
        .arg(path);
    let output = command.args(hosts).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    let number = text
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"));
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(format!("wrk {url}{path}: {text}").into());
    }
    Ok(number
        .ok_or_else(|| format!("wrk {url}{path}: {text}"))?
        .trim()
        .parse()?)
}

/// A question to both servers, one after the other.
struct Duel<'a> {
    script: &'a Path,
    wabe: (u16, u16),
    nginx: &'a Nginx,
}

impl Duel<'_> {
    fn row(&self, what: &str, (secure, file): (bool, &str), hosts: &[&Site]) -> Outcome<Row> {
        let first = hosts.first().ok_or("there is no site")?;
        let (scheme, wabe, nginx) = if secure {
            ("https", self.wabe.1, self.nginx.https)
        } else {
            ("http", self.wabe.0, self.nginx.http)
        };
        let ask = |port: u16| {
            let url = format!("{scheme}://{}:{port}", first.host);
            let names: Vec<String> = hosts
                .iter()
                .map(|site| format!("{}:{port}", site.host))
                .collect();
            wrk(self.script, &url, &format!("/{file}"), &names)
        };
        let (ours, theirs) = (ask(wabe)?, ask(nginx)?);
        let name = format!("static file over {}, {what}, {file}", scheme.to_uppercase());
        let row = Row::new(name, format!("{ours:.0}/s"));
        Ok(row.beside(format!("nginx: {theirs:.0}/s"), ours / theirs))
    }
}

pub(crate) async fn run() -> Outcome<Vec<Row>> {
    let folder = Folder::new().await?;
    let running = folder.start("demo").await?;
    let sites = make_sites(&folder, &running).await?;
    let work = tempfile::tempdir()?;
    let script = work.path().join("ask.lua");
    std::fs::write(&script, SCRIPT)?;
    let nginx = nginx(work.path(), &sites)?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let ready = &running.ready;
    let wabe = (port(&ready.sites_http)?, port(&ready.sites_https)?);
    let duel = Duel {
        script: &script,
        wabe,
        nginx: &nginx,
    };
    let one: Vec<&Site> = sites.iter().take(1).collect();
    let all: Vec<&Site> = sites.iter().collect();
    let mut rows = Vec::new();
    for secure in [false, true] {
        for (file, _) in FILES {
            rows.push(duel.row("one of 1 000 sites", (secure, file), &one)?);
        }
    }
    rows.push(duel.row("1 000 sites in turn", (false, "1k.bin"), &all)?);
    rows.push(duel.row("1 000 sites in turn", (false, "100k.bin"), &all)?);
    drop(nginx);
    running.end()?;
    Ok(rows)
}
