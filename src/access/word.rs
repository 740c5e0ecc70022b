//! Closed lists of words: an enum that the database, forms and the API spell the same.

/// Declares an enum of words. The room that uses it depends on `serde`, `serde_json`, `schemars`,
/// `wabe-kernel` and `wabe-store`.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in the database, the API and the names of messages.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = wabe_kernel::Problem;

            fn from_str(text: &str) -> Result<Self, wabe_kernel::Problem> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(wabe_kernel::Problem::new("not-a-choice")),
                }
            }
        }

        impl wabe_kernel::Field for $name {
            fn from_json(value: &serde_json::Value) -> Result<Self, wabe_kernel::Problem> {
                let text = value.as_str();
                <Self as wabe_kernel::Field>::from_text(text.ok_or(wabe_kernel::Problem::new("must-be-text"))?)
            }

            fn from_text(text: &str) -> Result<Self, wabe_kernel::Problem> {
                text.parse()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($word),*] })
            }
        }

        impl wabe_store::Bind for $name {
            fn into_value(self) -> wabe_store::Value {
                wabe_store::Bind::into_value(self.word())
            }
        }
    };
}
