//! `GET /metrics`: what was counted, in the text format of Prometheus.

use std::{
    fmt::{Display, Write as _},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{App, Caller};
use crate::{config::Audience, tcp, tls::Tls, turn, udp::Traffic};

/// Requests answered, by the first digit of the status. Each number stands alone; they are never read as one.
#[derive(Debug, Default)]
pub struct Answered([AtomicU64; 5]);

/// Counts every answer, and logs it without its path: that may hold a room's code.
pub async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<axum::extract::MatchedPath>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    if let Some(number) = app.answered.0.get(usize::from(status.as_u16() / 100).saturating_sub(1)) {
        number.fetch_add(1, Ordering::Relaxed);
    }
    let route = route.as_ref().map_or("(page)", |route| route.as_str());
    tracing::debug!(%method, route, status = status.as_u16(), "{method} {route} {}", status.as_u16());
    response
}

/// The page of numbers.
pub async fn handle(State(app): State<Arc<App>>, caller: Caller) -> Response {
    if app.metrics == Audience::Loopback && !caller.is_here() {
        let text = "Metrics are for this machine only. To open them, set metrics = \"everyone\".\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let Ok(report) = app.control.report().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut page = Page::default();
    page.gauge("build_info", "The running version.", &[(format!("version=\"{}\"", crate::VERSION), 1)]);
    page.gauge("rooms", "Rooms with somebody in them, or lately so.", &one(report.counts.rooms));
    page.gauge("participants", "Participants in rooms.", &one(report.counts.participants));
    page.gauge("tracks", "Published tracks.", &one(report.counts.tracks));
    page.gauge("subscriptions", "Subscriptions to tracks.", &one(report.counts.subscriptions));
    page.gauge("sessions", "Open signalling sockets.", &one(report.sessions));
    page.gauge("event_sockets", "Open event sockets of pages.", &one(report.pages));
    page.gauge("attendants", "Programs and devices that attend.", &one(app.attendants.count()));
    page.counter(
        "sessions_overflowed_total",
        "Sessions cut because the client did not keep up.",
        &one(report.overflowed),
    );
    page.counter("hub_inputs_total", "Inputs that the hub has taken.", &one(report.inputs));
    page.counter("hub_busy_seconds_total", "Time spent in the hub.", &one(report.busy.as_secs_f64()));
    page.gauge(
        "hub_longest_seconds",
        "The longest stay in the hub since the start.",
        &one(report.longest.as_secs_f64()),
    );
    page.counter("hub_broken_total", "Inputs given up because the hub broke over them.", &one(report.broken));
    page.counter("hub_rooms_broken_total", "Rooms ended because the hub broke over them.", &one(report.rooms_broken));
    page.gauge("web_connections", "Connections to the port of the page now.", &one(app.crowd.open()));
    page.counter(
        "web_refused_total",
        "Connections to it turned away, since there were too many.",
        &one(app.crowd.refused()),
    );
    page.counter("tasks_broken_total", "Tasks ended by a panic.", &one(app.tasks.panics()));
    page.gauge(
        "heavy_work_most",
        "The most password checks and pictures at once since the start.",
        &one(app.pool.most()),
    );
    let classes: Vec<_> = (1..)
        .zip(&app.answered.0)
        .map(|(class, n)| (format!("class=\"{class}xx\""), n.load(Ordering::Relaxed)))
        .collect();
    page.counter("http_answers_total", "Answers over HTTP.", &classes);
    if let Some([media, others]) = crate::allocations::counted() {
        let counted = [("thread=\"media\"".to_owned(), media), ("thread=\"other\"".to_owned(), others)];
        page.counter("allocations_total", "Times that memory was asked for.", &counted);
    }
    if let Some(tls) = &app.tls {
        certificates(&mut page, tls);
    }
    media(&mut page, &app).await;
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], page.0).into_response()
}

fn certificates(page: &mut Page, tls: &Tls) {
    let ends: Vec<_> = tls.ends().into_iter().map(|(source, end)| (format!("source=\"{source}\""), end)).collect();
    page.gauge("tls_certificate_expires_seconds", "When a certificate ends, in seconds since 1970.", &ends);
    let counted = tls.counted();
    page.counter(
        "tls_certificates_replaced_total",
        "Times that a newer certificate took over.",
        &one(counted.replaced),
    );
    page.counter(
        "tls_certificates_refused_total",
        "Newer certificates in files that cannot be used.",
        &one(counted.refused),
    );
    page.counter("acme_failures_total", "Attempts to get a certificate that failed.", &one(counted.failed));
    let help = "Whether the first certificate is being waited for, and our own is shown meanwhile.";
    page.gauge("acme_waiting", help, &one(u8::from(tls.is_waiting())));
}

