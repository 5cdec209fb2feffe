// What to write instead of a URL that net::Url does not take.
#include <algorithm>

#include "net/broken_address.hpp"
#include "settings/value_hints.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

// What to write instead of a scheme; empty when the scheme is accepted.
Words advice_for_scheme(std::string_view scheme) {
  if (scheme == "mqtt" || scheme == "mqtts") return {};
  if (scheme == "tcp") return say("Write mqtt:// in place of tcp://", "把 tcp:// 改成 mqtt://");
  if (scheme == "ssl" || scheme == "tls") {
    return say("Write mqtts:// for a connection with TLS", "TLS 连接写 mqtts://");
  }
  if (scheme == "ws" || scheme == "wss") {
    return say("WebSocket is not supported: use mqtt:// or mqtts://",
               "不支持 WebSocket：请用 mqtt:// 或 mqtts://");
  }
  return say("Begin with mqtt:// or, for TLS, mqtts://", "以 mqtt:// 开头，TLS 用 mqtts://");
}

Words form_of_a_url() {
  return say("Write it as mqtt://host:port or mqtts://host:port",
             "写成 mqtt://主机:端口 或 mqtts://主机:端口");
}

// The address between brackets, or the text itself where the brackets are missing.
Words advice_for_ipv6(std::string_view scheme, std::string_view authority) {
  std::string address(authority);
  std::erase_if(address, [](char c) { return c == '[' || c == ']'; });
  if (is_ip_address(address)) {
    return say("An IPv6 address stands in brackets: write \"{}://[{}]\"",
               "IPv6 地址要放在方括号里：应写 \"{}://[{}]\"", scheme, address);
  }
  return say("An IPv6 address stands in brackets, as {}://[2001:db8::1]:1883",
             "IPv6 地址要放在方括号里，例如 {}://[2001:db8::1]:1883", scheme);
}

Words advice_for_authority(std::string_view scheme, std::string_view rest) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    return say("Take the name and password out of the URL: use the keys username and password_file",
               "URL 里不要写用户名和密码：请用 username 和 password_file 两个键");
  }
  const bool is_bracketed = authority.find_first_of("[]") != std::string_view::npos;
  const auto colons = std::count(authority.begin(), authority.end(), ':');
  if (colons > 1 && (!is_bracketed || authority.find("]") == std::string_view::npos ||
                     authority.front() != '[')) {
    return advice_for_ipv6(scheme, authority);
  }
  if (authority.empty() || authority.front() == ':') return form_of_a_url();
  if (authority.size() < rest.size()) {
    return say("Remove everything after the port", "去掉端口后面的内容");
  }
  if (colons == 0) return form_of_a_url();
  return say("After the colon stands a port from 1 to 65535", "冒号后面应是 1 到 65535 的端口");
}

Words advice_for(std::string_view text) {
  if (const auto plain = in_half_width(text)) {
    return say("It holds full-width characters: write \"{}\"", "其中有全角字符：应写 \"{}\"",
               *plain);
  }
  if (text.find(' ') != std::string_view::npos) return say("Remove the blank", "请去掉空格");
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(text.begin(), text.end(), is_ascii)) {
    return say(
        "A host name has ASCII letters only: ask the operator for that name, or write the IP "
        "address",
        "主机名只能用英文字母、数字和短横线：请向运维人员询问，或写 IP 地址");
  }
  if (net::has_broken_address(text)) {
    return say("An IPv4 address has four numbers from 0 to 255, as 192.168.1.30",
               "IPv4 地址是四个 0 到 255 的数，例如 192.168.1.30");
  }
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) {
    if (text.empty()) return form_of_a_url();
    // Advised is only what would be taken.
    if (!MqttUrl::parse(std::string("mqtt://").append(text))) {
      return advice_for_authority("mqtt", text);
    }
    return say("Write \"mqtt://{}\", or \"mqtts://{}\" for TLS",
               "应写 \"mqtt://{}\"，TLS 写 \"mqtts://{}\"", text, text);
  }
  auto advice = advice_for_scheme(text.substr(0, scheme));
  if (!advice.empty()) return advice;
  return advice_for_authority(text.substr(0, scheme), text.substr(scheme + 3));
}

}  // namespace

Words read_mqtt_url(std::string_view text, MqttUrl& url) {
  auto parsed = MqttUrl::parse(text);
  if (!parsed) return advice_for(text);
  url = *parsed;
  return {};
}

}  // namespace watchpost::settings
