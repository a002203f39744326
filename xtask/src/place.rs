//! Where things lie in this repository.

use std::{env, path::PathBuf};

/// The repository's top folder.
pub fn root() -> PathBuf {
    // Cargo sets the variable when it runs us; the compiled-in value serves who starts the binary by hand.
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().expect("xtask is a folder of the repository").to_path_buf()
}

/// Cargo's output folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The `parlor` binary of one build profile (`debug` or `release`).
pub fn binary(profile: &str) -> PathBuf {
    target().join(profile).join(format!("parlor{}", env::consts::EXE_SUFFIX))
}
