// Words that people write for the names of enumerations, where the spelling alone would mislead.
#include <algorithm>
#include <array>

#include "settings/value_hints.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

// `of`: a name that only one enumeration has. `written`: in lower case, without blanks, '-' and
// '_', between two blanks each.
struct Written {
  std::string_view of;
  std::string_view written;
  std::string_view meant;  // empty: none of the names
};
constexpr std::array kWritten{
    Written{"3.1.1",
            " 3 4 3.1 v3 v4 v3.1 v3.1.1 mqtt3 mqtt4 mqtt3.1 mqtt3.1.1 mqttv3 mqttv3.1 mqttv3.1.1 "
            "mqttv4 311 mqtt311 mqttv311 v311 ",
            "3.1.1"},
    Written{"3.1.1", " 5.0 v5 v5.0 mqtt5 mqtt5.0 mqttv5 mqttv5.0 mqttv50 50 ", "5"},
    Written{"gb26875", " 3.1.1 5 v3 v5 mqtt3 mqtt5 mqttv3 mqttv5 mqtt3.1.1 tcp mqtttcp ", "mqtt"},
    Written{"gb26875", " ws http webscoket mqttws mqttoverwebsocket ", "websocket"},
    Written{"gb26875", " 26875 gb/t26875 gbt26875 gb/t26875.3 gb26875.3 ", "gb26875"},
    Written{"gb26875", " 651 sl6512014 sl651:2014 ", "sl651"},
    Written{"gb26875", " gst ", "gst9000"},
    Written{"2", " qos0 atmostonce ", "0"},
    Written{"2", " qos1 atleastonce ", "1"},
    Written{"2", " qos2 exactlyonce ", "2"},
    Written{"warning", " trace verbose all ", "debug"},
    Written{"warning", " notice information ", "info"},
    Written{"warning", " fatal critical crit alert emerg ", "error"},
    Written{"journal", " stdout console terminal ", "stderr"},
    Written{"journal", " syslog systemd journald ", "journal"},
    Written{"journal", " auto ", "automatic"},
    Written{"required", " mandatory always yes true must ", "required"},
    Written{"webhook", " http https url rest post robot ", "webhook"},
    Written{"webhook", " script exec shell program run sms ", "command"},
    Written{"webhook", " siren tcp ", "mqtt"},
    Written{"wecom", " wechat weixin wework wechatwork 企业微信 ", "wecom"},
    Written{"wecom", " lark 飞书 ", "feishu"},
    Written{"wecom", " ding 钉钉 ", "dingtalk"},
    Written{"wecom", " plain txt ", "text"},
    Written{"zh-CN", " zh cn chinese zhhans zhtw zhhk 中文 ", "zh-CN"},
    Written{"zh-CN", " english enus engb us 英文 ", "en"},
    Written{"undecoded", " yes true on all ", "always"},
    Written{"undecoded", " no false off none ", "never"},
    Written{"undecoded", " unknown ", "undecoded"},
    Written{"receipt", " receiver receipts end2end endtoend ", "receipt"},
    Written{"receipt", " server puback ", "broker"},
    Written{"retained", " unretained notretained noretain ", "plain"},
    Written{"retained", " yes true on ", "retained"},
    Written{"retained", " no false none never ", "off"},
    Written{"deflate", " zlib ", "deflate"},
    Written{"deflate", " no false off ", "none"},
    Written{"elevation", " altitude height ", "elevation"},
    // The nearest spelling would mean the contrary, or something else.
    Written{"undecoded", " decoded ", {}},
    Written{"required", " none no off false never ", {}},
};

struct Told {
  std::string_view of;
  std::string_view written;
  Words (*advice)();
};
Words tls_of_a_listener() {
  return say(
      "TLS comes with the keys cert_file and key_file (or psk_file): write protocol = \"mqtt\" and "
      "name them",
      "TLS 由 cert_file 和 key_file（或 psk_file）两个键开启：请写 protocol = \"mqtt\" 并写上它们");
}
Words tls_of_a_web_socket() {
  return say("Write \"websocket\", and for TLS name cert_file and key_file",
             "请写 \"websocket\"；要用 TLS，请写上 cert_file 和 key_file");
}
Words tls_of_a_link() {
  return say("This is the version, \"5\" or \"3.1.1\"; for TLS write mqtts:// in the url",
             "这里写版本 \"5\" 或 \"3.1.1\"；要用 TLS，请在 url 里写 mqtts://");
}
Words tls_of_a_siren() {
  return say("Write \"mqtt\"; TLS is in the url of the [[broker]] that the key broker names",
             "请写 \"mqtt\"；TLS 写在键 broker 所指的 [[broker]] 的 url 里");
}
Words other_compression() {
  return say("It is not spoken here: write \"deflate\" or \"zstd\"",
             "不支持这种压缩：请写 \"deflate\" 或 \"zstd\"");
}
constexpr std::array kTold{
    Told{"gb26875", " mqtts tls ssl mqtttls mqttssl secure securemqtt 8883 ", tls_of_a_listener},
    Told{"gb26875", " wss https websockets securewebsocket wstls ", tls_of_a_web_socket},
    Told{"3.1.1", " mqtt mqtts tls ssl tcp ws wss websocket ", tls_of_a_link},
    Told{"webhook", " mqtts tls ssl ", tls_of_a_siren},
    Told{"deflate", " gzip gz br brotli lz4 snappy zip ", other_compression},
};

bool has_name(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

Words choice_advice(const std::string& word, std::span<const std::string_view> names) {
  std::string plain = in_lower_case(in_half_width(word).value_or(word));
  std::erase_if(plain, [](char c) { return c == ' ' || c == '-' || c == '_'; });
  const std::string wanted = " " + plain + " ";
  for (const Told& told : kTold) {
    if (has_name(names, told.of) && told.written.find(wanted) != std::string_view::npos) {
      return told.advice();
    }
  }
  for (const Written& one : kWritten) {
    if (!has_name(names, one.of) || one.written.find(wanted) == std::string_view::npos) continue;
    return one.meant.empty() ? Words{} : say("Write \"{}\"", "应写 \"{}\"", one.meant);
  }
  // Of numbers, the nearest is another one.
  return is_number(plain) ? Words{} : did_you_mean(word, names);
}

}  // namespace watchpost::settings
