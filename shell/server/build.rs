//! Sees to it that the server finds the web client, whichever of the two is built first.

use std::{fs, process};

/// Where the web build leaves the client, seen from this package. `http::web` names it as well.
const CLIENT: &str = "../../web/dist";

fn main() {
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        // Its files are embedded at compile time: look again when the client was built meanwhile.
        println!("cargo:rerun-if-changed={CLIENT}/index.html");
        return;
    }
    // A debug build reads them when they are asked for, but under the name that their folder had at compile time, and in a
    // folder that was missing then nothing is ever found. So there is one, if only an empty one.
    println!("cargo:rerun-if-changed=build.rs");
    if let Err(error) = fs::create_dir_all(CLIENT) {
        eprintln!("{CLIENT} cannot be made: {error}");
        process::exit(1);
    }
}
