//! `claimlint review` as a process, for the tests that talk to it.

// Each file of tests uses a part of it.
#![allow(dead_code)]

pub mod browser;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::command::claimlint;

pub const FILE: &str = "claimlint.decisions.toml";

/// A server that is killed, not asked to end, when the test is done with it.
pub struct Reviewing {
    process: Child,
    /// `http://127.0.0.1:PORT/TOKEN/`
    pub url: String,
    errors: PathBuf,
}

impl Reviewing {
    /// Starts in the folder, with these arguments.
    pub fn start(folder: &TempDir, arguments: &[&str]) -> Self {
        let errors = tempfile::NamedTempFile::new().unwrap().into_temp_path().keep().unwrap();
        let mut command = claimlint(folder, &[&["review", "--reviewer", "Wei"], arguments].concat());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(fs::File::create(&errors).unwrap());
        let mut process = command.spawn().unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let told = fs::read_to_string(&errors).unwrap();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}{told}");
        Self { process, url: url.trim_end().to_owned(), errors }
    }

    /// Ends the server at once, as a machine that loses its power would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// What it wrote to standard error.
    pub fn told(&self) -> String {
        fs::read_to_string(&self.errors).unwrap()
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        self.url.split('/').nth(2).unwrap()
    }

    pub fn token(&self) -> &str {
        self.url.split('/').nth(3).unwrap()
    }

    /// Sends a request with the headers of our own page, and those given in their place; an empty one is left out.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let origin = format!("http://{}", self.address());
        let mut all = vec![
            ("host", self.address()),
            ("origin", origin.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("x-claimlint-token", self.token()),
            ("content-type", "application/json"),
        ];
        for (name, value) in headers {
            all.retain(|(other, _)| other != name);
            if !value.is_empty() {
                all.push((name, value));
            }
        }
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in all {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// The same for a path below the token.
    pub fn own(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.ask(method, &format!("/{}/{path}", self.token()), headers, body)
    }
}

impl Drop for Reviewing {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_file(&self.errors);
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

/// The text of the file of decisions; empty when there is none.
pub fn decisions(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(FILE)).unwrap_or_default()
}

/// Waits until something holds; a page needs a moment.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "{what}: not within 20 seconds");
        std::thread::sleep(Duration::from_millis(25));
    }
}
