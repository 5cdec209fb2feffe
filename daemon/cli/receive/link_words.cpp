#include "cli/receive/link_words.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace watchpost::cli::receive {
namespace {

struct Replaced {
  std::string_view key, option;
};
// The catalogue names keys of the daemon's configuration; here they are options.
constexpr std::array kKeys{
    Replaced{"username and password of this connection", "--username and --password-file"},
    Replaced{"ca_file", "--ca-file"},
    Replaced{"cert_file", "--cert-file"},
    Replaced{"key_file", "--key-file"},
    Replaced{"in url", "in --url"},
    Replaced{"into url", "into --url"},
    Replaced{"set url of this connection", "set --url"},
};

std::string in_options(std::string text) {
  for (const auto& [key, option] : kKeys) {
    if (const auto at = text.find(key); at != std::string::npos) {
      text.replace(at, key.size(), option);
    }
  }
  return text;
}

}  // namespace

std::string words_of(const client::LinkReason& reason, const std::string& client_id) {
  const Failure& failure = reason.end.failure;
  switch (reason.cause) {
    case client::LinkCause::refused:
      return fmt::format(
          "The broker refuses the topic {} (code 0x{:02X}) and ends the connection. Let this user "
          "read it in the broker's access list. It is tried again by itself",
          reason.item.topic, reason.code);
    case client::LinkCause::taken_over:
      return fmt::format(
          "The broker ends each connection soon after it was made and gives no reason; probably "
          "another `watchpost receive` runs with the same client id {}. Stop one of them, or give "
          "it another --client-id and --store; if there is none, the broker's log says why",
          client_id);
    case client::LinkCause::told:
    case client::LinkCause::one_item:
      break;
  }
  std::string words = failure.what;
  if (!failure.remedy.empty()) words += ". " + in_options(failure.remedy);
  if (words.find("by itself") == std::string::npos) words += ". It is tried again by itself";
  return words;
}

}  // namespace watchpost::cli::receive
