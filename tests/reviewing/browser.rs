//! A headless Chromium, driven by chromedriver.

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::eventually;

pub struct Browser {
    runtime: Runtime,
    client: Option<Client>,
    driver: Child,
}

impl Browser {
    /// Opens a window. Without chromedriver there is none, which is told; in CI it has to be there.
    pub fn open(width: u32, height: u32) -> Option<Self> {
        let driver =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = match driver {
            Ok(driver) => driver,
            Err(error) => {
                assert!(env::var_os("CI").is_none(), "chromedriver cannot be started, and CI must: {error}");
                // Past the capture of the test's output: whoever runs the tests shall see it.
                let _ = writeln!(
                    io::stderr(),
                    "skipped: a test in the browser needs chromedriver and Chromium ({error})"
                );
                return None;
            }
        };
        // It is told nowhere else which port it took.
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let port = port.expect("chromedriver says its port");
        // Nobody reads on, and it must not stop when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let options = json!({
            // Root has no sandbox, and the pages are our own; shared memory is small in containers.
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
                "--lang=en", format!("--window-size={width},{height}")],
        });
        let capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let address = format!("http://127.0.0.1:{port}");
        let client = runtime
            .block_on(Client::with_capabilities_and_connector(&address, &capabilities, HttpConnector::new()))
            .unwrap();
        Some(Self { runtime, client: Some(client), driver })
    }

    fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    /// Loads a page of a review and waits until it works.
    pub fn go(&self, url: &str) {
        self.runtime.block_on(self.client().goto(url)).unwrap();
        self.wait_ready();
    }

    pub fn reload(&self) {
        self.runtime.block_on(self.client().refresh()).unwrap();
        self.wait_ready();
    }

    fn wait_ready(&self) {
        eventually("the page works", || {
            self.js("return document.body.dataset.ready === 'true'") == json!(true)
        });
    }

    /// What a function body returns in the page.
    pub fn js(&self, body: &str) -> Value {
        self.runtime
            .block_on(self.client().execute(body, Vec::new()))
            .unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// The same for one that waits.
    pub fn js_async(&self, body: &str) -> Value {
        self.runtime.block_on(self.client().execute_async(body, Vec::new())).unwrap()
    }

    /// The text of an element as it is shown.
    pub fn text(&self, selector: &str) -> String {
        let script = format!("return document.querySelector({selector:?})?.innerText ?? ''");
        self.js(&script).as_str().unwrap().to_owned()
    }

    pub fn count(&self, selector: &str) -> u64 {
        self.js(&format!("return document.querySelectorAll({selector:?}).length")).as_u64().unwrap()
    }

    /// Types keys into whatever has the focus. A dialog that closes hands it on a moment later: until then nothing takes
    /// keys, and none is typed.
    pub fn keys(&self, keys: &str) {
        eventually("something takes keys", || {
            self.runtime.block_on(async {
                let element = self.client().active_element().await.unwrap();
                element.send_keys(keys).await.is_ok()
            })
        });
    }

    pub fn click(&self, selector: &str) {
        self.runtime.block_on(async {
            self.client().find(Locator::Css(selector)).await.unwrap().click().await.unwrap();
        });
    }

    /// Chooses in a list by the option's value, and tells the page as a browser does.
    pub fn choose(&self, selector: &str, value: &str) {
        self.js(&format!(
            "const list = document.querySelector({selector:?}); list.value = {value:?}; \
             list.dispatchEvent(new Event('input', {{ bubbles: true }})); list.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        ));
    }

    pub fn resize(&self, width: u32, height: u32) {
        self.runtime.block_on(self.client().set_window_size(width, height)).unwrap();
    }

    /// Opens another tab and goes there.
    pub fn new_tab(&self) {
        self.runtime.block_on(async {
            let tab = self.client().new_window(true).await.unwrap();
            self.client().switch_to_window(tab.handle).await.unwrap();
        });
    }

    /// Goes to a tab by its number, in the order in which they were opened.
    pub fn tab(&self, number: usize) {
        self.runtime.block_on(async {
            let tabs = self.client().windows().await.unwrap();
            self.client().switch_to_window(tabs[number].clone()).await.unwrap();
        });
    }

    /// A picture of the window, where `CLAIMLINT_SCREENSHOTS` names a folder for them.
    pub fn picture(&self, name: &str) {
        if let Some(folder) = env::var_os("CLAIMLINT_SCREENSHOTS") {
            let picture = self.runtime.block_on(self.client().screenshot()).unwrap();
            fs::create_dir_all(&folder).unwrap();
            fs::write(Path::new(&folder).join(format!("{name}.png")), picture).unwrap();
        }
    }

    pub fn wait_for(&self, what: &str, condition: &str) {
        let script = format!("return Boolean({condition})");
        eventually(what, || self.js(&script) == json!(true));
    }

    /// Lets a moment pass.
    pub fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = self.runtime.block_on(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
