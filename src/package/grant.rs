//! What a customer granted to an installation.

use crate::capability::{Capability, Request};
use crate::flaw::{Defect, Flaw};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wabe_kernel::id::WebspaceId;

/// The parameters of one granted right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grant {
    /// Of `files:…`: the webspaces it may touch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub webspaces: Vec<WebspaceId>,
    /// Of `records:…`: the fields it may read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// All rights of an installation.
///
/// In JSON an object by capability: `true` or the parameters for what is granted; `false` for what
/// was refused, which is the same as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants(BTreeMap<Capability, Grant>);

impl Grants {
    /// No rights at all.
    #[must_use]
    pub const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// Everything that a manifest asks for, with all its fields, in these webspaces: what an author's
    /// machine grants.
    #[must_use]
    pub fn all(requests: &[Request], webspaces: &[WebspaceId]) -> Self {
        let mut grants = Self::none();
        for request in requests {
            let files = request.capability.needs_webspaces();
            let grant = Grant {
                webspaces: if files {
                    webspaces.to_vec()
                } else {
                    Vec::new()
                },
                fields: request.fields.clone(),
            };
            grants.insert(request.capability.clone(), grant);
        }
        grants
    }

    /// Grants one more.
    pub fn insert(&mut self, capability: Capability, grant: Grant) {
        self.0.insert(capability, grant);
    }

    /// What is granted, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Capability, &Grant)> {
        self.0.iter()
    }

    /// True when nothing is granted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The granted right that covers this one.
    #[must_use]
    pub fn find(&self, needed: &Capability) -> Option<&Grant> {
        let covering = |(have, grant): (&Capability, _)| have.covers(needed).then_some(grant);
        self.0.get(needed).or_else(|| {
            self.0
                .iter()
                .find_map(|(have, grant)| covering((have, grant)))
        })
    }

    /// Whether this right is granted.
    #[must_use]
    pub fn covers(&self, needed: &Capability) -> bool {
        self.find(needed).is_some()
    }

    /// What both have: the hoster's ceiling, what a manifest asks for and what a customer granted, two
    /// by two. A narrower event topic wins; fields are those of both.
    #[must_use]
    pub fn within(&self, requests: &[Request]) -> Self {
        let mut both = Self::none();
        for ((capability, grant), asked) in self
            .0
            .iter()
            .flat_map(|g| requests.iter().map(move |r| (g, r)))
        {
            let narrow = if asked.capability.covers(capability) {
                capability
            } else if capability.covers(&asked.capability) {
                &asked.capability
            } else {
                continue;
            };
            let mut grant = grant.clone();
            grant.fields.retain(|field| asked.fields.contains(field));
            both.insert(narrow.clone(), grant);
        }
        both
    }

    /// What is wrong with these grants for a plugin that makes these requests.
    #[must_use]
    pub fn check(&self, requests: &[Request]) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let mut note = |capability: &Capability, defect| {
            flaws.push(Flaw::at("", capability.to_string(), defect));
        };
        for (capability, grant) in &self.0 {
            let word = capability.to_string();
            let asked = requests.iter().find(|r| r.capability.covers(capability));
            let Some(asked) = asked else {
                note(capability, Defect::NotAsked { capability: word });
                continue;
            };
            if capability.needs_webspaces() && grant.webspaces.is_empty() {
                note(capability, Defect::WebspacesMissing { capability: word });
            } else if let Some(field) = grant.fields.iter().find(|f| !asked.fields.contains(f)) {
                let known = asked.fields.join(", ");
                let value = field.clone();
                note(capability, Defect::NotAChoice { value, known });
            }
        }
        for request in requests.iter().filter(|r| !r.optional) {
            if !self.covers(&request.capability) {
                let capability = request.capability.to_string();
                note(&request.capability, Defect::NotGranted { capability });
            }
        }
        flaws
    }

    /// Reads the object of the API and of forms; every entry that is wrong is reported.
    pub fn from_value(value: &Value) -> Result<Self, Vec<Flaw>> {
        let Value::Object(entries) = value else {
            let defect = Defect::WrongType {
                expected: "an object by capability".to_owned(),
                found: crate::json::type_name(value).to_owned(),
            };
            return Err(vec![Flaw::of_part("", defect)]);
        };
        let mut grants = Self::none();
        let mut flaws = Vec::new();
        for (word, parameters) in entries {
            match read_entry(word, parameters) {
                Ok(Some((capability, grant))) => grants.insert(capability, grant),
                Ok(None) => {}
                Err(defect) => flaws.push(Flaw::at("", word.clone(), defect)),
            }
        }
        if flaws.is_empty() {
            Ok(grants)
        } else {
            Err(flaws)
        }
    }
}

