//! What `wit/` says, as Rust.

wasmtime::component::bindgen!({
    path: "../../wit",
    world: "plugin",
    imports: {
        "wabe:plugin/log.write": trappable,
        default: async | trappable,
    },
    exports: { default: async },
});
