//! `netlab check`.

use std::process::ExitCode;

/// Tries everything that a lab needs.
pub fn check() -> Result<ExitCode, String> {
    let (lines, is_enough) = netlab::lab::abilities();
    for line in lines {
        println!("{line}");
    }
    Ok(if is_enough { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
