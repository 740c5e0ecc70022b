use crate::diagnosis::LoginQuestion;
use crate::diagnosis::facts::{Facts, Password};
use crate::factor::demand::Demand;
use crate::factor::store::Standing;
use crate::lockout::throttle::Tries;
use wabe_kernel::Timestamp;
use wabe_kernel::finding::{Finding, Level, Way};
use wabe_kernel::id::MemberId;
use wabe_kernel::macros::uuid::Uuid;

const NOW: Timestamp = Timestamp(1_795_000_000_000_000);
const LATER: Timestamp = Timestamp(1_795_000_600_000_000);

/// A login that works, of somebody else.
fn works() -> Facts {
    Facts {
        own: false,
        disabled_at: None,
        last_login_at: Some(NOW),
        suspended: None,
        password: Password::Set,
        strange: Tries::default(),
        known: Tries::default(),
        networks: 0,
        net_waits: false,
        codes_until: None,
        factors: Standing {
            totp: false,
            passkeys: 0,
            codes: 0,
        },
        demand: None,
        lost_until: None,
    }
}

fn found(facts: Facts) -> Vec<Finding> {
    let question = LoginQuestion {
        member: MemberId::from_uuid(Uuid::from_u128(1)),
        name: "Maria".parse().unwrap(),
        email: "maria@sonne.test".parse().unwrap(),
        facts,
        now: NOW,
    };
    question.answer().findings
}

/// What is to be seen to: its code, its level and where it is mended.
fn open(facts: Facts) -> Vec<(&'static str, Level, Option<Way>)> {
    let all = found(facts).into_iter();
    let open = all.filter(|finding| finding.level != Level::Good);
    open.map(|one| (one.code, one.level, one.fix.map(|fix| fix.way)))
        .collect()
}

/// A login of somebody else with one thing changed.
fn but(change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = works();
    change(&mut facts);
    facts
}

fn locked(tries: Tries) -> Facts {
    but(|facts| facts.strange = tries)
}

fn password(password: Password) -> Facts {
    but(|facts| facts.password = password)
}

#[test]
fn of_a_login_that_works_the_last_time_is_said() {
    let all = found(works());
    let said: Vec<_> = all
        .iter()
        .map(|one| (one.code, one.level, one.at))
        .collect();
    let wanted = [
        ("login-open", Level::Good, None),
        ("login-last", Level::Good, Some(NOW)),
    ];
    assert_eq!(said, wanted);
    let never = but(|facts| facts.last_login_at = None);
    assert_eq!(open(never), [("login-never", Level::Note, None)]);
}

#[test]
fn what_keeps_somebody_out_is_named_with_the_way_to_mend_it() {
    let tries = Tries {
        locked_until: Some(LATER),
        ..Tries::default()
    };
    let spent = Tries {
        spent_until: Some(LATER),
        ..tries
    };
    let (unlock, letter) = (Some(Way::Unlock), Some(Way::Letter));
    let never = |until| password(Password::Never(until));
    for (facts, code, way) in [
        (locked(tries), "login-locked", unlock),
        (locked(spent), "login-spent", unlock),
        (never(Some(LATER)), "login-setup-waits", letter),
        (never(None), "login-setup-over", letter),
        (
            password(Password::Taken(NOW)),
            "login-password-taken",
            letter,
        ),
        (
            password(Password::Initial(NOW)),
            "login-initial-over",
            letter,
        ),
        (
            but(|facts| facts.disabled_at = Some(NOW)),
            "login-disabled",
            None,
        ),
        (
            but(|facts| facts.codes_until = Some(LATER)),
            "login-codes-locked",
            None,
        ),
        (
            but(|facts| facts.lost_until = Some(LATER)),
            "login-factor-lost",
            None,
        ),
        (
            but(|facts| facts.lost_until = Some(NOW)),
            "login-factor-lost-due",
            None,
        ),
    ] {
        assert_eq!(open(facts), [(code, Level::Bad, way)]);
    }
}

#[test]
fn what_will_be_asked_for_is_said_and_mended_by_whose_login_it_is() {
    let tries = Tries {
        failures: 3,
        ..Tries::default()
    };
    let demand = |demand| but(|facts| facts.demand = Some(demand));
    let customer = Demand::Customer("Sonne".to_owned());
    for (facts, code, way) in [
        (
            password(Password::Old(90)),
            "login-password-old",
            Way::Password,
        ),
        (
            password(Password::ToChange),
            "login-password-change",
            Way::Password,
        ),
        (locked(tries), "login-tries-strange", Way::Password),
        (
            demand(Demand::Installation),
            "login-factor-missing",
            Way::Factors,
        ),
        (demand(customer), "login-factor-wanted", Way::Factors),
    ] {
        let mine = Facts { own: true, ..facts };
        assert_eq!(open(mine), [(code, Level::Note, Some(way))]);
    }
    let somebodys = password(Password::Old(90));
    assert_eq!(open(somebodys), [("login-password-old", Level::Note, None)]);
    let initial = password(Password::Initial(LATER));
    assert_eq!(open(initial), [("login-initial", Level::Note, None)]);
}

#[test]
fn how_many_recovery_codes_are_left_is_told_to_nobody_else() {
    let factors = Standing {
        totp: true,
        passkeys: 0,
        codes: 0,
    };
    let theirs = but(|facts| facts.factors = factors);
    assert!(open(theirs).is_empty());
    let mine = Facts {
        own: true,
        factors,
        ..works()
    };
    let none = ("login-codes-none", Level::Note, Some(Way::Factors));
    assert_eq!(open(mine), [none]);
}
