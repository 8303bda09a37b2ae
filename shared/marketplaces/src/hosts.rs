//! Which hosts a marketplace may be called at. They come from deployment parameters alone:
//! whoever could change them otherwise could have passwords sent to himself.

use url::{Host, Url};

/// The hosts of one marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    url: Url,
    files: Vec<String>,
}

impl Hosts {
    /// Reads the address of the API, and the hosts files may come from: `host` or `host:port`
    /// (without the port where it is the usual one), separated by commas.
    ///
    /// Plain http is taken for loopback alone, for the local deployment.
    pub fn parse(url: &str, files: &str) -> Result<Self, String> {
        let url: Url = url
            .parse()
            .map_err(|why| format!("not an address: {why}"))?;
        if !is_confidential(&url) {
            return Err("the address must begin with https".to_owned());
        }
        if url.cannot_be_a_base() || has_password(&url) || url.query().is_some() {
            return Err("the address must have neither user, password nor query".to_owned());
        }
        let files = files
            .split(',')
            .map(|host| host.trim().to_ascii_lowercase())
            .filter(|host| !host.is_empty())
            .collect();
        Ok(Self { url, files })
    }

    /// The address of a path of the API. No path can lead to another host.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        url
    }

    /// Reads the address of a file that a marketplace named; or says why it is not followed.
    /// The reason names the host at most, for the rest of the address is a key.
    pub(crate) fn file(&self, address: &str) -> Result<Url, String> {
        let url: Url = address
            .parse()
            .map_err(|_| "the file's address cannot be read".to_owned())?;
        if has_password(&url) {
            return Err("the file's address carries a user or password".to_owned());
        }
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err("the file's address has no host".to_owned()),
        };
        if !self.files.contains(&host) {
            return Err(format!(
                "the file's host {host} is not one of the allowed ones"
            ));
        }
        if !is_confidential(&url) {
            return Err("the file's address does not begin with https".to_owned());
        }
        Ok(url)
    }
}

fn has_password(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn is_confidential(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    fn production() -> Hosts {
        Hosts::parse(
            "https://panel.example.test",
            "files.example.test, other.test:8443",
        )
        .unwrap()
    }

    #[test]
    fn an_api_without_encryption_is_loopback_or_refused() {
        assert!(Hosts::parse("http://127.0.0.1:8792", "").is_ok());
        assert!(Hosts::parse("http://[::1]:8792", "").is_ok());
        assert!(Hosts::parse("http://localhost:8792", "").is_ok());
        assert!(Hosts::parse("http://panel.example.test", "").is_err());
        assert!(Hosts::parse("http://127.0.0.1.example.test", "").is_err());
        assert!(Hosts::parse("ftp://panel.example.test", "").is_err());
    }

    #[test]
    fn an_api_address_carries_no_password() {
        assert!(Hosts::parse("https://me:pass@panel.example.test", "").is_err());
        assert!(Hosts::parse("https://panel.example.test/?key=1", "").is_err());
    }

    #[test]
    fn no_path_leads_to_another_host() {
        for path in [
            "//evil.test/x",
            "/\\evil.test",
            "@evil.test",
            "https://evil.test/",
        ] {
            let url = production().at(path);
            assert_eq!(url.host_str(), Some("panel.example.test"), "{path}");
        }
    }

    #[test]
    fn a_path_is_set_below_the_api_address() {
        let hosts = Hosts::parse("https://bridge.example.test/meesho/", "").unwrap();
        assert_eq!(
            hosts.at("/api/x").as_str(),
            "https://bridge.example.test/meesho/api/x"
        );
    }

    #[test]
    fn a_file_comes_from_exactly_the_allowed_hosts() {
        let hosts = production();
        assert!(
            hosts
                .file("https://files.example.test/a?signature=s")
                .is_ok()
        );
        assert!(hosts.file("https://FILES.example.test:443/a").is_ok());
        assert!(hosts.file("https://other.test:8443/a").is_ok());
        for refused in [
            "https://other.test/a",
            "https://files.example.test:444/a",
            "https://evil.files.example.test/a",
            "https://files.example.test.evil.test/a",
            "https://files.example.test@evil.test/a",
            "https://me:pass@files.example.test/a",
            "http://files.example.test/a",
            "file:///etc/passwd",
            "data:application/pdf,%25PDF-",
            "not an address",
        ] {
            let why = hosts.file(refused).expect_err(refused);
            assert!(!why.contains("/a") && !why.contains("pass@"), "{why}");
        }
    }
}
