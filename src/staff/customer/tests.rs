//! The pages of customers in every state.

use wabe_access::Limit;
use wabe_access::customer::Customer;
use wabe_access::usage::Use;
use wabe_identity::customer::create::CustomerCreated;
use wabe_kernel::id::{CustomerId, PlanId, UserId};
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{FormState, Language, ResourceKind, State};
use wabe_web::Choice;
use wabe_web::check::check_samples;

use crate::customer::action::{Action, ActionPage};
use crate::customer::create::{CreatePage, CreatedPage};
use crate::customer::search::{Found, HomePage};
use crate::customer::view::CustomerPage;
use crate::customer::{languages, setups};
use crate::samples::{NOW, errors, sample};

fn customer(suspended: bool) -> Customer {
    let id = Uuid::from_u128(3);
    Customer {
        id: CustomerId::from_uuid(id),
        number: "K10234".parse().unwrap(),
        name: "Bäckerei Sonnenkorn <& Söhne> Handwerksbetriebe GmbH & Co. KG".to_owned(),
        plan: PlanId::from_uuid(id),
        plan_name: "Handwerk M".to_owned(),
        contact_email: "buero@sonnenkorn.example".parse().unwrap(),
        second_contact_email: suspended.then(|| "chef@anderswo.example".parse().unwrap()),
        contact_phone: None,
        suspended_reason: suspended.then(|| "Spam-Versand aus dem Kontaktformular".to_owned()),
        created_at: NOW.plus_days(-700),
        erasing_at: None,
    }
}

fn plans() -> Vec<Choice> {
    let choice = |name: &str| Choice {
        value: name.to_owned(),
        title: name.to_owned(),
        text: String::new(),
    };
    vec![choice("Handwerk M"), choice("Handwerk \"L\"")]
}

fn action(action: Action, form: FormState, note: Option<&str>) -> ActionPage {
    let note = note.map(str::to_owned);
    ActionPage {
        action,
        customer: customer(true),
        form,
        note,
        plans: plans(),
    }
}

fn create(form: FormState, note: Option<&str>) -> CreatePage {
    CreatePage {
        form,
        note: note.map(str::to_owned),
        plans: plans(),
        languages: languages(Language::De),
        setups: setups(Language::De),
    }
}

fn view(suspended: bool, done: Option<&'static str>) -> CustomerPage {
    let used = |limit, used, max| Use { limit, used, max };
    CustomerPage {
        customer: customer(suspended),
        uses: vec![
            used(Limit::StorageBytes, 49 << 30, 50 << 30),
            used(Limit::Mailboxes, 25, 25),
            used(Limit::Domains, 0, 10),
        ],
        members: 3,
        edited: i64::from(suspended),
        counts: if suspended {
            Vec::new()
        } else {
            vec![
                (ResourceKind::Mailbox, State::Live, 11_846),
                (ResourceKind::Webspace, State::Failed, 1),
            ]
        },
        writes: !suspended || done.is_some(),
        done,
    }
}

fn home(search: &str, found: Vec<Found>, writes: bool) -> HomePage {
    let next = if found.len() > 1 {
        "/staff?q=a&after=YQ"
    } else {
        ""
    };
    HomePage {
        search: search.to_owned(),
        found,
        next: next.to_owned(),
        writes,
    }
}

pub(crate) fn found(by: &'static str) -> Found {
    Found {
        customer: customer(by == "name"),
        by,
    }
}

fn made(password: Option<&str>) -> CreatedPage {
    CreatedPage {
        made: CustomerCreated {
            id: CustomerId::from_uuid(Uuid::from_u128(3)),
            number: "K10234".to_owned(),
            owner: UserId::from_uuid(Uuid::from_u128(4)),
            initial_password: password.map(str::to_owned),
        },
        name: "Bäckerei <Sonnenkorn>".to_owned(),
        email: "inhaber@sonnenkorn.example".to_owned(),
    }
}

sample! {
    HomePage: vec![
        home("", Vec::new(), true),
        home("nichts <da>", Vec::new(), false),
        home("sonne", ["number", "domain", "address", "login", "name"].map(found).into(), true),
    ];
    CustomerPage: {
        let done = ["plan", "suspend", "resume", "domains"].map(|word| view(true, Some(word)));
        done.into_iter().chain([view(false, None), view(true, None)]).collect()
    };
    ActionPage: vec![
        action(Action::Plan, FormState::new().with("plan", "Handwerk M"), None),
        action(Action::Suspend, errors(&["reason", "purpose"]), Some("conflict-already-suspended")),
        action(Action::Resume, FormState::new(), None),
        action(Action::Domains, errors(&["name"]), Some("staff-limit-reached")),
    ];
    CreatePage: vec![
        create(FormState::new().with("setup_by_mail", "true").with("language", "de"), None),
        create(errors(&["name", "owner_email", "owner_second_email", "second_contact_email"]), Some("staff-limit-reached")),
    ];
    CreatedPage: vec![made(None), made(Some("Kf7qd-Tr4mn-Wp8ab-Zh2cd"))];
}

#[test]
fn the_pages_of_customers_are_whole() {
    let found = [
        check_samples::<HomePage>(),
        check_samples::<CustomerPage>(),
        check_samples::<ActionPage>(),
        check_samples::<CreatePage>(),
        check_samples::<CreatedPage>(),
    ];
    assert_eq!(found.concat(), Vec::<String>::new());
}

// 3.4 T6: staff trigger the way to a password, they never choose one.
#[test]
fn no_form_of_the_desk_has_a_field_for_somebody_elses_password() {
    use wabe_web::check::sample_view;
    use wabe_web::{Sample, Theme};
    for page in CreatePage::samples() {
        let view = sample_view(&crate::STAFF, None, Language::De, Theme::Auto);
        assert!(
            !view
                .page(page)
                .html()
                .unwrap()
                .contains("type=\"password\"")
        );
    }
}
