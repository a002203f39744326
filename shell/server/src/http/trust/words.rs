//! The texts of the page, in both languages.
//!
//! They are the server's and not the web client's: the page has to be there for who does not trust the server yet, and over
//! plain HTTP the client is not.

/// The texts of one language. They are HTML; `{name}` stands for the authority's.
pub struct Words {
    /// The language's code.
    pub code: &'static str,
    /// What the page is for.
    pub title: &'static str,
    /// Why anybody should.
    pub lead: &'static str,
    /// Above the fingerprint.
    pub compare: &'static str,
    /// What to compare it with.
    pub compare_how: &'static str,
    /// Above the files.
    pub take: &'static str,
    /// For whom the file of this ending is.
    pub crt: &'static str,
    /// The same for PEM.
    pub pem: &'static str,
    /// The same for the profile.
    pub profile: &'static str,
    /// Above the steps.
    pub steps_title: &'static str,
    /// Each system with its steps.
    pub systems: &'static [(&'static str, &'static [&'static str])],
    /// Above the end.
    pub then: &'static str,
    /// In front of the server's address.
    pub open: &'static str,
    /// What the authority cannot do.
    pub limits: &'static str,
}

/// The language that comes first in an `Accept-Language`, of those that there are.
pub fn of(accepted: &str) -> &'static Words {
    let mut languages = accepted.split(',').map(|entry| entry.trim().get(..2).unwrap_or_default());
    match languages.find(|language| ["en", "fr"].iter().any(|known| language.eq_ignore_ascii_case(known))) {
        Some(language) if language.eq_ignore_ascii_case("fr") => &FRENCH,
        _ => &ENGLISH,
    }
}

const ENGLISH: Words = Words {
    code: "en",
    title: "Trust this server",
    lead: "This server signs its own certificate. Browsers warn of that until they are told to trust the server’s own \
           authority. You do that once for each device; then no page warns any more, and calls get through networks that \
           let only secure connections pass.",
    compare: "First compare: SHA-256 fingerprint",
    compare_how: "The same characters stand in the terminal in which the server was started. Ask whoever runs it. Stop here if they \
                  differ: then somebody else is answering in its place.",
    take: "The certificate of the authority",
    crt: "Windows, macOS, Android, Firefox",
    pem: "Linux",
    profile: "iPhone and iPad",
    steps_title: "How to trust it",
    systems: &[
        (
            "Windows (Chrome, Edge)",
            &[
                "Take <b>parlor-ca.crt</b>. In a terminal, <code>certutil -hashfile parlor-ca.crt SHA256</code> shows the \
                 fingerprint of the file.",
                "Open the file and choose <b>Install Certificate</b>, then <b>Current User</b>.",
                "Choose <b>Place all certificates in the following store</b>, then <b>Browse</b>, then <b>Trusted Root \
                 Certification Authorities</b>.",
                "Choose <b>Next</b>, <b>Finish</b>, and answer the question with <b>Yes</b>. Start the browser anew.",
            ],
        ),
        (
            "macOS (Safari, Chrome, Edge)",
            &[
                "Take <b>parlor-ca.crt</b>. In Terminal, <code>shasum -a 256 parlor-ca.crt</code> shows the fingerprint of the file.",
                "Open the file: Keychain Access takes it. Keep it in <b>login</b>.",
                "Open <b>{name}</b> in the list, then <b>Trust</b>, and choose <b>Always Trust</b> behind <b>When using this \
                 certificate</b>.",
                "Close the window and enter your password. Start the browser anew.",
            ],
        ),
        (
            "iPhone and iPad",
            &[
                "Open this page in Safari and take <b>parlor-ca.mobileconfig</b>. Allow the download.",
                "Open <b>Settings</b>, then <b>Profile Downloaded</b>, then <b>Install</b>. Under <b>More Details</b> stands the \
                 fingerprint.",
                "Open <b>Settings</b>, <b>General</b>, <b>About</b>, <b>Certificate Trust Settings</b>, and switch on \
                 <b>{name}</b>.",
            ],
        ),
        (
            "Android",
            &[
                "Take <b>parlor-ca.crt</b>.",
                "Open <b>Settings</b> and search for <b>CA certificate</b>. It stands under <b>Security</b>, <b>Encryption and \
                 credentials</b>, <b>Install a certificate</b>.",
                "Choose <b>CA certificate</b>, <b>Install anyway</b>, and the file.",
                "Chrome trusts it from then on. Firefox: <b>Settings</b>, <b>About Firefox</b>, tap the logo five times, go back, \
                 <b>Secret Settings</b>, <b>Use third party CA certificates</b>.",
            ],
        ),
        (
            "Linux (Chrome, Chromium, and programs)",
            &[
                "Take <b>parlor-ca.crt</b> and <b>parlor-ca.pem</b>. <code>sha256sum parlor-ca.crt</code> shows the fingerprint.",
                "Chrome and Chromium: <b>Settings</b>, <b>Privacy and security</b>, <b>Security</b>, <b>Manage certificates</b>, \
                 and import it as a trusted one. Or in a terminal: <code>certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n parlor -i \
                 parlor-ca.pem</code> (package libnss3-tools).",
                "Other programs, on Debian and Ubuntu: <code>sudo cp parlor-ca.pem \
                 /usr/local/share/ca-certificates/parlor-ca.crt</code> and <code>sudo update-ca-certificates</code>. On Fedora: \
                 <code>sudo cp parlor-ca.pem /etc/pki/ca-trust/source/anchors/</code> and <code>sudo update-ca-trust</code>.",
            ],
        ),
        (
            "Firefox on a computer",
            &[
                "On Windows and macOS, Firefox takes over what the system trusts: follow those steps and start it anew.",
                "Else take <b>parlor-ca.crt</b>, and open <b>Settings</b>, <b>Privacy &amp; Security</b>, <b>View \
                 Certificates</b>, <b>Authorities</b>, <b>Import</b>.",
                "Tick <b>Trust this CA to identify websites</b>. <b>View</b> shows the fingerprint.",
            ],
        ),
    ],
    then: "Then",
    open: "Open",
    limits: "This authority can vouch for this machine and for addresses and names of local networks, and for nothing else: it could \
             not pass for your bank if it wanted to. Who no longer wants it removes it where it was added.",
};

