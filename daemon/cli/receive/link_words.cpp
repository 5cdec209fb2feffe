#include "cli/receive/link_words.hpp"

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

std::string words_of(const Failure& failure) {
  std::string words = failure.what;
  if (!failure.remedy.empty()) words += ". " + in_options(failure.remedy);
  if (words.find("by itself") == std::string::npos) words += ". It is tried again by itself";
  return words;
}

}  // namespace watchpost::cli::receive
