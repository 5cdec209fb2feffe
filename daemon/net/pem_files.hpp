// pem_files: whether OpenSSL takes the files of a port or of a link.
// Promise: nothing is asked on a terminal; a key with a passphrase does not fit. Reads files; for
// start-up and --check-config.
#pragma once

#include <filesystem>

namespace watchpost::net {

struct PemFiles {
  std::filesystem::path ca_file;  // empty: there is none, as below
  std::filesystem::path cert_file;
  std::filesystem::path key_file;
};
// A file that there is none of is good.
struct PemVerdict {
  bool ca_is_good = true;
  bool certificate_is_good = true;
  bool key_fits = true;  // of a certificate that is not good no key does
};
[[nodiscard]] PemVerdict look_at(const PemFiles& files);

}  // namespace watchpost::net