fn read_entry(word: &str, parameters: &Value) -> Result<Option<(Capability, Grant)>, Defect> {
    let capability: Capability = word.parse()?;
    let grant = match parameters {
        Value::Bool(false) | Value::Null => return Ok(None),
        Value::Bool(true) => Grant::default(),
        Value::Object(_) => Grant::deserialize(parameters).map_err(|error| Defect::NotJson {
            reason: error.to_string(),
        })?,
        other => {
            return Err(Defect::WrongType {
                expected: "true, false or an object".to_owned(),
                found: crate::json::type_name(other).to_owned(),
            });
        }
    };
    Ok(Some((capability, grant)))
}

impl Serialize for Grants {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(capability, grant)| {
            let plain = grant == &Grant::default();
            let value = if plain { json!(true) } else { json!(grant) };
            (capability.to_string(), value)
        }))
    }
}

impl<'de> Deserialize<'de> for Grants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_value(&value).map_err(|flaws| {
            let text: Vec<_> = flaws.iter().map(ToString::to_string).collect();
            serde::de::Error::custom(text.join(" "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Texts;
    use proptest::prelude::*;

    fn request(word: &str, optional: bool, fields: &[&str]) -> Request {
        Request {
            capability: word.parse().unwrap(),
            optional,
            reason: Texts::default(),
            fields: fields.iter().map(|&f| f.to_owned()).collect(),
        }
    }

    fn grants(value: &Value) -> Grants {
        Grants::from_value(value).unwrap()
    }

    #[test]
    fn grants_round_trip_through_json() {
        let value = json!({
            "events:mailbox.*": true,
            "files:read": {"webspaces": ["web_01h455vb4pex5vsknk084sn02q"]},
            "records:mailbox": {"fields": ["address"]},
        });
        assert_eq!(serde_json::to_value(grants(&value)).unwrap(), value);
        assert!(grants(&json!({"mail": false})).is_empty());
    }

    #[test]
    fn every_wrong_entry_is_reported() {
        let value = json!({"root": true, "mail": 1, "files:read": {"paths": []}});
        let codes: Vec<_> = Grants::from_value(&value)
            .unwrap_err()
            .iter()
            .map(|f| f.defect.code())
            .collect();
        assert_eq!(codes, ["unknown-capability", "wrong-type", "not-json"]);
    }

    #[test]
    fn grants_stay_within_what_is_asked() {
        let requests = [
            request("events:mailbox.*", false, &[]),
            request("records:mailbox", true, &["address", "state"]),
            request("files:write", true, &[]),
        ];
        let wide = grants(
            &json!({"events:*": true, "records:mailbox": {"fields": ["address", "secret"]},
            "files:write": true, "mail": true}),
        );
        let codes: Vec<_> = wide
            .check(&requests)
            .iter()
            .map(|f| f.defect.code())
            .collect();
        assert_eq!(
            codes,
            [
                "not-asked",
                "not-a-choice",
                "webspaces-missing",
                "not-asked"
            ]
        );
        let within = serde_json::to_value(wide.within(&requests)).unwrap();
        assert_eq!(
            within,
            json!({"events:mailbox.*": true,
            "records:mailbox": {"fields": ["address"]}, "files:write": true})
        );
        let codes: Vec<_> = Grants::none()
            .check(&requests)
            .iter()
            .map(|f| f.defect.code())
            .collect();
        assert_eq!(codes, ["not-granted"]);
    }

    #[test]
    fn a_granted_glob_covers_its_topics() {
        let grants = grants(&json!({"events:mailbox.*": true}));
        assert!(grants.covers(&"events:mailbox.create".parse().unwrap()));
        assert!(!grants.covers(&"events:domain.create".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn any_json_as_grants(
            words in proptest::collection::vec("(mail|files:read|events:[a-z.*]{0,6}|\\PC{0,8})", 0..4),
            values in proptest::collection::vec(
                proptest::sample::select(vec![
                    json!(true), json!(false), json!(null), json!(1), json!({}), json!({"fields": ["a"]}),
                    json!({"webspaces": ["web_1"]}), json!({"webspaces": ["web_01h455vb4pex5vsknk084sn02q"]}),
                ]),
                4,
            ),
        ) {
            let entries: Value = words.into_iter().zip(values).collect::<serde_json::Map<_, _>>().into();
            match serde_json::from_value::<Grants>(entries.clone()) {
                Ok(grants) => {
                    let again = serde_json::to_value(&grants).unwrap();
                    prop_assert_eq!(serde_json::from_value::<Grants>(again).unwrap(), grants);
                }
                Err(_) => prop_assert!(!Grants::from_value(&entries).unwrap_err().is_empty()),
            }
        }
    }
}
