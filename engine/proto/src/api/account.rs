//! Accounts: who has one, how people come in, and from where they are signed in.

use serde::{Deserialize, Serialize};

use crate::{AccountId, DeviceKey};

/// Somebody with an account, as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AccountView {
    /// The id, `AC_...`.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub id: AccountId,
    /// The name to sign in with.
    pub name: String,
    /// The name to show.
    pub display_name: String,
    /// The address of the picture, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub avatar: Option<String>,
}

/// `GET /api/v1/me`: the account that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Me {
    /// The account.
    pub account: AccountView,
    /// Whether it administers the server.
    pub admin: bool,
    /// Whether it may make rooms.
    pub may_create: bool,
    /// Whether it has a password; those with a passkey need none.
    pub has_password: bool,
}

/// `POST /api/v1/accounts`: sign up. Answers 201 with [`Me`], signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewAccount {
    /// The name to sign in with: 2 to 64 letters, digits, dots, dashes, underscores, or an e-mail address.
    pub name: String,
    /// The name to show; the one to sign in with when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub display_name: Option<String>,
    /// At least 10 characters.
    pub password: String,
    /// The invitation that allows it, from the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub invitation: Option<String>,
}

/// `POST /api/v1/session`: sign in. Answers [`Me`], with the cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SignIn {
    /// The name to sign in with.
    pub name: String,
    /// The password.
    pub password: String,
}

/// `PATCH /api/v1/me`: what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeMe {
    /// The name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub display_name: Option<String>,
}

/// `PUT /api/v1/me/password`. Signs out every other device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangePassword {
    /// The password until now.
    pub current: String,
    /// The new one, at least 10 characters.
    pub new: String,
}

/// One entry of `GET /api/v1/me/devices`: a place that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Device {
    /// The id, for signing it out.
    pub id: String,
    /// What the browser said of itself, in a few words, such as "Firefox on Linux".
    pub name: String,
    /// When it signed in.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: u64,
    /// When it was last seen, to the hour.
    #[cfg_attr(test, ts(type = "number"))]
    pub seen: u64,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// `GET /api/v1/me/push`: whether the browser that asks is woken when it rings and no page of it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PushView {
    /// The server's key for push services, a point of P-256 in base64url: `applicationServerKey` of a subscription.
    pub key: String,
    /// Whether this browser is woken.
    pub on: bool,
}

/// `PUT /api/v1/me/push`: wake the browser that asks from now on, for as long as it is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PutPush {
    /// Where its push service is to be told: an address of https on a public host.
    pub endpoint: String,
    /// The browser's public key, a point of P-256 in base64url.
    pub p256dh: String,
    /// The secret that it shares, 16 bytes in base64url.
    pub auth: String,
    /// Which of the person's devices it is, as it says on the event socket.
    #[cfg_attr(test, ts(type = "string"))]
    #[schema(value_type = String)]
    pub device: DeviceKey,
}

/// One entry of `GET /api/v1/me/passkeys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Passkey {
    /// The id, for removing it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    #[cfg_attr(test, ts(type = "number"))]
    pub created_at: u64,
}

/// The answer to `POST /api/v1/me/passkeys/begin` and `POST /api/v1/session/passkey/begin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PasskeyOptions {
    /// What `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` takes.
    #[cfg_attr(test, ts(type = "unknown"))]
    #[schema(value_type = Object)]
    pub options: serde_json::Value,
}

/// `POST /api/v1/me/passkeys/finish`: keep the new passkey. Answers 201 with [`Passkey`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewPasskey {
    /// What to call it.
    pub name: String,
    /// What the browser made, by its `toJSON`.
    #[cfg_attr(test, ts(type = "unknown"))]
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
}

/// `POST /api/v1/session/passkey/finish`: sign in with a passkey. Answers [`Me`], with the cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UsePasskey {
    /// What the browser answered, by its `toJSON`.
    #[cfg_attr(test, ts(type = "unknown"))]
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
}

/// `POST /api/v1/invitations` (administrators): a link with which somebody may make an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct NewInvitation {
    /// The name to fill in, when it is meant for somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
    /// How many accounts may be made with it, 1 to 1000; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub uses: Option<u32>,
    /// For how many days it is good, 1 to 365; 7 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub days: Option<u32>,
}

/// An invitation, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Invitation {
    /// The id, for taking it back.
    pub id: String,
    /// The name to fill in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
    /// How many accounts may still be made.
    pub uses_left: u32,
    /// When it ends.
    #[cfg_attr(test, ts(type = "number"))]
    pub expires_at: u64,
}

/// The answer to [`NewInvitation`], and to a reset: the only time that the secret is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SecretLink {
    /// The path of the link; the secret stands after `#`, which browsers do not send.
    pub path: String,
    /// When it ends.
    #[cfg_attr(test, ts(type = "number"))]
    pub expires_at: u64,
}

/// `POST /api/v1/invitations/check`: whether the link is good, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InvitationSecret {
    /// The secret.
    pub secret: String,
}

/// The answer to [`InvitationSecret`]: the link is good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Invited {
    /// The name to fill in, when it is meant for somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub name: Option<String>,
}

/// `POST /api/v1/resets`: a new password by the link of an administrator. Signs out every device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ResetPassword {
    /// The secret from the link.
    pub secret: String,
    /// The new password, at least 10 characters.
    pub password: String,
}

/// One entry of `GET /api/v1/accounts` (administrators).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AccountRow {
    /// The account.
    pub account: AccountView,
    /// Whether it administers the server.
    pub admin: bool,
    /// Whether it may make rooms when only the invited may.
    pub may_create: bool,
    /// Whether it is shut out.
    pub disabled: bool,
    /// When it was made.
    #[cfg_attr(test, ts(type = "number"))]
    pub created_at: u64,
}

/// `PATCH /api/v1/accounts/{id}` (administrators): what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChangeAccount {
    /// Whether it administers the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub admin: Option<bool>,
    /// Whether it may make rooms when only the invited may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub may_create: Option<bool>,
    /// Whether it is shut out: signed out everywhere at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub disabled: Option<bool>,
}
