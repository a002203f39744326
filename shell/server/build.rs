//! Makes a release build look again when the web client was built meanwhile: its files are embedded at compile time.
//!
//! A debug build reads them from disk when they are asked for, so there is nothing to watch.

fn main() {
    let watched = match std::env::var("PROFILE").as_deref() {
        Ok("release") => "../../web/dist/index.html",
        _ => "build.rs",
    };
    println!("cargo:rerun-if-changed={watched}");
}
