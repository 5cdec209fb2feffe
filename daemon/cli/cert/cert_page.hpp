// cert_page: what a person needs to know of certificates that were just made.
// Promise: names each file and who gets it, and how mosquitto_pub, an ESP32 and a phone are set.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "model/language.hpp"

namespace watchpost::cli {

struct MadeAuthority {
  std::string certificate;  // path
  std::string private_key;  // path
  std::string last_day;
  std::string sha256;
};
struct MadeServer {
  std::string certificate;
  std::string private_key;
  std::string names;
  std::string last_day;
  std::string sha256;
  std::string reached_by;  // the name or address that clients use
  std::string user;        // whom the key was given to; empty: nobody
};

[[nodiscard]] std::string page_of(const MadeAuthority& authority, const MadeServer& server,
                                  Language language);
[[nodiscard]] std::string page_of_renewal(const MadeServer& server, const std::string& kept_as,
                                          Language language);
struct MadeClient {
  std::string certificate;
  std::string private_key;
  std::string name;
  std::string last_day;
};
[[nodiscard]] std::string page_of(const MadeAuthority& authority, const MadeClient& client,
                                  Language language);

}  // namespace watchpost::cli
