//! Plans.

use crate::change::{Change, Content, Plan};
use crate::configuration::{self, SHIPPED};
use crate::machine::{CONFIGURATION, Foreign, Found, Listener, Release, Unit};
use crate::plan;
use crate::table::table;
use crate::tests::machines::{after, any_machine, any_wish, plain};
use crate::wish::{Acme, Part, Wish};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn wish() -> Wish {
    Wish {
        host: Some("panel.example.org".parse().unwrap()),
        acme: Some(Acme {
            directory: "https://acme.example.org/directory".to_owned(),
            contact: "ops@example.org".parse().unwrap(),
        }),
        ..Wish::default()
    }
}

fn names(plan: &Plan) -> Vec<String> {
    let changes = plan.changes.iter();
    changes.map(|planned| planned.change.to_string()).collect()
}

fn configured(plan: &Plan) -> Option<toml::Table> {
    let mut files = plan
        .changes
        .iter()
        .filter_map(|planned| match &planned.change {
            Change::Write(file) if file.path == Path::new(CONFIGURATION) => {
                Some(file.content.clone())
            }
            _ => None,
        });
    match files.next()? {
        Content::Text(text) => Some(configuration::read(text.as_bytes()).unwrap()),
        Content::Agent(_) => None,
    }
}

#[test]
fn a_plain_debian_gets_everything_in_order() {
    let plan = plan(&plain(), &wish());
    assert!(plan.obstacles.is_empty(), "{:?}", plan.obstacles);
    let php = "packages php8.2-fpm php8.2-curl php8.2-gd php8.2-intl php8.2-mbstring php8.2-mysql php8.2-pgsql \
               php8.2-sqlite3 php8.2-xml php8.2-zip php8.2-bcmath";
    let wanted = [
        "unit nginx.service",
        "unit php8.2-fpm.service",
        "package nginx",
        php,
        "packages apache2-bin media-types",
        "file /etc/wabe/wabe.toml",
        "file /etc/wabe/agent.env",
        "unit wabe-agent.service",
        "unit wabe-agent.service",
        "unit wabe.service",
    ];
    assert_eq!(names(&plan), wanted);
    let table = configured(&plan).unwrap();
    assert_eq!(
        table["portal_url"].as_str(),
        Some("https://panel.example.org:8443")
    );
    assert!(!table.contains_key("web"), "the agent shows the sites");
    assert_eq!(
        table["node"]["agent"].as_str(),
        Some("/run/wabe/agent.sock")
    );
    assert_eq!(table["listen"]["sites_https"].as_str(), Some("0.0.0.0:443"));
    assert_eq!(table["acme"]["contact"].as_str(), Some("ops@example.org"));
    let left = plan.left.join("\n");
    assert!(
        left.contains("panel.example.org and *.preview.panel.example.org"),
        "{left}"
    );
}

#[test]
fn a_node_from_before_gets_its_apache_and_an_agent_that_knows_of_it() {
    let mut node = after(plain(), &plan(&plain(), &wish()));
    node.packages.remove("apache2-bin");
    let wanted = [
        "package apache2-bin",
        "unit wabe-agent.service",
        "unit wabe.service",
    ];
    let planned = plan(&node, &Wish::default());
    assert_eq!(names(&planned), wanted);
    let shown = table(&planned);
    assert!(
        shown.contains("have an Apache each") && !shown.contains("apache2.service"),
        "{shown}"
    );
    assert!(plan(&after(node.clone(), &planned), &Wish::default()).is_done());
    // Broken off after the package came, the units are still to start anew.
    let mut part = planned;
    part.changes.truncate(1);
    let broken = after(node, &part);
    assert_eq!(names(&plan(&broken, &Wish::default())), wanted[1..]);
}

#[test]
fn without_users_of_webspaces_there_is_no_apache() {
    let web = Wish {
        parts: BTreeSet::from([Part::Web]),
        ..Wish::default()
    };
    let planned = names(&plan(&plain(), &web));
    assert!(
        planned.contains(&"package nginx".to_owned())
            && !planned.iter().any(|name| name.contains("apache2")),
        "{planned:?}"
    );
}

#[test]
fn what_was_said_once_need_not_be_said_again() {
    let first = after(plain(), &plan(&plain(), &wish()));
    let again = plan(&first, &Wish::default());
    assert!(again.is_done(), "{:?}", names(&again));
    let databases = Wish {
        parts: BTreeSet::from([Part::Mariadb]),
        ..Wish::default()
    };
    assert_eq!(names(&plan(&first, &databases)), ["package mariadb-server"]);
}

#[test]
fn an_edited_configuration_is_kept_and_its_difference_shown() {
    let mut machine = plain();
    let own = b"data = \"/var/lib/wabe\"\nhoster = \"Example\"\n".to_vec();
    let path = PathBuf::from(CONFIGURATION);
    machine.files.insert(path.clone(), Found::File(own));
    let refused = plan(&machine, &Wish::default());
    let [obstacle] = refused.obstacles.as_slice() else {
        unreachable!("{:?}", refused.obstacles)
    };
    assert!(
        obstacle.what.contains("+agent = \"/run/wabe/agent.sock\""),
        "{}",
        obstacle.what
    );
    assert!(!obstacle.what.contains("hoster"), "{}", obstacle.what);
    assert_eq!(configured(&refused), None);
    // Whoever says it in words of their own has said it.
    let said = b"# Ours.\nhoster = \"Example\"\ndata = \"/var/lib/wabe\"\n\
                 node = { agent = \"/run/wabe/agent.sock\" }\n";
    machine.files.insert(path, Found::File(said.to_vec()));
    let taken = plan(&machine, &Wish::default());
    assert!(taken.obstacles.is_empty(), "{:?}", taken.obstacles);
    assert_eq!(configured(&taken), None);
}

