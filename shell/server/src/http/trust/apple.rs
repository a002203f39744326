//! A configuration profile with the authority's certificate, which iPhones, iPads and Macs install in one go.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::page::escape;
use crate::tls::authority::Known;

/// The profile: a property list as Apple describes it (Device Management, `CertificateRoot`).
pub fn profile(known: &Known) -> String {
    let (name, content) = (escape(&known.name), STANDARD.encode(&known.der));
    let (outer, inner) = (uuid(&known.der, 0), uuid(&known.der, 1));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>parlor.authority.{outer}</string>
  <key>PayloadUUID</key><string>{outer}</string>
  <key>PayloadDisplayName</key><string>{name}</string>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadVersion</key><integer>1</integer>
      <key>PayloadIdentifier</key><string>parlor.authority.{inner}</string>
      <key>PayloadUUID</key><string>{inner}</string>
      <key>PayloadDisplayName</key><string>{name}</string>
      <key>PayloadCertificateFileName</key><string>parlor-ca.crt</string>
      <key>PayloadContent</key><data>{content}</data>
    </dict>
  </array>
</dict>
</plist>
"#
    )
}

/// The same for the same certificate, so that a second installation replaces the first (RFC 9562, version 8).
fn uuid(der: &[u8], nth: u8) -> String {
    let hash = Sha256::new().chain_update(der).chain_update([nth]).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_holds_the_certificate_and_is_the_same_each_time() {
        let known = Known {
            name: "Parlor on <den>".to_owned(),
            pem: String::new(),
            der: vec![1, 2, 3],
            fingerprint: String::new(),
        };
        let text = profile(&known);
        assert_eq!(text, profile(&known));
        assert!(text.contains("<data>AQID</data>") && text.contains("Parlor on &lt;den&gt;"));
        let (outer, inner) = (uuid(&known.der, 0), uuid(&known.der, 1));
        assert_ne!(outer, inner);
        assert!(outer.len() == 36 && outer.as_bytes()[14] == b'8' && text.contains(&outer));
    }
}
