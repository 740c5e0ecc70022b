//! Builds this room anew when a migration appears: the macro that embeds them sees changes only.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
