//! A server as a process on free ports, asked over plain HTTP.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Output, Stdio},
};

pub fn parlor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlor"));
    command.env_clear().args(arguments).stdin(Stdio::null());
    command
}

pub fn run(arguments: &[&str]) -> Output {
    parlor(arguments).output().unwrap()
}

pub struct Running {
    pub child: Child,
    pub web: SocketAddr,
    pub banner: String,
}

impl Running {
    /// Starts a server on free ports and waits for its banner.
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    pub fn start_with(data: &Path, more: &[&str]) -> Self {
        let data = data.to_str().unwrap();
        let free = ["--listen", "127.0.0.1:0", "--media-port", "0", "--media-address", "127.0.0.1"];
        let mut child = parlor(&["serve", "--data", data])
            .args(free)
            .args(["--media-threads", "1", "--log", "error"])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut banner = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !banner.contains("Data lies in") {
            assert_ne!(lines.read_line(&mut banner).unwrap(), 0, "the server ended: {banner}");
        }
        let web = banner.split("Open http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap().parse().unwrap();
        let running = Self { child, web, banner };
        running.set_up();
        running
    }

    /// Sets a new server up, with the code in its banner, so that anybody may make rooms.
    fn set_up(&self) {
        let Some(code) = self.banner.split("Set-up code: ").nth(1).and_then(|rest| rest.split(' ').next()) else {
            return;
        };
        let account = r#"{"name":"admin","password":"a password for the tests"}"#;
        let wanted =
            format!(r#"{{"code":"{code}","serverName":"Test","create":"anyone","signUp":false,"account":{account}}}"#);
        let (status, body) = self.ask("POST", "/api/v1/setup", &wanted).unwrap();
        assert_eq!(status, 201, "{body}");
    }

    pub fn ask(&self, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
        let (status, _, body) = self.ask_with(method, path, "content-type: application/json\r\n", body.as_bytes())?;
        Ok((status, String::from_utf8(body).unwrap()))
    }

    /// The same with header lines and bytes; gives back the status, the head and the body.
    pub fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> std::io::Result<(u16, String, Vec<u8>)> {
        let mut stream = TcpStream::connect(self.web)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: parlor.test\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        )?;
        stream.write_all(body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        Ok((head.split(' ').nth(1).unwrap().parse().unwrap(), head, bytes.split_off(end + 4)))
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Ends it as a supervisor does, and expects it to end right.
    pub fn stop(self) {
        self.signal("-TERM");
        assert_eq!(self.wait().code(), Some(0));
    }

    pub fn wait(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
