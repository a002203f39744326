//! Refuses changes that a page of another site asks for (R3).
//!
//! Browsers say where a request comes from; programs that are no browsers say nothing and are let through, since they
//! carry nobody's session along by themselves.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{App, problem::Fault};

/// Lets a request through, or not.
pub async fn refuse_foreign_pages(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if let Err(fault) = check(request.method(), request.headers(), app.behind_proxy) {
        return fault.into_response();
    }
    next.run(request).await
}

fn check(method: &Method, headers: &HeaderMap, behind_proxy: bool) -> Result<(), Fault> {
    if method.is_safe() {
        return Ok(());
    }
    own_page(headers, behind_proxy)?;
    if is_no_form(headers) { Ok(()) } else { Err(Fault::NotJson) }
}

/// Whether a request comes from a page of ours, or from a program that is no browser. Sockets are opened with `GET`, and
/// browsers let every page open them.
///
/// # Errors
/// When a page of another site asks.
pub fn own_page(headers: &HeaderMap, behind_proxy: bool) -> Result<(), Fault> {
    let site = text(headers, "sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Fault::ForeignPage);
    }
    if let Some(origin) = text(headers, header::ORIGIN.as_str()) {
        let forwarded = if behind_proxy { text(headers, "x-forwarded-host") } else { None };
        let host = forwarded.or(text(headers, header::HOST.as_str()));
        let own = origin.split_once("://").map(|(_, authority)| authority);
        if own.is_none() || !same_host(own, host) {
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
        assert_eq!(check(&method, &headers, behind_proxy).err(), expected, "{method} {with:?}");
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
    }
}
