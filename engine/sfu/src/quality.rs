//! A verdict on each peer's connection, from what was lost in either direction.

use std::time::Duration;

use proto::media::Connection;

/// What is known of one peer's connection.
#[derive(Debug, Default)]
pub(crate) struct Line {
    worst_loss: f32,
    told: Option<Connection>,
}

impl Line {
    /// Notes a part lost, from 0 to 1, as reported by either end.
    pub(crate) fn lost(&mut self, part: f32) {
        self.worst_loss = self.worst_loss.max(part);
    }

    /// The verdict on the time since the last one, if it is another. There is none on who is still on the way in.
    pub(crate) fn judge(&mut self, connected: bool) -> Option<Connection> {
        if !connected && self.told.is_none() {
            return None;
        }
        let loss = std::mem::take(&mut self.worst_loss);
        let verdict = match loss {
            _ if !connected => Connection::Lost,
            l if l < NOTICED_BY_NOBODY => Connection::Excellent,
            l if l < REPAIRED => Connection::Good,
            _ => Connection::Poor,
        };
        (self.told.replace(verdict) != Some(verdict)).then_some(verdict)
    }
}

/// How often a verdict is made; RTCP reports of sound come every five seconds.
pub(crate) const TICK: Duration = Duration::from_secs(5);
/// Retransmission and concealment hide this much.
const NOTICED_BY_NOBODY: f32 = 0.02;
/// Up to here pictures arrive, late at times; beyond, people notice.
const REPAIRED: f32 = 0.1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_told() {
        let mut line = Line::default();
        assert_eq!(line.judge(false), None, "not there yet");
        assert_eq!(line.judge(true), Some(Connection::Excellent));
        line.lost(0.01);
        assert_eq!(line.judge(true), None);
        line.lost(0.05);
        line.lost(0.0);
        assert_eq!(line.judge(true), Some(Connection::Good));
        line.lost(0.3);
        assert_eq!(line.judge(true), Some(Connection::Poor));
        assert_eq!(line.judge(false), Some(Connection::Lost));
        assert_eq!(line.judge(true), Some(Connection::Excellent));
    }
}
