//! What goes over the signalling connection: protobuf in binary frames, and the join request inside the address.

use std::io::Write;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use proto::{
    livekit::{
        JoinRequest, SignalRequest, SignalResponse, WrappedJoinRequest, signal_request::Message as Request,
        signal_response::Message as Response, wrapped_join_request,
    },
    prost::{DecodeError, Message as _},
};

/// The value of the `join_request` parameter in the address of `/rtc/v1`: gzip inside base64url.
pub fn join_parameter(join: &JoinRequest) -> String {
    let plain = join.encode_to_vec();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let wrapped = match gzip.write_all(&plain).and_then(|()| gzip.finish()) {
        Ok(packed) => {
            WrappedJoinRequest { compression: wrapped_join_request::Compression::Gzip.into(), join_request: packed }
        }
        // Writing into memory does not fail; if it ever did, the plain form is as good.
        Err(_) => {
            WrappedJoinRequest { compression: wrapped_join_request::Compression::None.into(), join_request: plain }
        }
    };
    URL_SAFE_NO_PAD.encode(wrapped.encode_to_vec())
}

/// The bytes of a request, for one binary frame.
pub fn encode(request: Request) -> Vec<u8> {
    SignalRequest { message: Some(request) }.encode_to_vec()
}

/// The response in one binary frame; `None` when it is of a kind that this version does not know.
pub fn decode(frame: &[u8]) -> Result<Option<Response>, DecodeError> {
    Ok(SignalResponse::decode(frame)?.message)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_join_request_survives_its_wrapping() {
        let join = JoinRequest { metadata: "x".repeat(10_000), ..Default::default() };
        let text = join_parameter(&join);
        assert!(text.len() < 1_000, "it is compressed");
        let wrapped = WrappedJoinRequest::decode(URL_SAFE_NO_PAD.decode(text).unwrap().as_slice()).unwrap();
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(wrapped.join_request.as_slice()).read_to_end(&mut plain).unwrap();
        assert_eq!(JoinRequest::decode(plain.as_slice()).unwrap(), join);
    }
}
