#include "ingress/closing_words.hpp"

#include "support/catch.hpp"

namespace watchpost::ingress {
namespace {

using protocol::Close;
using protocol::ReasonCode;
using protocol::Refusal;

const AddressNames kAddress{1883, "/etc/watchpost/clients"};

bool says(const ClosingWords& words, std::string_view part) {
  UNSCOPED_INFO(words.text);
  return words.text.find(part) != std::string::npos;
}

ClosingWords refused(Refusal refusal) {
  Close close{ReasonCode::not_authorized, "", false, true};
  close.refusal = refusal;
  return words_for(close, kAddress);
}

TEST_CASE("a refused client's line says what to change and where", "[ingress][unit]") {
  CHECK(says(refused(Refusal::no_user_name), "[[listener]] of port 1883"));
  CHECK(says(refused(Refusal::unknown_user),
             "sudo watchpost passwd /etc/watchpost/clients NAME) and have the service read it"));
  CHECK(says(refused(Refusal::wrong_password), "its password is wrong"));
  CHECK(says(refused(Refusal::busy), "tries again by itself"));
  for (const auto refusal : {Refusal::no_user_name, Refusal::unknown_user, Refusal::wrong_password,
                             Refusal::busy, Refusal::slowed}) {
    CHECK(refused(refusal).level == LogLevel::warning);
  }
}

TEST_CASE("each refusal of CONNECT has a remedy", "[ingress][unit]") {
  const auto line = [](ReasonCode code) {
    return words_for(Close{code, "because", false, true}, kAddress);
  };
  CHECK(says(line(ReasonCode::unsupported_protocol_version), "Set the device to MQTT 3.1.1 or 5"));
  CHECK(says(line(ReasonCode::client_identifier_not_valid), "client id of 1 to 256 bytes"));
  CHECK(says(line(ReasonCode::bad_authentication_method), "user name and password"));
  CHECK(says(line(ReasonCode::quota_exceeded), "session_expiry_max"));
  CHECK(says(line(ReasonCode::server_unavailable), "watchpost status"));
}

TEST_CASE("what is no MQTT is a warning, an ordinary end is not", "[ingress][unit]") {
  const auto malformed = words_for(
      Close{ReasonCode::protocol_error, "the first packet is not CONNECT", true}, kAddress);
  CHECK(malformed.level == LogLevel::warning);
  CHECK(says(malformed, "the first packet is not CONNECT"));
  CHECK(says(malformed, "check server, port, protocol version and firmware"));
  CHECK(words_for(Close{ReasonCode::success, "the client disconnected"}, kAddress).level ==
        LogLevel::debug);
  const auto silent = words_for(
      Close{ReasonCode::keep_alive_timeout, "nothing heard for one and a half keep alives"},
      kAddress);
  CHECK(silent.level == LogLevel::info);
  CHECK(says(silent, "It lost power or its network"));
  CHECK(says(words_for(Close{ReasonCode::session_taken_over, "x"}, kAddress),
             "give each a client id of its own"));
}

}  // namespace
}  // namespace watchpost::ingress
