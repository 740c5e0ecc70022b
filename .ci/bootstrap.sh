# What building and testing Wabe needs on a fresh Debian. Sourced by ./test and ./run.

# Runs a command as root: as we are, or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "needs root or sudo for: $*" >&2
        return 1
    fi
}

# Installs those of the named packages that are missing.
need_packages() {
    local missing=() package
    for package in "$@"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing+=("$package")
        fi
    done
    if [ "${#missing[@]}" -eq 0 ]; then
        return 0
    fi
    echo "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

# Installs the services that Wabe runs as private instances, and what it starts them with.
need_services() {
    need_packages nginx-light apache2-bin php-fpm php-mysql php-sqlite3 mariadb-server postgresql util-linux
}

# Makes cargo available: the one on the path, else the stable one through rustup.
need_rust() {
    if [ -f "$HOME/.cargo/env" ]; then
        # shellcheck source=/dev/null
        . "$HOME/.cargo/env"
    fi
    if ! command -v cargo >/dev/null; then
        need_packages curl ca-certificates
        curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
            sh -s -- -y --no-modify-path --profile minimal --default-toolchain stable
        # shellcheck source=/dev/null
        . "$HOME/.cargo/env"
    fi
}

# Adds parts of the toolchain that are missing, such as clippy.
need_components() {
    local component
    for component in "$@"; do
        if ! cargo "$component" --version >/dev/null 2>&1; then
            case "$component" in
                fmt) rustup component add rustfmt ;;
                *) rustup component add "$component" ;;
            esac
        fi
    done
}
