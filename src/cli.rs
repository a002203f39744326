//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, Parser, Subcommand, error::ErrorKind};
use server::config::{Config, KEYS, Raw};

use crate::cmd;

/// Parlor: a self-hosted place to talk, in one binary.
#[derive(Debug, Parser)]
#[command(name = "parlor", version, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Verb,
}

/// What can be done, a line each.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Runs the server.
    Serve(Settings),
    /// Looks at the configuration.
    Config(cmd::config::Args),
    /// Looks for what would keep the server from working, and says what to do.
    Doctor(cmd::doctor::Args),
    /// Makes a media token, for SDKs and tests.
    Token(cmd::token::Args),
    /// Makes a link with which somebody who cannot sign in sets a new password.
    Reset(cmd::reset::Args),
    /// Fills a room with participants made of nothing and measures loss and delay.
    Bench(cmd::bench::Args),
    /// Fills a fresh server with people who only wait, and measures how soon they hear of each other and of calls.
    BenchCalls(cmd::bench::calls::Args),
}

/// Prints what clap has to say; help and version are no errors.
pub fn explain(usage: &clap::Error) -> ExitCode {
    // A closed pipe is nobody's fault.
    let _ = usage.print();
    match usage.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

/// The server's settings as flags, made from the list in `server::config`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    file: Option<PathBuf>,
    flags: Raw,
    /// What is wrong with a flag's value. Told by [`Settings::load`] in one sentence, as for a variable or the file.
    wrong: Option<String>,
}

impl Settings {
    /// The settings with the environment and the file taken into account, checked.
    pub fn load(self) -> anyhow::Result<Config> {
        if let Some(wrong) = self.wrong {
            anyhow::bail!(wrong);
        }
        let file = self.file.or_else(|| std::env::var_os(FILE).map(PathBuf::from));
        Ok(Config::load(self.flags, file.as_deref(), |name| std::env::var(name).ok())?)
    }
}

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config").long("config").value_name("FILE").value_parser(clap::value_parser!(PathBuf));
        let command = command.arg(file.help(format!("A TOML file with settings [{FILE}]")));
        KEYS.iter().filter(|key| key.flag).fold(command, |command, key| {
            let yes_or_no = key.value == "true|false";
            let arg = Arg::new(key.name).long(key.flag_name()).value_name(key.value);
            let arg = if yes_or_no { arg.num_args(0..=1).default_missing_value("true") } else { arg };
            let default = key.default.replace('`', "");
            command.arg(arg.help(format!("{} [{}; default: {default}]", key.text().replace('`', ""), key.variable())))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut settings = Self::default();
        settings.update_from_arg_matches(matches)?;
        Ok(settings)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        if let Some(file) = matches.get_one::<PathBuf>("config") {
            self.file = Some(file.clone());
        }
        for key in KEYS.iter().filter(|key| key.flag) {
            if let Some(text) = matches.get_one::<String>(key.name)
                && let Err(message) = key.set(&mut self.flags, text)
            {
                self.wrong.get_or_insert(format!("--{} cannot be used: {message}.", key.flag_name()));
            }
        }
        Ok(())
    }
}

/// Names the file when no flag does.
const FILE: &str = "PARLOR_CONFIG";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_are_the_settings() {
        let cli =
            Cli::try_parse_from(["parlor", "serve", "--listen", "127.0.0.1:0", "--behind-proxy", "--media-port", "0"]);
        let Verb::Serve(settings) = cli.unwrap().command else { panic!("serve is serve") };
        assert_eq!(settings.flags.behind_proxy, Some(true));
        assert_eq!(settings.flags.media_port, Some(0));
        let wrong = Cli::try_parse_from(["parlor", "serve", "--media-port", "many"]);
        let Verb::Serve(settings) = wrong.unwrap().command else { panic!("serve is serve") };
        assert!(settings.load().unwrap_err().to_string().contains("--media-port"));
        assert!(Cli::try_parse_from(["parlor", "serve", "--api-keys", "a: b"]).is_err(), "secrets are no flags");
    }
}