async fn media(page: &mut Page, app: &App) {
    let (mut stats, mut traffic, mut streams, mut lost) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (shard, thread) in app.media.iter().enumerate() {
        let label = format!("shard=\"{shard}\"");
        if let Some(counted) = thread.stats().await {
            stats.push((label.clone(), counted));
        }
        if let Some(counted) = thread.traffic().await {
            traffic.push((label.clone(), counted));
        }
        if let Some(counted) = thread.streams().await {
            streams.push((label, counted));
        }
        if let Some(counted) = thread.lost().await {
            lost += counted;
        }
    }
    page.gauge("media_threads_alive", "Media threads that answer.", &one(stats.len()));
    let now: [Number<sfu::Stats, usize>; 3] = [
        Number("sfu_peers", "Peers on a media thread.", |s| s.peers),
        Number("sfu_tracks", "Tracks on a media thread.", |s| s.tracks),
        Number("sfu_subscriptions", "Subscriptions on a media thread.", |s| s.subscriptions),
    ];
    for Number(name, help, number) in now {
        page.gauge(name, help, &each(&stats, number));
    }
    let since: [Number<sfu::Stats, u64>; 13] = [
        Number("sfu_datagrams_in_total", "Datagrams received.", |s| s.datagrams_in),
        Number("sfu_datagrams_unknown_total", "Datagrams from nobody known, dropped.", |s| s.datagrams_unknown),
        Number("sfu_packets_in_total", "RTP packets of published tracks received.", |s| s.packets_in),
        Number("sfu_packets_forwarded_total", "RTP packets forwarded.", |s| s.packets_forwarded),
        Number("sfu_packets_repaired_total", "RTP packets sent again to who missed them.", |s| s.packets_repaired),
        Number(
            "sfu_packets_found_total",
            "RTP packets of sound of which a later one brought a copy before they came, if they did.",
            |s| s.packets_found,
        ),
        Number("sfu_packets_given_up_total", "RTP packets that a narrow line held back too long.", |s| {
            s.packets_given_up
        }),
        Number("sfu_keyframe_requests_total", "Keyframe requests passed to publishers.", |s| s.keyframe_requests),
        Number("sfu_layer_switches_total", "Times a subscription changed its layer.", |s| s.layer_switches),
        Number("sfu_data_forwarded_total", "Data packets passed on.", |s| s.data_forwarded),
        Number("sfu_peers_broken_total", "Peers ended because their state broke.", |s| s.peers_broken),
        Number("sfu_rooms_broken_total", "Rooms ended because a media thread broke over them.", |s| s.rooms_broken),
        Number("sfu_datagrams_forged_total", "Datagrams dropped that were not whose they claimed to be.", |s| {
            s.datagrams_forged
        }),
    ];
    for Number(name, help, number) in since {
        page.counter(name, help, &each(&stats, number));
    }
    udp(page, &traffic);
    tcp(page, &streams);
    if let Some(counted) = app.relay.count().await {
        relay(page, &counted, lost);
    }
}

fn udp(page: &mut Page, traffic: &[(String, Traffic)]) {
    let since: [Number<Traffic, u64>; 8] = [
        Number("udp_received_total", "Datagrams received.", |t| t.received),
        Number("udp_received_bytes_total", "Bytes in received datagrams.", |t| t.received_bytes),
        Number("udp_sent_total", "Datagrams handed to the kernel.", |t| t.sent),
        Number("udp_sent_bytes_total", "Bytes in sent datagrams.", |t| t.sent_bytes),
        Number("udp_send_calls_total", "System calls that sent something.", |t| t.send_calls),
        Number("udp_dropped_full_total", "Datagrams dropped because the network takes less than we have.", |t| {
            t.dropped_full
        }),
        Number("udp_dropped_unreachable_total", "Datagrams dropped because nobody can be reached there.", |t| {
            t.dropped_unreachable
        }),
        Number("udp_dropped_oversize_total", "Received datagrams dropped for their size.", |t| t.dropped_oversize),
    ];
    for Number(name, help, number) in since {
        page.counter(name, help, &each(traffic, number));
    }
}

