//! `parlor serve`: runs the server until SIGTERM or Ctrl-C.

use std::{io::Write as _, process::ExitCode};

use anyhow::Context as _;
use server::Exit;

use crate::{cli::Settings, log};

/// Runs it. The exit code is 1 when somebody had to be cut off at the end.
pub fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let config = settings.load()?;
    log::start(&config)?;
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("No threads can be started: raise the limits on processes")?;
    let exit = runtime.block_on(async {
        let stop = stopped()?;
        let greet = |started: server::Started| {
            // Nobody may be reading; the log says it too.
            let _ = write!(std::io::stdout(), "{started}").and_then(|()| std::io::stdout().flush());
        };
        anyhow::Ok(server::run(config, stop, greet).await?)
    })?;
    Ok(match exit {
        Exit::Right => ExitCode::SUCCESS,
        Exit::Cut => ExitCode::from(1),
    })
}

/// Done when the system or a person asks us to stop. Listens from now on.
#[cfg(unix)]
fn stopped() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Done when a person asks us to stop.
#[cfg(not(unix))]
fn stopped() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
