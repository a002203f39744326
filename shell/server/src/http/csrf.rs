//! Refuses changes that a page of another site asks for (R3).
//!
//! Browsers say where a request comes from; programs that are no browsers say nothing and are let through, since they
//! carry nobody's session along by themselves.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{App, place::Place, problem::Fault};

/// Lets a request through, or not.
pub async fn refuse_foreign_pages(place: Place, request: Request, next: Next) -> Response {
    if let Err(fault) = check(request.method(), request.headers(), &place) {
        return fault.into_response();
    }
    next.run(request).await
}

fn check(method: &Method, headers: &HeaderMap, place: &Place) -> Result<(), Fault> {
    if method.is_safe() {
        return Ok(());
    }
    own_page(headers, place)?;
    if is_no_form(headers) { Ok(()) } else { Err(Fault::NotJson) }
}

/// That a request comes from a page of ours, or from a program that is no browser. Sockets are opened with `GET`, and
/// browsers let every page open them.
#[derive(Debug, Clone, Copy)]
pub struct OwnPage;

impl FromRequestParts<Arc<App>> for OwnPage {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let Ok(place) = Place::from_request_parts(parts, app).await;
        own_page(&parts.headers, &place).map(|()| Self)
    }
}

fn own_page(headers: &HeaderMap, place: &Place) -> Result<(), Fault> {
    let site = text(headers, "sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Fault::ForeignPage);
    }
    if let Some(origin) = text(headers, header::ORIGIN.as_str()) {
        let own = origin.split_once("://").map(|(_, authority)| authority);
        if own.is_none() || !same_host(own, Some(place.authority())) {
            return Err(Fault::ForeignPage);
        }
    }
    Ok(())
}

/// Whether the body is of a type that no form can declare, so that other sites would have to ask first: JSON, and the
/// bytes of files and pictures. Which of them an endpoint takes, it says itself.
fn is_no_form(headers: &HeaderMap) -> bool {
    let declared = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    declared == "application/json" || declared == "application/octet-stream" || declared.starts_with("image/")
}

fn same_host(origin: Option<&str>, host: Option<&str>) -> bool {
    origin.zip(host).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // A header that is no text is as foreign as one that names another site.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: (&str, &str) = ("content-type", "application/json");
    const HOST: (&str, &str) = ("host", "meet.example:7880");

    #[track_caller]
    fn refused(method: Method, behind_proxy: bool, with: &[(&'static str, &'static str)], expected: Option<Fault>) {
        let headers = with.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let place = Place::named_by(&headers, false, behind_proxy);
        assert_eq!(check(&method, &headers, &place).err(), expected, "{method} {with:?}");
    }

    #[test]
    fn who_may_change_something() {
        let foreign = Some(Fault::ForeignPage);
        refused(
            Method::GET,
            false,
            &[HOST, ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
            None,
        );
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            refused(method.clone(), false, &[HOST, JSON], None);
            refused(method.clone(), false, &[HOST, JSON, ("origin", "https://meet.example:7880")], None);
            refused(method.clone(), false, &[HOST, JSON, ("sec-fetch-site", "same-origin")], None);
            refused(method.clone(), false, &[HOST, JSON, ("origin", "https://evil.example")], foreign);
            refused(method.clone(), false, &[HOST, JSON, ("origin", "https://meet.example")], foreign);
            refused(method.clone(), false, &[HOST, JSON, ("origin", "null")], foreign);
            refused(method.clone(), false, &[HOST, JSON, ("sec-fetch-site", "cross-site")], foreign);
            refused(method.clone(), false, &[HOST, JSON, ("sec-fetch-site", "same-site")], foreign);
            refused(method.clone(), false, &[HOST], Some(Fault::NotJson));
            refused(method.clone(), false, &[HOST, ("content-type", "text/plain")], Some(Fault::NotJson));
            let form = ("content-type", "application/x-www-form-urlencoded");
            refused(method.clone(), false, &[HOST, form], Some(Fault::NotJson));
            let parts = ("content-type", "multipart/form-data; boundary=x");
            refused(method.clone(), false, &[HOST, parts], Some(Fault::NotJson));
            for bytes in ["application/octet-stream", "image/png"] {
                refused(method.clone(), false, &[HOST, ("content-type", bytes)], None);
            }
        }
        refused(Method::POST, false, &[HOST, ("content-type", "application/json; charset=utf-8")], None);
    }

    #[test]
    fn a_proxy_says_which_host_was_asked_for() {
        let there = ("x-forwarded-host", "talk.example");
        let origin = ("origin", "https://talk.example");
        refused(Method::POST, true, &[HOST, JSON, there, origin], None);
        refused(Method::POST, false, &[HOST, JSON, there, origin], Some(Fault::ForeignPage));
        // Behind two of them, as cookies and passkeys read it: the last word is that of our own.
        let both = ("x-forwarded-host", "elsewhere.example, talk.example");
        refused(Method::POST, true, &[HOST, JSON, both, origin], None);
        refused(
            Method::POST,
            true,
            &[HOST, JSON, both, ("origin", "https://elsewhere.example")],
            Some(Fault::ForeignPage),
        );
    }
}