fn tcp(page: &mut Page, streams: &[(String, tcp::Traffic)]) {
    let open: Number<tcp::Traffic, u64> = Number("tcp_connections", "Connections with media now.", |t| t.open);
    page.gauge(open.0, open.1, &each(streams, open.2));
    let since: [Number<tcp::Traffic, u64>; 9] = [
        Number("tcp_accepted_total", "Connections for media accepted.", |t| t.accepted),
        Number("tcp_refused_total", "Connections closed since they were too many, or nobody's.", |t| t.refused),
        Number("tcp_received_total", "Datagrams received over TCP.", |t| t.received),
        Number("tcp_received_bytes_total", "Bytes in them.", |t| t.received_bytes),
        Number("tcp_sent_total", "Datagrams put on their way over TCP.", |t| t.sent),
        Number("tcp_sent_bytes_total", "Bytes in them.", |t| t.sent_bytes),
        Number("tcp_dropped_full_total", "Datagrams dropped because a connection takes less than we have.", |t| {
            t.dropped_full
        }),
        Number("tcp_broken_total", "Connections closed because something broke over them.", |t| t.broken),
        Number("tcp_dropped_unreachable_total", "Datagrams dropped because their connection had ended.", |t| {
            t.dropped_unreachable
        }),
    ];
    for Number(name, help, number) in since {
        page.counter(name, help, &each(streams, number));
    }
}

fn relay(page: &mut Page, counted: &turn::Counted, lost: u64) {
    page.gauge("turn_connections", "Connections to the relay now.", &one(counted.connections));
    page.gauge("turn_allocations", "Allocations now.", &one(counted.turn.allocations));
    let since = [
        ("turn_allocated_total", "Allocations made.", counted.turn.allocated),
        (
            "turn_refused_total",
            "Requests answered with an error; the first of each client is one.",
            counted.turn.refused,
        ),
        ("turn_unanswered_total", "Requests of strangers that came too fast for an answer.", counted.turn.unanswered),
        ("turn_malformed_total", "Messages that could not be read, dropped.", counted.turn.malformed),
        ("turn_from_clients_total", "Datagrams from clients passed on.", counted.turn.from_clients),
        ("turn_to_clients_total", "Datagrams passed on to clients.", counted.turn.to_clients),
        ("turn_dropped_total", "Datagrams without a permission, dropped.", counted.turn.dropped),
        ("turn_broken_total", "Times that the relay broke and went on.", counted.broken),
        ("turn_dropped_full_total", "Datagrams dropped since somebody did not keep up.", counted.dropped_full + lost),
    ];
    for (name, help, number) in since {
        page.counter(name, help, &one(number));
    }
}

/// The name of a number, what it says, and how to read it off.
struct Number<T, N>(&'static str, &'static str, fn(&T) -> N);

fn one<N: Display>(number: N) -> [(String, N); 1] {
    [(String::new(), number)]
}

fn each<T, N>(counted: &[(String, T)], number: impl Fn(&T) -> N) -> Vec<(String, N)> {
    counted.iter().map(|(label, counted)| (label.clone(), number(counted))).collect()
}

/// Numbers in the text format, version 0.0.4.
#[derive(Default)]
struct Page(String);

impl Page {
    fn gauge<N: Display>(&mut self, name: &str, help: &str, numbers: &[(String, N)]) {
        self.metric(name, help, "gauge", numbers);
    }

    fn counter<N: Display>(&mut self, name: &str, help: &str, numbers: &[(String, N)]) {
        self.metric(name, help, "counter", numbers);
    }

    fn metric<N: Display>(&mut self, name: &str, help: &str, kind: &str, numbers: &[(String, N)]) {
        let mut write = || -> std::fmt::Result {
            writeln!(self.0, "# HELP parlor_{name} {help}\n# TYPE parlor_{name} {kind}")?;
            for (label, number) in numbers {
                match label.as_str() {
                    "" => writeln!(self.0, "parlor_{name} {number}")?,
                    label => writeln!(self.0, "parlor_{name}{{{label}}} {number}")?,
                }
            }
            Ok(())
        };
        write().expect("writing to a String does not fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_the_format_of_prometheus() {
        let mut page = Page::default();
        page.gauge("rooms", "Rooms.", &one(3));
        page.counter("packets_total", "Packets.", &[("shard=\"0\"".to_owned(), 5), ("shard=\"1\"".to_owned(), 6)]);
        assert_eq!(
            page.0,
            "# HELP parlor_rooms Rooms.\n# TYPE parlor_rooms gauge\nparlor_rooms 3\n\
             # HELP parlor_packets_total Packets.\n# TYPE parlor_packets_total counter\n\
             parlor_packets_total{shard=\"0\"} 5\nparlor_packets_total{shard=\"1\"} 6\n"
        );
    }
}
