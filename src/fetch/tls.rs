//! TLS: which certificates are trusted and which cryptography is used. Both are passed to the HTTP
//! client explicitly; nothing of the process is changed for the program that uses this library.

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;

/// The HTTP versions that a connection may negotiate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HttpVersions {
    /// HTTP/2 where the server speaks it, else HTTP/1.1.
    All,
    /// HTTP/1.1 alone.
    Http1,
}

/// A configuration that trusts the certificates of the operating system or, in a container that
/// has none, Mozilla's. Each call makes one of its own, which shares no sessions with others.
pub(super) fn config(versions: HttpVersions) -> Result<ClientConfig, rustls::Error> {
    let builder = match builder()?.with_platform_verifier() {
        Ok(builder) => builder,
        Err(_) => with_mozilla_roots(builder()?),
    };
    let mut config = builder.with_no_client_auth();
    let protocols: &[&[u8]] = match versions {
        HttpVersions::All => &[b"h2", b"http/1.1"],
        HttpVersions::Http1 => &[b"http/1.1"],
    };
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Ok(config)
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
}

fn with_mozilla_roots(
    builder: ConfigBuilder<ClientConfig, WantsVerifier>,
) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    builder.with_root_certificates(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mozillas_certificates_are_used_where_there_are_no_others() {
        let config = with_mozilla_roots(builder().unwrap()).with_no_client_auth();
        assert!(!config.crypto_provider().cipher_suites.is_empty());
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned();
        let (added, ignored) = RootCertStore::empty().add_parsable_certificates(roots);
        assert!(added > 100, "{added}");
        assert_eq!(ignored, 0);
    }

    #[test]
    fn the_process_keeps_its_own_choice_of_cryptography() {
        config(HttpVersions::All).unwrap();
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    }
}
