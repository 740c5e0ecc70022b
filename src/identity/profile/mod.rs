//! What an installation demands of passwords, lockout and sessions: four named sets of values.
//!
//! Invariants: the sets are data and known before the program runs; the hard floors (hashing, TLS,
//! the record) are in no profile. Source: bar 1.4; the contradictions they settle are in bar 1.3.

/// Seconds of an hour, for readable tables.
const HOUR: i64 = 3_600;

/// How long an untrusted way in stays closed once it is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockTime {
    /// 2, 4, 8, … seconds with every further failure, up to 15 minutes.
    Doubling,
    /// The same time after every further failure, in seconds.
    Fixed(i64),
}

/// How long a session lives, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// Without a request.
    pub idle_seconds: i64,
    /// In total.
    pub absolute_seconds: i64,
}

/// One set of values.
#[derive(Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name in the configuration.
    pub name: &'static str,
    /// The fewest characters of a password that stands alone.
    pub length_min: usize,
    /// The fewest characters beside a second factor.
    pub length_min_with_second_factor: usize,
    /// Whether a password alone may open the portal.
    pub password_only_allowed: bool,
    /// How many steps before the present one a code of an app may be. Source: bar 3.6 T1.
    pub totp_drift_steps: i64,
    /// Whether a letter, a digit and a special character of three of four classes are demanded.
    pub composition: bool,
    /// After how many days a password must be changed.
    pub age_days_max: Option<i64>,
    /// How many earlier passwords may not come back.
    pub history: i64,
    /// How many hours a password stays before its owner may change it again.
    pub age_hours_min: i64,
    /// Whether the blocklist is asked again at every login.
    pub blocklist_at_login: bool,
    /// How many failures lock the untrusted way in.
    pub lock_after: i64,
    /// For how long.
    pub lock_time: LockTime,
    /// Customers' sessions.
    pub customer: SessionTimes,
    /// Staff sessions.
    pub staff: SessionTimes,
    /// For how many days it is kept who looked at what.
    pub access_log_days: i64,
    /// For how many days logins and what else concerns security is kept.
    pub security_log_days: i64,
}

/// The most characters of a password, in every profile.
pub const LENGTH_MAX: usize = 256;

/// Guesses that an account's untrusted way in answers within 30 days. Source: NIST SP 800-63B, bar 3.2 T2.
pub const GUESSES_PER_MONTH: i64 = 100;

const LONG: SessionTimes = SessionTimes {
    idle_seconds: 30 * 60,
    absolute_seconds: 12 * HOUR,
};
const SHORT: SessionTimes = SessionTimes {
    idle_seconds: 15 * 60,
    absolute_seconds: 8 * HOUR,
};

/// The default: length and blocklist, nothing by the calendar.
pub const STANDARD_2026: Profile = Profile {
    name: "STANDARD-2026",
    length_min: 15,
    length_min_with_second_factor: 12,
    password_only_allowed: true,
    totp_drift_steps: 1,
    composition: false,
    age_days_max: None,
    history: 0,
    age_hours_min: 0,
    blocklist_at_login: false,
    lock_after: 5,
    lock_time: LockTime::Doubling,
    customer: LONG,
    staff: SHORT,
    access_log_days: 45,
    security_log_days: 90,
};

/// The sentences that some contracts demand word for word; weaker in length than the default.
pub const DE_LEGACY: Profile = Profile {
    name: "DE-LEGACY",
    length_min: 8,
    length_min_with_second_factor: 8,
    composition: true,
    age_days_max: Some(90),
    history: 10,
    age_hours_min: 24,
    lock_after: 3,
    lock_time: LockTime::Fixed(15 * 60),
    ..STANDARD_2026
};

/// NIST SP 800-63-4 and BSI ORP.4 to the letter.
pub const BSI_NIST: Profile = Profile {
    name: "BSI-NIST",
    length_min_with_second_factor: 8,
    password_only_allowed: false,
    ..STANDARD_2026
};

/// ASVS level 3.
pub const HIGH: Profile = Profile {
    name: "HIGH",
    length_min_with_second_factor: 15,
    password_only_allowed: false,
    totp_drift_steps: 0,
    blocklist_at_login: true,
    lock_after: 3,
    customer: SHORT,
    security_log_days: 365,
    ..STANDARD_2026
};

impl Profile {
    /// All of them, the default first.
    pub const ALL: [&'static Self; 4] = [&STANDARD_2026, &DE_LEGACY, &BSI_NIST, &HIGH];

    /// The profile of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|profile| profile.name == name)
    }

    /// The fewest characters of a password: of one beside a second factor, or of one that stands alone.
    #[must_use]
    pub const fn fewest(&self, beside_factor: bool) -> usize {
        if beside_factor {
            self.length_min_with_second_factor
        } else {
            self.length_min
        }
    }

    /// Whether everybody has a second factor, so that no password stands alone.
    #[must_use]
    pub const fn factor_for_all(&self) -> bool {
        !self.password_only_allowed
    }

    /// Whether NIST and BSI advise against what it demands: classes of characters, or new passwords by
    /// the calendar. Whoever chooses it is warned. Source: bar 1.3 no. 2 and 3, 1.4.
    #[must_use]
    pub const fn is_discouraged(&self) -> bool {
        self.composition || self.age_days_max.is_some()
    }

    /// How long a customer's or a staff session lives.
    #[must_use]
    pub const fn session(&self, staff: bool) -> SessionTimes {
        if staff { self.staff } else { self.customer }
    }

    /// For how many seconds the untrusted way in closes after so many failures in a row.
    #[must_use]
    pub fn lock_seconds(&self, failures: i64) -> i64 {
        let over = failures - self.lock_after;
        match self.lock_time {
            _ if over < 0 => 0,
            LockTime::Fixed(seconds) => seconds,
            LockTime::Doubling => 2_i64 << over.min(9),
        }
        .min(15 * 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_found_by_its_name_and_no_other() {
        for profile in Profile::ALL {
            assert_eq!(Profile::by_name(profile.name), Some(profile));
        }
        assert_eq!(Profile::by_name("standard"), None);
    }

    // Bar 1.4, row by row.
    #[test]
    fn lengths_and_logs_are_those_of_the_document() {
        for (profile, alone, beside, access, security) in [
            (&STANDARD_2026, 15, 12, 45, 90),
            (&DE_LEGACY, 8, 8, 45, 90),
            (&BSI_NIST, 15, 8, 45, 90),
            (&HIGH, 15, 15, 45, 365),
        ] {
            assert_eq!(profile.fewest(false), alone, "{}", profile.name);
            assert_eq!(profile.fewest(true), beside, "{}", profile.name);
            assert_eq!(profile.access_log_days, access, "{}", profile.name);
            assert_eq!(profile.security_log_days, security, "{}", profile.name);
        }
    }

    #[test]
    fn the_legacy_profile_alone_is_warned_of() {
        for profile in Profile::ALL {
            let legacy = profile.name == "DE-LEGACY";
            assert_eq!(profile.is_discouraged(), legacy, "{}", profile.name);
        }
    }

    #[test]
    fn locks_double_up_to_a_quarter_of_an_hour_or_last_just_that() {
        let seconds: Vec<i64> = (3..17).map(|n| STANDARD_2026.lock_seconds(n)).collect();
        let wanted = [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900];
        assert_eq!(seconds, wanted);
        assert_eq!(DE_LEGACY.lock_seconds(2), 0);
        assert_eq!(DE_LEGACY.lock_seconds(3), 900);
    }
}
