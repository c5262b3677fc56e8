use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::NaiveDate;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::board::Board;
use super::decide::{Answer, Asked, decide};
use super::page::{Delivery, SCRIPT, STYLE, page};
use super::subject::{Desk, Subject};
use crate::report::visible;

/// What a page of the session may do: load its own style and script, and talk to its own server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'; report-uri policy";

/// Bytes of what a page may send.
const LARGEST_REQUEST: usize = 1 << 16;
/// Told of a browser's complaints, at most.
const MOST_COMPLAINTS: usize = 20;
/// The header that a page sends the token in: no page of another origin can set it unasked.
const TOKEN_HEADER: &str = "x-claimlint-token";

/// Gives the reports as they are now.
pub type Subjects = Box<dyn Fn() -> Vec<Arc<Subject>> + Send + Sync>;

/// A session of review on one port of this machine.
pub struct Server {
    listener: TcpListener,
    session: Arc<Session>,
}

struct Session {
    desk: Desk,
    subjects: Subjects,
    /// The reports as the last page showed them.
    shown: Mutex<Arc<Vec<Arc<Subject>>>>,
    today: NaiveDate,
    token: String,
    address: SocketAddr,
    say: fn(&str),
    complaints: Mutex<usize>,
}

impl Server {
    /// Begins a session; port 0 is any free one. `say` tells of what goes wrong later on.
    ///
    /// # Errors
    /// When the port is taken, or the machine gives no random numbers.
    pub fn new(
        desk: Desk,
        subjects: Subjects,
        today: NaiveDate,
        port: u16,
        say: fn(&str),
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shown = subjects();
        // Made before somebody waits for it.
        page(&desk, &shown, &Board::default(), Delivery::Served);
        let shown = Mutex::new(Arc::new(shown));
        let (token, complaints) = (token()?, Mutex::new(0));
        let session = Session { desk, subjects, shown, today, token, address, say, complaints };
        Ok(Self { listener, session: Arc::new(session) })
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        format!("http://{}/{}/", self.session.address, self.session.token)
    }

    /// Answers until the process ends.
    ///
    /// # Errors
    /// When the port can no longer be listened to.
    pub fn run(self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let Self { listener, session } = self;
        let below = |path: &str| format!("/{}/{path}", session.token);
        let routes = Router::new()
            .route(&below(""), get(show_page))
            .route(&below("review.css"), get(|| async { asset("text/css; charset=utf-8", STYLE.concat()) }))
            .route(
                &below("review.js"),
                get(|| async { asset("text/javascript; charset=utf-8", SCRIPT.to_owned()) }),
            )
            .route(&below("decisions"), get(show_board).post(take_decision))
            .route(&below("policy"), post(take_complaint))
            .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
            .layer(from_fn_with_state(Arc::clone(&session), guarded))
            .with_state(session);
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, routes).await
        })
    }
}

