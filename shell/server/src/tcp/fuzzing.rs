//! What the fuzzer is let in by.

use super::frames::Frames;

/// All frames of a stream of which `step` bytes arrive at a time, up to the first that is too long; then its length.
pub fn frames(stream: &[u8], step: usize) -> (Vec<Vec<u8>>, Option<usize>) {
    let (mut frames, mut found) = (Frames::default(), Vec::new());
    for mut part in stream.chunks(step) {
        while !part.is_empty() {
            if frames.read(&mut part).is_err() {
                return (found, None);
            }
            loop {
                match frames.next() {
                    Ok(Some(frame)) => found.push(frame.to_vec()),
                    Ok(None) => break,
                    Err(too_long) => return (found, Some(too_long.0)),
                }
            }
        }
    }
    (found, None)
}
