#include "settings/check_attached.hpp"

namespace watchpost::settings {
namespace {

// What says how to connect, and nothing where the other side does.
constexpr std::string_view kOfConnecting[] = {
    "protocol",          "client",           "password",
    "password_file",     "ca_file",          "cert_file",
    "key_file",          "tls_verify",       "reconnect_first",
    "reconnect_ceiling", "presence",         "will",
    "keep_alive",        "custody",          "receipt_classes",
    "receipt_timeout",   "reconnect_spread", "commands"};

}  // namespace

std::vector<KeyMistake> check_attached(const LinkConfig& link, const AttachedPlace& place,
                                       const std::function<bool(std::string_view)>& given) {
  if (!place.is_upstream) {
    return {{"url", say("a broker is read by connecting to it", "读取服务器必须主动连接它"),
             say("Write its address, as mqtt://host:1883; what clients send to a [[listener]] is "
                 "taken anyway",
                 "请写它的地址，例如 mqtt://host:1883；发到 [[listener]] 的消息本来就会接收")}};
  }
  std::vector<KeyMistake> mistakes;
  if (!given("client_id")) {
    mistakes.push_back(
        {"client_id",
         say("with url = \"listener\" the server comes to us, and client_id says which client it "
             "is",
             "url = \"listener\" 时由对方连接本机，client_id 说明哪个客户端是它"),
         say("Write the client id under which it connects", "请写对方连接时用的 client id")});
  }
  if (link.username.empty()) {
    mistakes.push_back(
        {"username",
         say("whoever connects as {} would take the events, and they would count as delivered",
             "任何以 {} 连接的人都能拿走事件，而事件会被当作已送达", link.client_id),
         say("Write the account with which it must log in", "请写对方必须登录的账号")});
  } else if (!place.may_log_in) {
    mistakes.push_back(
        {"username",
         say("no [[listener]] asks for accounts, so nobody can log in as {}",
             "没有 [[listener]] 要求账号，谁也无法以 {} 登录", link.username),
         say("Give a [[listener]] a password_file, or certificates with use_identity_as_username",
             "请给一个 [[listener]] 写 password_file，或用证书并写 use_identity_as_username")});
  }
  for (const std::string_view key : kOfConnecting) {
    if (!given(key)) continue;
    mistakes.push_back({key,
                        say("{} says nothing where the server comes to us (url = \"listener\")",
                            "url = \"listener\" 时由对方连接本机，{} 不起作用", key),
                        say("Remove it", "请删掉")});
  }
  return mistakes;
}

}  // namespace watchpost::settings
