//! `parlor reset`: a link with which somebody sets a new password, for whoever has the machine. It is the way back in when
//! the only administrator forgot theirs. It may run beside the server.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use server::{account::reset, folder::Folder};
use store::Store;

use crate::cli::Settings;

/// Whose password.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name that they sign in with.
    name: String,
    #[command(flatten)]
    settings: Settings,
}

/// Prints the link's path: only the browser knows under which address the server is reached.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let config = args.settings.load()?;
    Folder::open(&config.data)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("No runtime can be started")?;
    let (link, disabled) = runtime.block_on(async {
        let store = Store::open(&config.database()).await?;
        let Some(account) = store.account_by_name(&args.name).await? else {
            bail!(
                "Nobody signs in here as {}: give the name they sign in with, and the --data of the server.",
                args.name
            );
        };
        anyhow::Ok((reset::link(&store, account.id).await?, account.disabled))
    })?;
    println!("{}", link.path);
    eprintln!("Put it behind the address of the server, as in https://talk.example.org{}", link.path);
    eprintln!("It is good once, for a day, and signs {} out everywhere when it is used.", args.name);
    if disabled {
        eprintln!("{} is shut out: an administrator has to let them in again first.", args.name);
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}
