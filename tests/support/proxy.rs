//! What stands between a client and the server of a store: forwards connections, cuts them, and refuses new ones.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use url::Url;

use super::TestDatabase;

/// Changes what the server sends.
type Edit = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

pub struct Proxy {
    address: SocketAddr,
    database: String,
    state: Arc<Mutex<State>>,
    refused: Arc<Condvar>,
}

#[derive(Default)]
struct State {
    refuses: bool,
    refused: usize,
    open: Vec<(TcpStream, UnixStream)>,
}

impl Proxy {
    /// A proxy to the server of this database, unless that is reached otherwise than by a socket; says so then.
    pub fn to(database: &TestDatabase) -> Option<Proxy> {
        Proxy::editing(database, |_| {})
    }

    /// A proxy that changes what the server sends.
    pub fn editing(
        database: &TestDatabase,
        edit: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Option<Proxy> {
        let Some(socket) = socket(database) else {
            eprintln!("skipped: the server of NEWSPRINT_TEST_POSTGRES is not reached by a socket");
            return None;
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Proxy {
            address: listener.local_addr().unwrap(),
            database: database.name().to_owned(),
            state: Arc::default(),
            refused: Arc::default(),
        };
        let (state, refused) = (Arc::clone(&proxy.state), Arc::clone(&proxy.refused));
        let edit: Edit = Arc::new(edit);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mut state = state.lock().unwrap();
                let server = UnixStream::connect(&socket).ok();
                match server.filter(|_| !state.refuses) {
                    Some(server) => state.open.push(forward(client, server, &edit)),
                    None => {
                        state.refused += 1;
                        refused.notify_all();
                    }
                }
            }
        });
        Some(proxy)
    }

    /// The database, through the proxy.
    pub fn url(&self) -> String {
        let (address, database) = (self.address, &self.database);
        format!("postgres://postgres@{address}/{database}")
    }

    /// Cuts every connection.
    pub fn cut(&self) {
        for (client, server) in self.state.lock().unwrap().open.drain(..) {
            let _ = client.shutdown(Shutdown::Both);
            let _ = server.shutdown(Shutdown::Both);
        }
    }

    /// Cuts every connection, and lets nobody in from now on.
    pub fn close(&self) {
        self.state.lock().unwrap().refuses = true;
        self.cut();
    }

    /// Lets clients in again.
    pub fn open(&self) {
        self.state.lock().unwrap().refuses = false;
    }

    /// Waits until so many more clients have come in vain.
    pub fn wait_for_refused(&self, count: usize) {
        let state = self.state.lock().unwrap();
        let most = state.refused + count;
        let few = |state: &mut State| state.refused < most;
        let minute = Duration::from_secs(60);
        let waited = self.refused.wait_timeout_while(state, minute, few);
        assert!(!waited.unwrap().1.timed_out(), "nobody came");
    }
}

/// Forwards both ways, as long as both ends are open.
fn forward(client: TcpStream, server: UnixStream, edit: &Edit) -> (TcpStream, UnixStream) {
    let ends = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (mut from_client, mut to_server) =
        (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Both);
    });
    let (mut from_server, mut to_client, edit) = (server, client, Arc::clone(edit));
    thread::spawn(move || {
        let mut bytes = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from_server.read(&mut bytes) {
            edit(&mut bytes[..length]);
            if to_client.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    });
    ends
}

/// The socket of the database's server.
fn socket(database: &TestDatabase) -> Option<PathBuf> {
    let url = Url::parse(&database.url()).unwrap();
    let parameter = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|it| it.1.into_owned())
    };
    let folder = parameter("host").filter(|it| it.starts_with('/'))?;
    let port = parameter("port").unwrap_or_else(|| "5432".to_owned());
    Some(PathBuf::from(folder).join(format!(".s.PGSQL.{port}")))
}
