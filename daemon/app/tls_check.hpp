// check_tls_files: finds what is wrong with the TLS files of a link or a listener before anybody
// connects.
// Promise: tells a file that is no PEM from one of the wrong kind, a key of another certificate, a
// key with a passphrase and a certificate that has ended; says what to do. No network. Used by
// --check-config.
#pragma once

#include <filesystem>
#include <vector>

#include "settings/listener_config.hpp"
#include "settings/words.hpp"

namespace watchpost::app {

// As the keys of a section name them; empty: not set.
struct NamedTlsFiles {
  std::filesystem::path ca_file;
  std::filesystem::path cert_file;
  std::filesystem::path key_file;
};
[[nodiscard]] std::vector<settings::Words> check_tls_files(const NamedTlsFiles& files);
// The lists of a listener: revoked certificates, shared keys.
[[nodiscard]] std::vector<settings::Words> check_listener_lists(
    const settings::ListenerConfig& listener);

}  // namespace watchpost::app
