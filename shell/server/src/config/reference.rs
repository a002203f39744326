//! Writes docs/config.md from the list of settings, and fails when the committed page was stale.

use std::{fmt::Write as _, fs, path::Path};

use super::KEYS;

#[test]
fn the_reference_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/config.md");
    let page = page();
    if fs::read_to_string(&path).unwrap_or_default() != page {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &page).unwrap();
        panic!("{} was stale; it is rewritten: commit it", path.display());
    }
}

#[test]
fn the_sample_in_the_reference_page_is_a_configuration() {
    let uncommented: String =
        sample().lines().filter(|l| l.contains(" = ")).map(|l| format!("{}\n", &l[2..])).collect();
    let raw: super::Raw = toml::from_str(&uncommented).unwrap();
    assert!(raw.data.is_some() && raw.log_format.is_some() && raw.api_keys.is_some());
}

fn page() -> String {
    let mut page = String::from(
        "<!-- Generated from shell/server/src/config/raw.rs by `cargo test -p server reference`. Do not edit. -->\n\n\
         # Configuration\n\n\
         `parlor serve` needs none. Each setting can be given as a flag, as a variable, or in a TOML file that \
         `--config FILE` or `PARLOR_CONFIG` names; a flag goes before a variable, a variable before the file. A setting \
         that does not exist is an error. `parlor config check` says whether everything is right.\n",
    );
    for key in KEYS {
        let flag = if key.flag { format!("`--{} {}`", key.flag_name(), key.value) } else { "none".to_owned() };
        write!(
            page,
            "\n## {}\n\n{}\n\n- Flag: {flag}\n- Variable: `{}`\n- Default: {}\n",
            key.name,
            key.text(),
            key.variable(),
            key.default
        )
        .unwrap();
    }
    page.push_str("\n## A sample file\n\nEverything is commented out; a file may be empty.\n\n```toml\n");
    page.push_str(&sample());
    page.push_str("```\n");
    page
}

fn sample() -> String {
    KEYS.iter().map(|key| format!("# {}\n# {}\n\n", key.text(), key.sample)).collect::<String>().trim_end().to_owned()
        + "\n"
}
