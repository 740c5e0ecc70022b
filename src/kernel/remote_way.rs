//! Whether programs elsewhere come to a database server.

/// Whether programs elsewhere come to a server, from where customers listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RemoteWay {
    /// They do not.
    #[default]
    Off,
    /// Whoever runs the server says by its own rules who comes in, and the panel does not touch them.
    Foreign,
    /// They come to the port of the server under this name, over TLS alone.
    On {
        /// The name that they use and that the server's certificate is good for.
        host: String,
        /// The authority that signed the certificate, in PEM, where it is one that nobody knows.
        authority: Option<String>,
    },
}

impl RemoteWay {
    /// The word in the database.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Foreign => "foreign",
            Self::On { .. } => "on",
        }
    }

    /// The name that programs elsewhere use; nothing where none come.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::On { host, .. } => Some(host),
            Self::Off | Self::Foreign => None,
        }
    }

    /// The authority that programs have to be told of, in PEM.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        match self {
            Self::On { authority, .. } => authority.as_deref(),
            Self::Off | Self::Foreign => None,
        }
    }

    /// What was kept as [`Self::word`], [`Self::host`] and [`Self::authority`]; off where that is no whole.
    #[must_use]
    pub fn kept(word: &str, host: Option<String>, authority: Option<String>) -> Self {
        match (word, host) {
            ("on", Some(host)) => Self::On { host, authority },
            ("foreign", _) => Self::Foreign,
            _ => Self::Off,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RemoteWay;

    #[test]
    fn a_way_comes_back_as_it_was_kept_and_is_off_where_it_is_no_whole() {
        let on = |authority: Option<&str>| RemoteWay::On {
            host: "db.example.org".to_owned(),
            authority: authority.map(str::to_owned),
        };
        for way in [
            RemoteWay::Off,
            RemoteWay::Foreign,
            on(None),
            on(Some("PEM")),
        ] {
            let (host, authority) = (way.host(), way.authority());
            let (host, authority) = (host.map(str::to_owned), authority.map(str::to_owned));
            assert_eq!(RemoteWay::kept(way.word(), host, authority), way);
        }
        assert_eq!(RemoteWay::kept("on", None, None), RemoteWay::Off);
        assert_eq!(
            RemoteWay::kept("open", Some(String::new()), None),
            RemoteWay::Off
        );
    }
}
