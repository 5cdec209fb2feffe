#include "client/connect_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::client {
namespace {

using Code = TroubleCode;

// Makes the trouble of the catalogue for one code of the standard.
using Say = Trouble (*)(const std::string& url, int code, std::string_view section);

template <Code code>
Trouble say(const std::string& url, int said, std::string_view section) {
  const auto number = arg<"code">(fmt::format("0x{:02X}", said));
  if constexpr (has_all_arguments<code, NamedValue<"url">, NamedValue<"code">>()) {
    return trouble<code>(arg<"url">(url), number);
  } else {
    return trouble<code>(arg<"url">(url), number, arg<"section">(std::string(section)));
  }
}

struct Row {
  int code;
  Say say;
};

// MQTT 3.1.1 has the codes 1 to 5, MQTT 5.0 those from 0x80 on.
constexpr std::array kTable{
    Row{1, say<Code::connack_version>},
    Row{2, say<Code::connack_client_id>},
    Row{3, say<Code::connack_busy>},
    Row{4, say<Code::connack_credentials>},
    Row{5, say<Code::connack_credentials>},
    Row{0x80, say<Code::connack_no_reason>},
    Row{0x81, say<Code::connack_unread>},
    Row{0x82, say<Code::connack_unread>},
    Row{0x83, say<Code::connack_settings>},
    Row{0x84, say<Code::connack_version>},
    Row{0x85, say<Code::connack_client_id>},
    Row{0x86, say<Code::connack_credentials>},
    Row{0x87, say<Code::connack_credentials>},
    Row{0x88, say<Code::connack_busy>},
    Row{0x89, say<Code::connack_busy>},
    Row{0x8A, say<Code::connack_banned>},
    Row{0x8C, say<Code::connack_authentication>},
    Row{0x90, say<Code::connack_will_topic>},
    Row{0x95, say<Code::connack_too_large>},
    Row{0x97, say<Code::connack_quota>},
    Row{0x99, say<Code::connack_will_text>},
    Row{0x9A, say<Code::connack_retain>},
    Row{0x9B, say<Code::connack_qos>},
    Row{0x9C, say<Code::connack_other_server>},
    Row{0x9D, say<Code::connack_moved>},
    Row{0x9F, say<Code::connack_rate>},
};

// The codes of DISCONNECT for which there is a better remedy than to read the server's log.
constexpr std::array kEnds{
    Row{0x87, say<Code::disconnect_not_allowed>},  Row{0x89, say<Code::disconnect_busy>},
    Row{0x8B, say<Code::disconnect_shutdown>},     Row{0x8D, say<Code::disconnect_keep_alive>},
    Row{0x8E, say<Code::disconnect_taken_over>},   Row{0x95, say<Code::disconnect_too_large>},
    Row{0x97, say<Code::disconnect_quota>},        Row{0x98, say<Code::disconnect_operator>},
    Row{0x9C, say<Code::disconnect_other_server>}, Row{0x9D, say<Code::disconnect_moved>},
};

template <std::size_t size>
Say say_of(const std::array<Row, size>& table, int code, Say unknown) {
  const auto known = std::find_if(table.begin(), table.end(),
                                  [code](const Row& each) { return each.code == code; });
  return known != table.end() ? known->say : unknown;
}

// A text that a server wrote, made harmless: a terminal does not obey it, and a line stays a line.
std::string harmless(std::string text) {
  constexpr std::size_t kMostShown = 100;
  if (text.size() > kMostShown) text.resize(kMostShown);
  std::replace_if(
      text.begin(), text.end(), [](char each) { return each < ' ' || each > '~'; }, '?');
  return text;
}

Trouble with_reference(Trouble trouble, const ServerNo& no) {
  if (no.reference.empty()) return trouble;
  return std::move(trouble).because(
      watchpost::trouble<Code::server_named>(arg<"server">(harmless(no.reference))));
}

}  // namespace

Failure connect_refusal(const std::string& url, const ServerNo& no, ConfigSection section) {
  const Say say = say_of(kTable, no.code, client::say<Code::connack_unknown>);
  return failure_of(Failure::Kind::refused, with_reference(say(url, no.code, section.name), no));
}

Failure end_by_server(const std::string& url, const ServerNo& no, ConfigSection section) {
  const Say say = say_of(kEnds, no.code, client::say<Code::disconnect_unknown>);
  return failure_of(Failure::Kind::unavailable,
                    with_reference(say(url, no.code, section.name), no));
}

}  // namespace watchpost::client
