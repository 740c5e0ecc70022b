# The plugins that ship with Wabe, and the kits for authors. Sourced by ./test and ./run.

shipped=(dyndns quota-alert markdown-site mail-doctor)

# The author's commands, as whoever writes a plugin has them.
author() {
    target/debug/wabe plugin "$@"
}

# What building plugins needs: Rust for the sandbox, Node.js and the kit's two dependencies.
need_plugin_tools() {
    if [ ! -d "$(rustc --print target-libdir --target wasm32-wasip2 2>/dev/null)" ]; then
        rustup target add wasm32-wasip2
    fi
    # Whoever has Node.js from elsewhere keeps it; Debian's npm does not go with it.
    command -v npm >/dev/null || need_packages nodejs npm
    if [ ! -d plugins/node_modules ] ||
        [ plugins/package-lock.json -nt plugins/node_modules/.package-lock.json ]; then
        (cd plugins && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    fi
}

# Leaves NAME.wabeplugin in the folder of each.
pack_plugins() {
    local name
    for name in "${shipped[@]}"; do
        author --project "plugins/$name" pack >/dev/null
    done
}

# The kits' own tests, the plugins' cases in the sandbox, and a fresh project of each template.
test_plugins() {
    local name fresh
    (cd plugins && cargo test --workspace --quiet) || return 1
    (cd plugins && npm test) || return 1
    for name in "${shipped[@]}"; do
        author --project "plugins/$name" test || return 1
    done
    fresh=$(mktemp -d)
    for name in rust js; do
        author --project "$fresh" new --lang "$name" "fresh-$name" || return 1
        if [ "$name" = js ]; then
            (cd "$fresh/fresh-$name" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error) || return 1
        fi
        CARGO_TARGET_DIR=$PWD/target/plugins author --project "$fresh/fresh-$name" test || return 1
        author --project "$fresh/fresh-$name" check || return 1
    done
    rm -rf "$fresh"
}
