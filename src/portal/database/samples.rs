//! Samples of the pages of databases.

use wabe_access::Limit;
use wabe_access::usage::Use;
use wabe_hosting::database::{Database, NewDatabasePassword};
use wabe_kernel::content::TableInfo;
use wabe_kernel::id::DatabaseId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Engine, Field as _, FormState, Language, RemoteAddresses, ResourceKind, State};
use wabe_web::check::check_samples;
use wabe_web::{Face, Sample, Visitor};

use crate::database::console::{Answer, Cell, SqlPage};
use crate::database::create::{CreatePage, CreatedPage, engines};
use crate::database::frame::Frame;
use crate::database::import::ImportPage;
use crate::database::list::{ListPage, Row};
use crate::database::password::PasswordPage;
use crate::database::remote::RemotePage;
use crate::database::rows::RowsPage;
use crate::database::settings::SettingsPage;
use crate::database::show::ShowPage;
use crate::database::trouble::Trouble;
use crate::mailbox::samples::sample;
use crate::plan_use::UseBar;
use crate::samples::{condition, conflict, done, errors, standing, visitor};

fn database(state: State, used: i64) -> Database {
    Database {
        id: DatabaseId::from_uuid(Uuid::from_u128(4)),
        name: "warenwirtschaft_filialen_nordwest".parse().unwrap(),
        engine: Engine::Sqlite,
        host: None,
        port: None,
        database: None,
        user: None,
        connections: None,
        statement_seconds: None,
        remote_addresses: RemoteAddresses::default(),
        remote_host: None,
        quota_bytes: 500_000_000,
        used_bytes: used,
        standing: standing(state),
    }
}

/// One on a server.
fn served(state: State) -> Database {
    let name = || Some("warenwirtschaft_filialen_nordwest".to_owned());
    Database {
        engine: Engine::Postgresql,
        host: Some("127.0.0.1".to_owned()),
        port: Some(15_432),
        database: name(),
        user: name(),
        connections: Some(20),
        statement_seconds: Some(60),
        remote_addresses: RemoteAddresses::from_text("203.0.113.7\n2001:db8::/64").unwrap(),
        remote_host: Some("db.sonnenkorn.example".to_owned()),
        ..database(state, 0)
    }
}

fn frame(state: State) -> Frame {
    let (condition, here) = (
        condition(ResourceKind::Database, state),
        state != State::Deleting,
    );
    Frame::new(&database(state, 0), condition, here, (here, here))
}

fn plan() -> Vec<UseBar> {
    vec![UseBar::of(
        Use {
            limit: Limit::Databases,
            used: 10,
            max: 10,
        },
        1,
    )]
}

fn list(filled: bool, search: &str) -> ListPage {
    let rows = State::ALL
        .iter()
        .map(|state| Row::from(database(*state, 499_000_000)));
    ListPage {
        plan: plan().into_iter().next(),
        search: search.to_owned(),
        rows: if filled { rows.collect() } else { Vec::new() },
        next: if filled {
            "/databases?after=YQ".to_owned()
        } else {
            String::new()
        },
        may_write: true,
        may_use: filled,
        done: done("database-delete"),
    }
}

sample!(
    ListPage,
    vec![
        list(true, ""),
        list(false, ""),
        list(false, "nichts & niemand")
    ]
);

fn create(form: FormState) -> CreatePage {
    CreatePage {
        note: form.has_errors().then(conflict).flatten(),
        form,
        engines: engines(Language::De, Engine::ALL),
        quota: 500_000_000,
        plan: plan(),
    }
}

sample!(
    CreatePage,
    vec![
        create(FormState::new()),
        create(errors("name", "not-a-database-name"))
    ]
);

sample!(
    CreatedPage,
    vec![CreatedPage {
        database: served(State::Pending),
        password: "abcde-fghjk-mnpqr-stuvw".to_owned(),
        done: done("database-create"),
    }]
);

sample!(
    PasswordPage,
    vec![PasswordPage {
        frame: frame(State::Live),
        access: NewDatabasePassword {
            host: Some("127.0.0.1".to_owned()),
            port: Some(13_306),
            database: Some("shop".to_owned()),
            user: Some("shop".to_owned()),
            password: "abcde-fghjk-mnpqr-stuvw".to_owned(),
        },
    }]
);

fn show(state: State, tables: Option<Vec<TableInfo>>) -> ShowPage {
    ShowPage {
        frame: frame(state),
        database: database(state, 0),
        used: 430_000_000,
        percent: 86,
        unreached: tables.is_none() && state == State::Live,
        tables,
        recent: Vec::new(),
        done: done("database-create"),
    }
}

sample!(ShowPage, {
    let mut all: Vec<Self> = State::ALL.iter().map(|state| show(*state, None)).collect();
    let table = TableInfo {
        name: "artikel & <mengen>".to_owned(),
        rows: 184_223,
    };
    all.push(show(State::Live, Some(vec![table])));
    let apart = Database {
        host: None,
        port: None,
        ..served(State::Live)
    };
    for database in [served(State::Live), served(State::Failed), apart] {
        all.push(Self {
            database,
            ..show(State::Live, None)
        });
    }
    all.push(show(State::Live, Some(Vec::new())));
    all
});

fn settings(state: State) -> SettingsPage {
    SettingsPage {
        frame: frame(state),
        form: FormState::new().with("quota_bytes", "500 MB"),
        note: None,
        connections: None,
        preview: None,
        plan: Vec::new(),
        done: None,
    }
}

