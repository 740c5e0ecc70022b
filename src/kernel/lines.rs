//! Lists that somebody types a line each.

/// A list of things that are read from texts, each key once. In JSON a list of texts; in a form one a line. None when
/// absent.
macro_rules! lines {
    ($(#[$doc:meta])* $name:ident of $item:ident by $key:expr, at most $max:expr) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(Vec<$item>);

        impl $name {
            /// One after the other.
            pub fn iter(&self) -> std::slice::Iter<'_, $item> {
                self.0.iter()
            }

            /// Whether there is none.
            #[must_use]
            pub const fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// Reads one after the other; of the first that is wrong, it says which and why.
            fn read<'a, T>(
                lines: impl Iterator<Item = (usize, T)>,
                of: impl Fn(&T) -> Result<$item, $crate::field::Problem>,
                text: impl Fn(&T) -> &'a str,
            ) -> Result<Self, $crate::field::Problem> {
                use $crate::field::Problem;

                let key: fn(&$item) -> String = $key;
                let (mut items, mut keys) = (Vec::new(), std::collections::BTreeSet::new());
                for (number, line) in lines {
                    let at = |problem: Problem| problem.in_line(number, text(&line));
                    if items.len() >= $max {
                        return Err(at(Problem::new("too-many").with("max", $max)));
                    }
                    let item = of(&line).map_err(at)?;
                    if !keys.insert(key(&item)) {
                        return Err(at(Problem::new("rule-there-already")));
                    }
                    items.push(item);
                }
                Ok(Self(items))
            }
        }

        impl<'a> IntoIterator for &'a $name {
            type Item = &'a $item;
            type IntoIter = std::slice::Iter<'a, $item>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        /// The form's text: one a line.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                for (place, item) in self.0.iter().enumerate() {
                    let end = if place > 0 { "\n" } else { "" };
                    write!(f, "{end}{item}")?;
                }
                Ok(())
            }
        }

        impl $crate::field::Field for $name {
            const REQUIRED: bool = false;

            fn from_json(value: &serde_json::Value) -> Result<Self, $crate::field::Problem> {
                let items = value.as_array();
                let items = items.ok_or($crate::field::Problem::new("must-be-list"))?;
                let lines = (1..).zip(items);
                Self::read(
                    lines,
                    |item| <$item as $crate::field::Field>::from_json(item),
                    |item| item.as_str().unwrap_or_default(),
                )
            }

            fn from_text(text: &str) -> Result<Self, $crate::field::Problem> {
                let lines = (1..).zip(text.lines());
                let lines = lines.filter(|(_, line)| !line.trim().is_empty());
                Self::read(
                    lines,
                    |line| <$item as $crate::field::Field>::from_text(line),
                    |line| *line,
                )
            }

            fn absent() -> Option<Self> {
                Some(Self::default())
            }
        }
    };
}

pub(crate) use lines;
