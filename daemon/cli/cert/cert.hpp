// watchpost cert: makes an authority and certificates for a network without a public name.
// Promise: no file that is there is overwritten; keys are readable by their owner only. What is
// renewed takes the place of the old certificate at once, and the old one is kept under its last
// day. The exit code: 0 = made, 2 = not made.
// Called once, from main, on the main thread.
#pragma once

#include <string>
#include <vector>

namespace watchpost::cli {

struct CertOptions {
  std::string folder = "/etc/watchpost/tls";  // --folder
  std::vector<std::string> names;             // --name: of this box
  std::vector<std::string> addresses;         // --address: of this box
  std::string client;                         // --client: whom a certificate is made for
  std::string user = "watchpost";             // --user: who must read the server's key
  unsigned days = 825;   // --days; iOS and macOS take no certificate that lasts longer
  bool renew = false;    // --renew
  std::string language;  // --lang
};

[[nodiscard]] int run_cert(const CertOptions& options);

}  // namespace watchpost::cli
