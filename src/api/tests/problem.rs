//! Problem documents.

use crate::problem::{Kind, MEDIA_TYPE, Place, Problem, Voice};
use http::header;
use wabe_access::{Limit, Refusal};
use wabe_kernel::Problem as FieldProblem;
use wabe_kernel::content::ContentError;
use wabe_kernel::id::RequestId;
use wabe_kernel::macros::uuid::Uuid;
use wabe_kernel::{Fault, FieldErrors, Language};
use wabe_web::{Failure, Texts};

fn voice(language: Language) -> Voice {
    let id = RequestId::from_uuid(Uuid::from_u128(7));
    Voice {
        language,
        request: wabe_web::request::RequestId(id),
    }
}

#[test]
fn every_kind_has_its_sentences_in_both_languages() {
    for kind in Kind::ALL {
        for language in Language::ALL {
            for part in ["title", "detail"] {
                let id = format!("api-{part}-{}", kind.word());
                assert!(Texts::global().has(language, &id), "{language} {id}");
            }
        }
    }
}

#[test]
fn fields_are_named_with_pointer_and_sentence() {
    let mut errors = FieldErrors::one("address", FieldProblem::new("required"));
    errors.add("a/b~c", FieldProblem::new("unknown-field"));
    let document = Problem::from(errors).document(&voice(Language::En));
    assert_eq!(document["status"], 422);
    assert_eq!(document["type"], "urn:wabe:problem:invalid");
    assert_eq!(document["errors"][0]["pointer"], "/a~1b~0c");
    let address = &document["errors"][1];
    assert_eq!(
        (&address["pointer"], &address["field"]),
        (&"/address".into(), &"address".into())
    );
    assert_eq!(address["code"], "required");
    assert!(address["detail"].as_str().unwrap().contains(' '));
}

#[test]
fn the_language_is_the_callers() {
    let [de, en] = [Language::De, Language::En]
        .map(|language| Problem::of(Kind::NotFound).document(&voice(language)));
    assert_eq!(
        (&de["title"], &en["title"]),
        (&"Nicht gefunden".into(), &"Not found".into())
    );
    assert_eq!(de["code"], en["code"]);
}

// 3.7 T3
#[test]
fn missing_is_one_answer_wherever_it_is_found_out() {
    let of_gate = Problem::from(Refusal::NotFound);
    let of_wall = Problem::from(&Failure::NotFound);
    let of_content = Problem::from(ContentError::NotFound);
    let said = |problem: &Problem| problem.document(&voice(Language::En)).to_string();
    assert_eq!(said(&of_gate), said(&of_wall));
    assert_eq!(said(&of_gate), said(&of_content));
}

#[test]
fn a_limit_says_its_numbers() {
    let refusal = Refusal::Limit {
        limit: Limit::Mailboxes,
        used: 5,
        max: 5,
        wanted: 1,
    };
    let document = Problem::from(refusal).document(&voice(Language::En));
    assert_eq!(document["status"], 409);
    assert_eq!(document["limit"], "mailboxes");
    let numbers = ["used", "max", "wanted"].map(|name| document[name].as_i64());
    assert_eq!(numbers, [Some(5), Some(5), Some(1)]);
    assert!(document["detail"].as_str().unwrap().contains('5'));
}

#[test]
fn statuses_are_those_of_the_contract() {
    let cases = [
        (Refusal::NotFound, 404),
        (Refusal::Forbidden, 403),
        (Refusal::InPerson, 403),
        (Refusal::StepUp, 403),
        (Refusal::PurposeMissing, 403),
        (Refusal::CustomerSuspended, 403),
        (Refusal::Conflict("in-trash"), 409),
        (Refusal::Busy(3), 503),
        (Refusal::Fault(Fault::new("x")), 500),
    ];
    for (refusal, status) in cases {
        let said = format!("{refusal:?}");
        let response = Problem::from(refusal).render(&voice(Language::En));
        assert_eq!(response.status().as_u16(), status, "{said}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
        assert_eq!(
            response.headers().contains_key(header::RETRY_AFTER),
            status == 503
        );
    }
}

#[test]
fn nobody_without_a_token_is_told_how_to_send_one() {
    let response = Problem::from(&Failure::LoginRequired).render(&voice(Language::En));
    assert_eq!(response.status().as_u16(), 401);
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
}

#[test]
fn a_fault_does_not_show_its_cause() {
    let fault = Fault::because("open the safe", "the key is 4711");
    let document = Problem::from(fault)
        .document(&voice(Language::En))
        .to_string();
    assert!(
        !document.contains("safe") && !document.contains("4711"),
        "{document}"
    );
}

#[test]
fn the_engines_own_words_reach_whoever_wrote_the_sql() {
    let error = ContentError::Rejected("no such table: x".to_owned());
    let document = Problem::from(error).document(&voice(Language::En));
    assert_eq!(document["detail"], "no such table: x");
    assert_eq!(document["status"], 422);
}

#[test]
fn places_outside_the_body_are_named_as_such() {
    for (place, key) in [
        (Place::Query, "parameter"),
        (Place::Header, "header"),
        (Place::Path, "path"),
    ] {
        let problem = Problem::wrong(place, "limit", FieldProblem::new("unreadable"));
        let document = problem.document(&voice(Language::En));
        assert_eq!(document["errors"][0][key], "limit");
        assert!(document["errors"][0].get("pointer").is_none());
    }
}
