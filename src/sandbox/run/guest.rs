//! A component that is loaded: its imports are linked, its entry points are known.

use crate::run::bindings::Plugin;
use crate::run::bindings::exports::wabe::plugin::{actions, events, forms, tasks, webhooks};
use crate::run::cell::Cell;
use crate::run::wasi;
use wabe_package::entry::Entry;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};

/// The API that this host speaks, as the end of an interface's name.
const VERSION: &str = "@1.0.0";

/// A component that may be run any number of times, each time afresh.
pub(crate) struct Guest {
    pub(crate) pre: InstancePre<Cell>,
    pub(crate) entries: Entries,
    /// The names of what it exports.
    exports: Vec<String>,
}

/// Where the functions of the interfaces lie that the component exports.
pub(crate) struct Entries {
    pub(crate) events: Option<events::GuestIndices>,
    pub(crate) tasks: Option<tasks::GuestIndices>,
    pub(crate) actions: Option<actions::GuestIndices>,
    pub(crate) forms: Option<forms::GuestIndices>,
    pub(crate) webhooks: Option<webhooks::GuestIndices>,
}

impl Guest {
    /// Links a component. The error is a sentence with the next step, for the component's author.
    pub(crate) fn link(component: &Component) -> Result<Self, String> {
        let engine = component.engine();
        let mut linker = linker(engine).map_err(|error| format!("{error:#}"))?;
        wasi::link_absent(&mut linker, component).map_err(|error| unlinked(component, &error))?;
        let pre = linker.instantiate_pre(component);
        let pre = pre.map_err(|error| unlinked(component, &error))?;
        let kind = component.component_type();
        let exports = kind
            .exports(engine)
            .map(|(name, _)| name.to_owned())
            .collect();
        Ok(Self {
            entries: Entries::find(&pre)?,
            pre,
            exports,
        })
    }

    /// Says what is missing for this entry point, and the next step.
    pub(crate) fn misses(&self, entry: &Entry) -> String {
        let (interface, function) = entry.function();
        let ours: Vec<&str> = self
            .exports
            .iter()
            .map(String::as_str)
            .filter(|name| name.starts_with("wabe:plugin/"))
            .collect();
        let found = match ours.as_slice() {
            [] => "nothing of wabe:plugin".to_owned(),
            names => names.join(", "),
        };
        format!(
            "the component does not export {interface} with its function {function}; it exports \
             {found}. Implement it, or take the trigger that calls it out of plugin.toml"
        )
    }
}

impl Entries {
    /// Whether the component has this entry point.
    pub(crate) const fn have(&self, entry: &Entry) -> bool {
        match entry {
            Entry::Event { .. } => self.events.is_some(),
            Entry::Task { .. } => self.tasks.is_some(),
            Entry::Describe { .. } | Entry::Action { .. } => self.actions.is_some(),
            Entry::Render { .. } | Entry::Submit { .. } => self.forms.is_some(),
            Entry::Webhook { .. } => self.webhooks.is_some(),
        }
    }

    fn find(pre: &InstancePre<Cell>) -> Result<Self, String> {
        Ok(Self {
            events: entry(pre, "events", events::GuestIndices::new)?,
            tasks: entry(pre, "tasks", tasks::GuestIndices::new)?,
            actions: entry(pre, "actions", actions::GuestIndices::new)?,
            forms: entry(pre, "forms", forms::GuestIndices::new)?,
            webhooks: entry(pre, "webhooks", webhooks::GuestIndices::new)?,
        })
    }
}

/// The functions of one interface, if the component exports it; one without its functions is an error.
fn entry<I>(
    pre: &InstancePre<Cell>,
    name: &str,
    find: fn(&InstancePre<Cell>) -> wasmtime::Result<I>,
) -> Result<Option<I>, String> {
    let interface = format!("wabe:plugin/{name}{VERSION}");
    if pre.component().get_export_index(None, &interface).is_none() {
        return Ok(None);
    }
    find(pre).map(Some).map_err(|error| {
        format!(
            "the component's {interface} is not whole: {error:#}. Build it again with the wit/ \
             folder of version 1.0.0"
        )
    })
}

/// Everything a guest may import, apart from what is made for it alone.
fn linker(engine: &Engine) -> wasmtime::Result<Linker<Cell>> {
    let mut linker = Linker::new(engine);
    wasi::link(&mut linker)?;
    Plugin::add_to_linker::<Cell, HasSelf<Cell>>(&mut linker, |cell| cell)?;
    Ok(linker)
}

/// Why the imports could not be linked: the first that this host does not have, with the way out.
fn unlinked(component: &Component, error: &wasmtime::Error) -> String {
    let engine = component.engine();
    let kind = component.component_type();
    let strange = kind.imports(engine).find_map(|(name, item)| {
        let way = way_out(name)?;
        matches!(
            item.ty,
            ComponentItem::ComponentInstance(_) | ComponentItem::ComponentFunc(_)
        )
        .then(|| format!("the component imports {name}, which this host does not have: {way}"))
    });
    strange.unwrap_or_else(|| {
        format!(
            "the component does not fit this host: {error:#}. Build it again with the wit/ folder \
             of version 1.0.0 and the target wasm32-wasip2"
        )
    })
}

fn way_out(import: &str) -> Option<&'static str> {
    const OURS: [&str; 7] = ["log", "kv", "http", "secrets", "records", "files", "crypto"];
    const WASI: [&str; 6] = [
        "wasi:cli/",
        "wasi:clocks/",
        "wasi:io/",
        "wasi:random/",
        "wasi:filesystem/",
        "wasi:sockets/",
    ];
    if let Some(ours) = import.strip_prefix("wabe:plugin/") {
        let (name, version) = ours.split_once('@').unwrap_or((ours, ""));
        let known = version == "1.0.0" && (OURS.contains(&name) || name == "types");
        return (!known).then_some("it speaks version 1.0.0; build against that");
    }
    if import.starts_with("wasi:http/") {
        return Some("make requests with wabe:plugin/http instead");
    }
    if let Some(rest) = WASI.iter().find_map(|prefix| import.strip_prefix(prefix)) {
        let second = rest
            .split_once('@')
            .is_some_and(|(_, version)| version.starts_with("0.2."));
        return (!second).then_some("of WASI it has version 0.2; build for wasm32-wasip2");
    }
    Some("a plugin may import wabe:plugin and WASI 0.2 only; leave it out of the build")
}

/// Whether these bytes are a component; otherwise what they are, and the next step.
pub(crate) fn is_component(bytes: &[u8]) -> Result<(), String> {
    if wasmparser::Parser::is_component(bytes) {
        return Ok(());
    }
    let message = if wasmparser::Parser::is_core_wasm(bytes) {
        "this is a core module, not a component: with Rust build for the target wasm32-wasip2 and \
         crate-type \"cdylib\", with JavaScript or Python use the kit's build command"
    } else {
        "this is not WebAssembly in its binary form; give the file that the build wrote, ending in \
         .wasm"
    };
    Err(message.to_owned())
}
