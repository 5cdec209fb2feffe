// check_tls_files: finds what is wrong with the TLS files of a link before a server is asked.
// Promise: tells a file that is no PEM from one of the wrong kind, a key of another certificate, a
// key with a passphrase and a certificate that has ended; says what to do. No network. Used by
// --check-config.
#pragma once

#include <vector>

#include "settings/links.hpp"
#include "settings/words.hpp"

namespace watchpost::app {

[[nodiscard]] std::vector<settings::Words> check_tls_files(const settings::LinkConfig& link);

}  // namespace watchpost::app
