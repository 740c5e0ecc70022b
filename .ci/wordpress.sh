# WordPress as Debian has it, for the journey of an application with a database. Sourced by ./test.
#
# Its packages are unpacked and never installed: they would bring a web server along.

wordpress=target/applications/wordpress.zip

# The packages that it is made of: itself, what it links to, and a theme.
wordpress_packages() {
    echo wordpress
    LC_ALL=C apt-cache depends wordpress |
        sed -nE 's/^ +Depends: ((libjs-|libphp-|php-getid3).*)$/\1/p; s/^ +Recommends: (wordpress-theme-.*)$/\1/p'
}

# Leaves the archive that a customer uploads in $wordpress.
need_wordpress() {
    if [ -f "$wordpress" ]; then
        return 0
    fi
    echo "unpacking wordpress"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    local work
    work=$(mktemp -d)
    # In a shell of its own, so that nothing stays behind wherever it ends.
    (
        trap 'rm -rf "$work"' EXIT
        unpack_wordpress "$work"
    )
}

# Makes the archive in a folder for work, and moves it to $wordpress once it is whole.
unpack_wordpress() {
    local work=$1 packages file
    packages=$(wordpress_packages)
    # apt's own user does not come into a folder of ours.
    # shellcheck disable=SC2086
    (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root $packages)
    for file in "$work"/*.deb; do
        dpkg -x "$file" "$work/unpacked"
    done
    # Debian's own configuration looks for the rest of it beneath /etc.
    rm -f "$work/unpacked/usr/share/wordpress/wp-config.php" "$work/unpacked/usr/share/wordpress/.htaccess"
    # Links are followed, and one that leads nowhere ends this.
    mkdir -p "$work/wordpress"
    cp -rL "$work/unpacked/usr/share/wordpress/." "$work/wordpress"
    # Half of it is there twice: to be read, and for scripts from right to left.
    find "$work/wordpress" -name '*-rtl.css' -delete
    find "$work/wordpress" -name '*-rtl.min.css' -delete
    find "$work/wordpress" \( -name '*.min.js' -o -name '*.min.css' \) -print | while IFS= read -r file; do
        rm -f "${file%.min.*}.${file##*.}"
    done
    (cd "$work" && python3 -m zipfile -c wordpress.zip wordpress)
    mkdir -p "$(dirname "$wordpress")"
    # Beside its place first: a folder for work may lie on another disk, where a move can break off halfway.
    cp "$work/wordpress.zip" "$wordpress.part"
    mv "$wordpress.part" "$wordpress"
}