#[test]
fn an_agent_takes_the_place_of_the_panels_own_nginx_and_not_the_other_way_round() {
    let web = Wish {
        parts: BTreeSet::from([Part::Web]),
        ..Wish::default()
    };
    let own = plan(&plain(), &web);
    let table = configured(&own).unwrap();
    assert_eq!(table["web"]["server"].as_str(), Some("nginx"));
    let machine = after(plain(), &own);
    assert!(plan(&machine, &web).is_done());
    let agent = plan(&machine, &Wish::default());
    let table = configured(&agent).unwrap();
    assert!(!table.contains_key("web") && table.contains_key("node"));
    let machine = after(machine, &agent);
    assert!(plan(&machine, &web).is_done());
    // Where somebody wrote it, they are told instead.
    let mut edited = plain();
    let own = b"data = \"/var/lib/wabe\"\nweb.server = \"nginx\"\nnode.agent = \"/run/wabe/agent.sock\"\n";
    let path = PathBuf::from(CONFIGURATION);
    edited.files.insert(path, Found::File(own.to_vec()));
    let said = plan(&edited, &Wish::default()).obstacles;
    assert!(
        said.len() == 1 && said[0].what.contains("-server = \"nginx\""),
        "{said:?}"
    );
}

#[test]
fn somebody_at_a_port_is_in_the_way_and_named() {
    let mut machine = plain();
    let listener = |port, program: &str, unit: &str| Listener {
        port,
        program: Some(program.to_owned()),
        unit: Some(unit.to_owned()),
    };
    machine
        .listeners
        .insert(listener(8443, "wabe", "wabe.service"));
    machine
        .listeners
        .insert(listener(443, "nginx", "wabe-agent.service"));
    machine
        .listeners
        .insert(listener(25, "master", "postfix.service"));
    let free = plan(&machine, &wish()).obstacles;
    assert!(free.is_empty(), "{free:?}");
    machine
        .listeners
        .insert(listener(80, "nginx", "nginx.service"));
    machine
        .packages
        .insert("nginx".to_owned(), "1.22".to_owned());
    let site = Foreign::Site(
        PathBuf::from("/etc/nginx/sites-enabled/shop"),
        vec!["shop.example.org".to_owned()],
    );
    machine.foreign.insert(site);
    let plan = plan(&machine, &wish());
    let [obstacle] = plan.obstacles.as_slice() else {
        unreachable!("{:?}", plan.obstacles)
    };
    assert_eq!(
        obstacle.what,
        "nginx listens at port 80, which the panel wants"
    );
    assert!(
        obstacle
            .mend
            .contains("systemctl disable --now nginx.service")
    );
    // What was installed before may be at work: it is not kept from starting.
    let mask = Change::Mask(Unit::Nginx);
    assert!(plan.changes.iter().all(|planned| planned.change != mask));
    let shown = table(&plan);
    assert!(
        shown.contains("will not be touched:\n  /etc/nginx/sites-enabled/shop (shop.example.org)"),
        "{shown}"
    );
}

#[test]
fn other_systems_and_missing_packages_are_told() {
    let mut machine = plain();
    machine.packages.clear();
    let said = plan(&machine, &wish()).obstacles;
    assert!(said.iter().any(|one| one.what.contains("the package wabe")));
    machine.release = None;
    machine.system = "Ubuntu 24.04".to_owned();
    let other = plan(&machine, &wish());
    assert_eq!((other.obstacles.len(), other.changes.len()), (1, 0));
    machine.release = Some(Release::Trixie);
    let trixie = names(&plan(&machine, &wish()));
    assert!(trixie.iter().any(|name| name.contains("php8.4-fpm")));
}

#[test]
fn columns_begin_below_each_other() {
    let shown = table(&plan(&plain(), &wish()));
    let rows: Vec<&str> = shown.lines().take(3).collect();
    let column = rows[0].find("THEN").unwrap();
    assert!(
        rows[1..]
            .iter()
            .all(|row| row[column..].starts_with("never starts")),
        "{shown}"
    );
}

proptest! {
    /// Carried out, a plan leaves nothing to do: it is idempotent.
    #[test]
    fn a_plan_carried_out_leaves_nothing(machine in any_machine(), wish in any_wish()) {
        let first = plan(&machine, &wish);
        if first.obstacles.is_empty() {
            let again = plan(&after(machine, &first), &wish);
            prop_assert!(again.is_done(), "{:?} then {:?}", first.changes, again);
        }
    }

    /// Broken off anywhere, it goes on where it was.
    #[test]
    fn a_plan_that_broke_off_is_resumed(machine in any_machine(), wish in any_wish(), at in 0..12_usize) {
        let first = plan(&machine, &wish);
        if first.obstacles.is_empty() {
            let mut part = first;
            part.changes.truncate(at);
            let broken = after(machine, &part);
            let rest = plan(&broken, &wish);
            prop_assert!(rest.obstacles.is_empty(), "{:?}", rest.obstacles);
            prop_assert!(plan(&after(broken, &rest), &wish).is_done());
        }
    }

    /// A file that is neither the package's nor this program's is never written, nor a link or a folder.
    #[test]
    fn what_is_somebody_elses_is_never_written(machine in any_machine(), wish in any_wish()) {
        for planned in plan(&machine, &wish).changes {
            let Change::Write(file) = planned.change else { continue };
            match machine.at(&file.path) {
                Found::Nothing => prop_assert_eq!(file.before, None),
                Found::File(bytes) => {
                    let shipped = bytes == SHIPPED.as_bytes();
                    prop_assert!(shipped || machine.ledger.owns(&file.path, bytes));
                    prop_assert_eq!(file.before.as_ref(), Some(bytes));
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