sample!(SettingsPage, {
    vec![
        settings(State::Live),
        settings(State::Suspended),
        Self {
            form: errors("quota_bytes", "not-a-size"),
            note: conflict(),
            ..settings(State::Live)
        },
        Self {
            preview: Some(crate::samples::preview()),
            plan: plan(),
            ..settings(State::Live)
        },
        Self {
            form: errors("connections", "required"),
            connections: Some(20),
            ..settings(State::Live)
        },
    ]
});

/// The page of one on a server of this engine.
fn remote(engine: Engine, state: State, closed: Option<&'static str>) -> RemotePage {
    let database = Database {
        engine,
        ..served(state)
    };
    let here = state != State::Deleting;
    let condition = condition(ResourceKind::Database, state);
    let frame = Frame::new(&database, condition, here, (here, here));
    RemotePage::new(frame, database, (closed, engine == Engine::Postgresql))
}

sample!(RemotePage, {
    let live = |engine| remote(engine, State::Live, None);
    let empty = |closed| {
        let mut page = remote(Engine::Mariadb, State::Live, closed);
        page.database.remote_addresses = RemoteAddresses::default();
        page
    };
    let file = database(State::Live, 0);
    let mut all = vec![
        live(Engine::Postgresql),
        remote(Engine::Mariadb, State::Deleting, None),
        empty(None),
        remote(Engine::Mariadb, State::Live, Some("off")),
        remote(Engine::Postgresql, State::Live, Some("plan")),
        empty(Some("foreign")),
        RemotePage::new(frame(State::Live), file, (Some("engine"), false)),
    ];
    all.push(RemotePage {
        form: errors("remote_addresses", "not-an-address-range"),
        note: conflict(),
        ..live(Engine::Mariadb)
    });
    all.push(RemotePage {
        preview: Some(crate::samples::preview()),
        done: done("database-set-remote-addresses"),
        ..live(Engine::Mariadb)
    });
    all
});

fn sql(answer: Option<Answer>, trouble: Option<Trouble>) -> SqlPage {
    let form = FormState::new().with("sql", "SELECT * FROM artikel WHERE name <> '&';");
    SqlPage {
        frame: frame(State::Live),
        form,
        trouble,
        answer,
    }
}

fn answer(columns: &[&str]) -> Answer {
    let row = vec![
        Cell::Text("1 & <2>".to_owned()),
        Cell::Null,
        Cell::Binary(2_048),
    ];
    Answer {
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows: if columns.is_empty() {
            Vec::new()
        } else {
            vec![row; 3]
        },
        changed: 3,
        millis: 12,
        first: 501,
        last: 503,
        before: Some(0),
        next: Some(1_000),
        cut: false,
    }
}

fn trouble() -> Trouble {
    Trouble {
        text: "database-rejected".to_owned(),
        words: Some("near \"SELEC\": syntax error".to_owned()),
        kept: None,
    }
}

sample!(SqlPage, {
    let none = Answer {
        rows: Vec::new(),
        last: 500,
        next: None,
        ..answer(&["n"])
    };
    let cut = Answer {
        before: None,
        next: None,
        cut: true,
        ..answer(&["n"])
    };
    vec![
        sql(None, None),
        sql(Some(answer(&["id", "notiz", "bild"])), None),
        sql(Some(answer(&[])), None),
        sql(Some(none), None),
        sql(Some(cut), None),
        sql(None, Some(trouble())),
    ]
});

fn rows(answer: Answer) -> RowsPage {
    RowsPage {
        frame: frame(State::Live),
        table: "artikel & <mengen>".to_owned(),
        href: "/databases/dbs_1/rows?table=artikel".to_owned(),
        answer,
    }
}

sample!(RowsPage, {
    let none = Answer {
        rows: Vec::new(),
        before: None,
        next: None,
        ..answer(&["n"])
    };
    vec![rows(answer(&["id", "notiz", "bild"])), rows(none)]
});

fn import(imported: Option<i64>, trouble: Option<Trouble>) -> ImportPage {
    ImportPage {
        frame: frame(State::Live),
        quota: 500_000_000,
        most: 512 << 20,
        trouble,
        imported,
    }
}

/// The page of one on a server, after a dump that stopped in the middle.
fn imported_by(engine: Engine) -> ImportPage {
    let database = Database {
        engine,
        ..served(State::Live)
    };
    let condition = condition(ResourceKind::Database, State::Live);
    let kept = (engine == Engine::Mariadb).then(|| "content-halted".to_owned());
    ImportPage {
        frame: Frame::new(&database, condition, true, (true, true)),
        ..import(None, Some(Trouble { kept, ..trouble() }))
    }
}

sample!(ImportPage, {
    vec![
        import(None, None),
        import(Some(12_000_000), None),
        import(None, Some(trouble())),
        imported_by(Engine::Mariadb),
        imported_by(Engine::Postgresql),
    ]
});

#[test]
fn the_pages_are_sound_in_both_languages() {
    let none = Vec::<String>::new();
    assert_eq!(check_samples::<ListPage>(), none);
    assert_eq!(check_samples::<CreatePage>(), none);
    assert_eq!(check_samples::<CreatedPage>(), none);
    assert_eq!(check_samples::<PasswordPage>(), none);
    assert_eq!(check_samples::<ShowPage>(), none);
    assert_eq!(check_samples::<SettingsPage>(), none);
    assert_eq!(check_samples::<RemotePage>(), none);
    assert_eq!(check_samples::<SqlPage>(), none);
    assert_eq!(check_samples::<RowsPage>(), none);
    assert_eq!(check_samples::<ImportPage>(), none);
}
