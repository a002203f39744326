//! Webhooks, and the log of what each was told. For administrators alone.

pub mod again;
pub mod change;
pub mod create;
pub mod delete;
pub mod deliveries;
pub mod list;
pub mod test;

use proto::{
    HookId, Refusal,
    api::{Hook, Hooks},
};
use store::StoredHook;

use super::{App, problem::Fault};

/// The one that a path names.
async fn find(app: &App, id: &str) -> Result<StoredHook, Fault> {
    let id: HookId = id.parse().map_err(|_| Refusal::NotFound)?;
    let hooks = app.store.hooks().await?;
    Ok(hooks.into_iter().find(|hook| hook.id == id).ok_or(Refusal::NotFound)?)
}

/// All of them, as they are now.
async fn all(app: &App) -> Result<Hooks, Fault> {
    let hooks = app.store.hooks().await?.into_iter().map(|hook| view(app, hook)).collect();
    let api_keys = app.keys.names().map(str::to_owned).collect();
    Ok(Hooks { hooks, api_keys })
}

fn view(app: &App, hook: StoredHook) -> Hook {
    let standing = app.hooks.standing().get(&hook.id).copied().unwrap_or_default();
    let StoredHook { id, address, rooms, calls, signer: api_key, stopped, created_at: _ } = hook;
    let waiting = u32::try_from(standing.waiting).unwrap_or(u32::MAX);
    Hook { id, address, rooms, calls, api_key, stopped, waiting, left_out: standing.left_out }
}
