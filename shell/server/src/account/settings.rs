//! The settings that an administrator changes in the browser, as they are kept in the database.

use std::collections::BTreeMap;

use proto::{
    Refusal,
    api::{Branding, Create, ServerView},
};
use store::{Account, Store};

use super::names;
use crate::{VERSION, http::Fault};

/// All of them, with what counts when nobody said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the server is called.
    pub name: String,
    /// Who may make rooms.
    pub create: Create,
    /// Whether anybody may make an account.
    pub sign_up: bool,
    /// The colour of what acts.
    pub accent: Option<String>,
    /// The version of the logo, when there is one.
    pub logo: Option<String>,
}

impl Settings {
    /// Reads them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(store: &Store) -> Result<Self, Fault> {
        Ok(Self::of(store.settings().await?))
    }

    fn of(mut kept: BTreeMap<String, String>) -> Self {
        let mut text = |key: &str| kept.remove(key).filter(|text| !text.is_empty());
        Self {
            name: text(NAME).unwrap_or_else(|| "Parlor".to_owned()),
            create: text(CREATE).and_then(|text| read_create(&text)).unwrap_or(Create::SignedIn),
            sign_up: text(SIGN_UP).is_some_and(|text| text == YES),
            accent: text(ACCENT),
            logo: text(LOGO),
        }
    }

    /// Whether somebody with this account, or without any, may make rooms.
    pub fn may_create(&self, account: Option<&Account>) -> bool {
        match (self.create, account) {
            (Create::Anyone, _) => true,
            (Create::SignedIn, account) => account.is_some(),
            (Create::Invited, account) => account.is_some_and(|account| account.admin || account.may_create),
        }
    }

    /// What any visitor may know.
    pub fn view(&self, set_up: bool) -> ServerView {
        ServerView {
            name: self.name.clone(),
            set_up,
            sign_up: self.sign_up,
            create: self.create,
            branding: Branding {
                accent: self.accent.clone(),
                logo: self.logo.as_ref().map(|version| format!("/api/v1/branding/logo?v={version}")),
            },
            version: VERSION.to_owned(),
        }
    }
}

/// A change of some settings, checked, as rows of the store.
#[derive(Debug, Default)]
pub struct Rows(Vec<(&'static str, String)>);

impl Rows {
    /// Another name.
    ///
    /// # Errors
    /// When it cannot be shown.
    pub fn name(mut self, name: Option<&str>) -> Result<Self, Refusal> {
        if let Some(name) = name {
            self.0.push((NAME, names::shown(name)?));
        }
        Ok(self)
    }

    /// Who may make rooms.
    pub fn create(mut self, create: Option<Create>) -> Self {
        self.0.extend(create.map(|create| (CREATE, write_create(create).to_owned())));
        self
    }

    /// Whether anybody may make an account.
    pub fn sign_up(mut self, sign_up: Option<bool>) -> Self {
        self.0.extend(sign_up.map(|yes| (SIGN_UP, if yes { YES } else { NO }.to_owned())));
        self
    }

    /// The colour of what acts; the empty text takes it away.
    ///
    /// # Errors
    /// When it is no colour.
    pub fn accent(mut self, accent: Option<&str>) -> Result<Self, Refusal> {
        if let Some(accent) = accent {
            let digits = accent.strip_prefix('#').unwrap_or_default();
            let colour = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !colour && !accent.is_empty() {
                return Err(Refusal::BadSetting);
            }
            self.0.push((ACCENT, accent.to_ascii_lowercase()));
        }
        Ok(self)
    }

    /// The version of the logo; the empty text takes it away.
    pub fn logo(mut self, version: &str) -> Self {
        self.0.push((LOGO, version.to_owned()));
        self
    }

    /// As the store takes them.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(key, value)| (*key, value.as_str())).collect()
    }
}

fn write_create(create: Create) -> &'static str {
    match create {
        Create::SignedIn => "signed_in",
        Create::Invited => "invited",
        Create::Anyone => "anyone",
    }
}

fn read_create(text: &str) -> Option<Create> {
    [Create::SignedIn, Create::Invited, Create::Anyone].into_iter().find(|create| write_create(*create) == text)
}

const NAME: &str = "name";
const CREATE: &str = "create";
const SIGN_UP: &str = "sign_up";
const ACCENT: &str = "accent";
const LOGO: &str = "logo";
const YES: &str = "yes";
const NO: &str = "no";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let rows = Rows::default().name(Some(" Ours ")).unwrap().create(Some(Create::Anyone)).sign_up(Some(true));
        let rows = rows.accent(Some("#A0b1C2")).unwrap().logo("v1");
        let kept = rows.pairs().into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let settings = Settings::of(kept);
        let expected = Settings {
            name: "Ours".to_owned(),
            create: Create::Anyone,
            sign_up: true,
            accent: Some("#a0b1c2".to_owned()),
            logo: Some("v1".to_owned()),
        };
        assert_eq!(settings, expected);
        for colour in ["red", "#12345", "#1234567", "#12345g", "url(x)"] {
            assert_eq!(Rows::default().accent(Some(colour)).err(), Some(Refusal::BadSetting), "{colour}");
        }
    }

    #[test]
    fn a_new_server_is_closed() {
        let settings = Settings::of(BTreeMap::new());
        assert!(!settings.sign_up);
        assert!(!settings.may_create(None));
    }
}