/// 128 random bits.
fn token() -> io::Result<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Session {
    fn shown(&self) -> Arc<Vec<Arc<Subject>>> {
        Arc::clone(&lock(&self.shown))
    }

    /// Whether the request is for this address and not for another name that leads to it: a page elsewhere could have
    /// its own name lead here.
    fn is_for_us(&self, headers: &HeaderMap) -> bool {
        let port = self.address.port();
        let host = text_of(headers, &header::HOST);
        host.is_some_and(|host| [format!("127.0.0.1:{port}"), format!("localhost:{port}")].contains(&host))
    }

    /// Whether a page of ours sends the request, or nobody's page does.
    fn is_from_us(&self, method: &Method, headers: &HeaderMap) -> bool {
        let host = text_of(headers, &header::HOST).unwrap_or_default();
        let site = text_of(headers, &HeaderName::from_static("sec-fetch-site"));
        let asks = matches!(*method, Method::GET | Method::HEAD);
        let own_site = site.is_none_or(|site| site == "same-origin" || (asks && site == "none"));
        match text_of(headers, &header::ORIGIN) {
            Some(origin) => own_site && origin == format!("http://{host}"),
            None => own_site && asks,
        }
    }

    fn has_token(&self, headers: &HeaderMap) -> bool {
        text_of(headers, &HeaderName::from_static(TOKEN_HEADER))
            .is_some_and(|token| same(&token, &self.token))
    }
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// Whether two texts are equal, in a time that does not tell where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Refuses what is not meant for this session, and tells the browser what the answer may do.
async fn guarded(State(session): State<Arc<Session>>, request: Request, next: Next) -> Response {
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    let mut response = if !session.is_for_us(request.headers()) {
        let ours = session.address;
        (StatusCode::FORBIDDEN, format!("This server answers only to its own address, http://{ours}/.\n"))
            .into_response()
    } else if !same(first, &session.token) {
        let message =
            "No such page. Open the address that `claimlint review` wrote: it holds the session's token.\n";
        (StatusCode::NOT_FOUND, message).into_response()
    } else if !session.is_from_us(request.method(), request.headers()) {
        (StatusCode::FORBIDDEN, "Only the session's own page may ask this.\n").into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn asset(kind: &'static str, text: String) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// The page, with the reports as they are now.
async fn show_page(State(session): State<Arc<Session>>) -> Response {
    blocking(move || {
        let subjects = Arc::new((session.subjects)());
        *lock(&session.shown) = Arc::clone(&subjects);
        let board = Board::read(&session.desk, &subjects);
        let page = page(&session.desk, &subjects, &board, Delivery::Served);
        asset("text/html; charset=utf-8", page)
    })
    .await
}

/// What is decided now; nothing when the page knows it already.
async fn show_board(State(session): State<Arc<Session>>, headers: HeaderMap) -> Response {
    blocking(move || {
        let board = Board::read(&session.desk, &session.shown());
        if text_of(&headers, &header::IF_NONE_MATCH) == Some(format!("\"{}\"", board.revision)) {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        json_answer(StatusCode::OK, &json!({ "board": board }))
    })
    .await
}

/// Writes a decision down.
async fn take_decision(State(session): State<Arc<Session>>, headers: HeaderMap, body: Bytes) -> Response {
    if !session.has_token(&headers) {
        return json_answer(StatusCode::FORBIDDEN, &json!({ "error": "the session's token is missing" }));
    }
    let asked: Asked = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => {
            return json_answer(StatusCode::BAD_REQUEST, &json!({ "error": error.to_string() }));
        }
    };
    blocking(move || {
        let subjects = session.shown();
        let status = |code, answer: &Value| json_answer(code, answer);
        match decide(&session.desk, &subjects, asked, session.today) {
            Answer::Done => {
                let board = Board::read(&session.desk, &subjects);
                status(StatusCode::OK, &json!({ "board": board }))
            }
            Answer::Changed => {
                let board = Board::read(&session.desk, &subjects);
                status(StatusCode::CONFLICT, &json!({ "board": board }))
            }
            Answer::Wrong(error) => status(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "error": error })),
            Answer::Failed(error) => status(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "error": error })),
        }
    })
    .await
}

/// Tells of what the browser has refused to do: something in the page would have acted.
async fn take_complaint(State(session): State<Arc<Session>>, body: Bytes) -> StatusCode {
    let mut complaints = lock(&session.complaints);
    *complaints += 1;
    if *complaints <= MOST_COMPLAINTS {
        let told = String::from_utf8_lossy(&body);
        let told: String = visible(&told).chars().take(500).collect();
        (session.say)(&format!("the browser refused something in the page: {told}"));
    }
    StatusCode::NO_CONTENT
}

fn json_answer(status: StatusCode, answer: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], Body::from(answer.to_string())).into_response()
}

/// Does work that may wait for files or take long.
async fn blocking(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    let fault = "a fault of claimlint's own; please report it";
    spawn_blocking(work)
        .await
        .unwrap_or_else(|_| json_answer(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "error": fault })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert!(one.len() == 32 && one != other);
        assert!(same(&one, &one) && !same(&one, &other) && !same(&one, &one[1..]));
    }
}