const FRENCH: Words = Words {
    code: "fr",
    title: "Faire confiance à ce serveur",
    lead: "Ce serveur signe lui-même son certificat. Les navigateurs avertissent tant qu’on ne leur dit pas de faire confiance à \
           l’autorité du serveur. Cela se fait une fois par appareil ; ensuite, plus d’avertissement, et les appels passent par les \
           réseaux qui ne laissent passer que les connexions sécurisées.",
    compare: "D’abord comparer : empreinte SHA-256",
    compare_how: "Les mêmes caractères figurent dans le terminal où le serveur a été lancé. Demandez à la personne qui le gère. S’ils \
                  diffèrent, arrêtez-vous ici : quelqu’un d’autre répond à sa place.",
    take: "Le certificat de l’autorité",
    crt: "Windows, macOS, Android, Firefox",
    pem: "Linux",
    profile: "iPhone et iPad",
    steps_title: "Comment lui faire confiance",
    systems: &[
        (
            "Windows (Chrome, Edge)",
            &[
                "Prenez <b>parlor-ca.crt</b>. Dans un terminal, <code>certutil -hashfile parlor-ca.crt SHA256</code> affiche \
                 l’empreinte du fichier.",
                "Ouvrez le fichier et choisissez <b>Installer un certificat</b>, puis <b>Utilisateur actuel</b>.",
                "Choisissez <b>Placer tous les certificats dans le magasin suivant</b>, puis <b>Parcourir</b>, puis <b>Autorités de \
                 certification racines de confiance</b>.",
                "Choisissez <b>Suivant</b>, <b>Terminer</b>, et répondez <b>Oui</b>. Relancez le navigateur.",
            ],
        ),
        (
            "macOS (Safari, Chrome, Edge)",
            &[
                "Prenez <b>parlor-ca.crt</b>. Dans Terminal, <code>shasum -a 256 parlor-ca.crt</code> affiche l’empreinte du fichier.",
                "Ouvrez le fichier : Trousseaux d’accès le prend. Gardez-le dans <b>session</b>.",
                "Ouvrez <b>{name}</b> dans la liste, puis <b>Se fier</b>, et choisissez <b>Toujours approuver</b> en face de \
                 <b>Lors de l’utilisation de ce certificat</b>.",
                "Fermez la fenêtre et saisissez votre mot de passe. Relancez le navigateur.",
            ],
        ),
        (
            "iPhone et iPad",
            &[
                "Ouvrez cette page dans Safari et prenez <b>parlor-ca.mobileconfig</b>. Autorisez le téléchargement.",
                "Ouvrez <b>Réglages</b>, puis <b>Profil téléchargé</b>, puis <b>Installer</b>. Sous <b>Plus de détails</b> se trouve \
                 l’empreinte.",
                "Ouvrez <b>Réglages</b>, <b>Général</b>, <b>Informations</b>, <b>Réglages des certificats</b>, et activez \
                 <b>{name}</b>.",
            ],
        ),
        (
            "Android",
            &[
                "Prenez <b>parlor-ca.crt</b>.",
                "Ouvrez <b>Paramètres</b> et cherchez <b>Certificat CA</b>. Il se trouve sous <b>Sécurité</b>, <b>Chiffrement et \
                 identifiants</b>, <b>Installer un certificat</b>.",
                "Choisissez <b>Certificat CA</b>, <b>Installer quand même</b>, et le fichier.",
                "Chrome lui fait alors confiance. Firefox : <b>Paramètres</b>, <b>À propos de Firefox</b>, touchez le logo cinq fois, \
                 revenez, <b>Secret Settings</b>, <b>Use third party CA certificates</b>.",
            ],
        ),
        (
            "Linux (Chrome, Chromium et programmes)",
            &[
                "Prenez <b>parlor-ca.crt</b> et <b>parlor-ca.pem</b>. <code>sha256sum parlor-ca.crt</code> affiche l’empreinte.",
                "Chrome et Chromium : <b>Paramètres</b>, <b>Confidentialité et sécurité</b>, <b>Sécurité</b>, <b>Gérer les \
                 certificats</b>, et importez-le comme certificat de confiance. Ou dans un terminal : <code>certutil -d \
                 sql:$HOME/.pki/nssdb -A -t C,, -n parlor -i parlor-ca.pem</code> (paquet libnss3-tools).",
                "Autres programmes, sur Debian et Ubuntu : <code>sudo cp parlor-ca.pem \
                 /usr/local/share/ca-certificates/parlor-ca.crt</code> et <code>sudo update-ca-certificates</code>. Sur Fedora : \
                 <code>sudo cp parlor-ca.pem /etc/pki/ca-trust/source/anchors/</code> et <code>sudo update-ca-trust</code>.",
            ],
        ),
        (
            "Firefox sur un ordinateur",
            &[
                "Sous Windows et macOS, Firefox reprend ce à quoi le système fait confiance : suivez ces étapes et relancez-le.",
                "Sinon, prenez <b>parlor-ca.crt</b> et ouvrez <b>Paramètres</b>, <b>Vie privée et sécurité</b>, <b>Afficher les \
                 certificats</b>, <b>Autorités</b>, <b>Importer</b>.",
                "Cochez <b>Confirmer cette AC pour identifier des sites web</b>. <b>Voir</b> affiche l’empreinte.",
            ],
        ),
    ],
    then: "Ensuite",
    open: "Ouvrez",
    limits: "Cette autorité peut se porter garante de cette machine et des adresses et noms de réseaux locaux, et de rien d’autre : elle \
             ne pourrait pas se faire passer pour votre banque. Qui n’en veut plus la retire là où elle a été ajoutée.",
};
