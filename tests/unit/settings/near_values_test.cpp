// For a value that is nearly right, the sentence contains the right one.
#include "settings/keys.hpp"
#include "settings/values.hpp"
#include "unit/settings/rows.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {
std::string upstream(std::string_view more) {
  return "[[upstream]]\nname = \"a\"\n" + std::string(more);
}
const std::string kTcp = upstream("url = \"tcp://s\"\n");
const std::string kBare = upstream("url = \"street.lan:1883\"\n");
const std::string kSlash = upstream("url = \"mqtt://s:1883/x\"\n");
const std::string kSecret = upstream("url = \"mqtt://me:hunter2@s\"\n");
const std::string kAll = upstream("url = \"mqtt://s\"\nclasses = \"alarm\"\n");
const std::string kFive = upstream("url = \"mqtt://s\"\nprotocol = \"3.1\"\n");
const std::string kRaw = upstream("url = \"mqtt://s\"\nraw = \"Always\"\n");
const std::string kPort = upstream("url = \"mqtt://127.0.0.1:99999\"\n");
const std::string kName = upstream("url = \"mqtt://昭巷.example\"\n");
const std::string kBareName = upstream("url = \"昭巷.example\"\n");
const std::string kOpen = upstream("url = \"mqtt://[::1\"\n");
const std::string kNoBrackets = upstream("url = \"mqtts://2001:db8::7\"\n");
const std::string kBareIpv6 = upstream("url = \"2001:db8::7\"\n");
const std::string kIpv6Port = upstream("url = \"mqtt://2001:db8::g:1883\"\n");
const std::string kTabbed = upstream("url = \"mqtt://s\"\npassword = \"ge\\theim\"\n");
const std::string kWindows = upstream("url = \"mqtts://s\"\nca_file = \"C:\\temp\\ca.pem\"\n");
const std::string kTilde = upstream("url = \"mqtts://s\"\nca_file = \"~/ca.pem\"\n");
const std::vector<Row> kNearValues{
    {"quota",
     "[store]\nquota = \"2G\"\n",
     2,
     {"\"2G\" cannot be used here", "Write \"2 GiB\""},
     {"应写 \"2 GiB\""}},
    {"a fraction",
     "[store]\nquota = \"1.5 GiB\"\n",
     2,
     {"Write \"1536 MiB\""},
     {"应写 \"1536 MiB\""}},
    {"a bare number of bytes",
     "[store]\nquota = 2147483648\n",
     2,
     {"needs a unit", "\"2147483648 B\""},
     {"单位"}},
    {"too small",
     "[store]\nquota = \"1 MiB\"\n",
     2,
     {"from 64 MiB to 64 TiB"},
     {"64 MiB 到 64 TiB"}},
    {"a bare number of seconds",
     "[service]\nstop_deadline = 20\n",
     2,
     {"\"20 s\" for seconds", "\"20 min\" for minutes"},
     {"秒写 \"20 s\""}},
    {"a duration in words",
     "[service]\nstop_deadline = \"1 minute\"\n",
     2,
     {"Write \"1 min\""},
     {"应写 \"1 min\""}},
    {"a zone by name",
     "[gateway]\ntimezone = \"Asia/Shanghai\"\n",
     2,
     {"Write \"+08:00\""},
     {"应写 \"+08:00\""}},
    {"a flag in quotation marks",
     "[[listener]]\nanonymous = \"true\"\n",
     2,
     {"Write true, without quotation marks"},
     {"应写 true"}},
    {"a port in quotation marks",
     "[[listener]]\nport = \"1883\"\n",
     2,
     {"from 1 to 65535", "without quotation marks"},
     {"不要加引号"}},
    {"a port that is none", "[[listener]]\nport = 70000\n", 2, {"from 1 to 65535"}, {"1 到 65535"}},
    {"an address with its port",
     "[[listener]]\naddress = \"192.168.1.5:1883\"\n",
     2,
     {"Write \"192.168.1.5\" here, and 1883 in the key port"},
     {"1883 写在键 port 里"}},
    {"a network", "[[listener]]\naddress = \"192.168.1.0/24\"\n", 2, {"without /24"}, {"不要 /24"}},
    {"a star", "[[listener]]\naddress = \"*\"\n", 2, {"\"0.0.0.0\""}, {"\"0.0.0.0\""}},
    {"a host name",
     "[[listener]]\naddress = \"box.lan\"\n",
     2,
     {"A name will not do", "ip addr"},
     {"不能写名称"}},
    {"the area of a street",
     "[gateway]\narea = \"310118106\"\n",
     2,
     {"the code of a street", "12"},
     {"街道的代码"}},
    {"an area without quotation marks",
     "[gateway]\narea = 310118106203\n",
     2,
     {"quotation marks"},
     {"加引号"}},
    {"tcp://", kTcp, 3, {"mqtt:// in place of tcp://"}, {"把 tcp:// 改成 mqtt://"}},
    {"no scheme",
     kBare,
     3,
     {"Write \"mqtt://street.lan:1883\"", "for TLS"},
     {"应写 \"mqtt://street.lan:1883\""}},
    {"a slash", kSlash, 3, {"Remove everything after the port"}, {"去掉端口后面"}},
    {"a port above 65535", kPort, 3, {"a port from 1 to 65535"}, {"1 到 65535 的端口"}},
    {"a port of a broker above 65535",
     "[[broker]]\nurl = \"mqtt://s:65536\"\ntopics = [\"a/#\"]\n",
     2,
     {"a port from 1 to 65535"},
     {"1 到 65535 的端口"}},
    {"a host name in Chinese", kName, 3, {"ASCII letters only"}, {"只能用英文字母"}},
    {"a host name in Chinese without scheme", kBareName, 3, {"ASCII"}, {"只能用英文字母"}},
    {"an IPv6 address with one bracket",
     kOpen,
     3,
     {"write \"mqtt://[::1]\""},
     {"应写 \"mqtt://[::1]\""}},
    {"an IPv6 address without brackets",
     kNoBrackets,
     3,
     {"write \"mqtts://[2001:db8::7]\""},
     {"应写 \"mqtts://[2001:db8::7]\""}},
    {"an IPv6 address without scheme",
     kBareIpv6,
     3,
     {"write \"mqtt://[2001:db8::7]\""},
     {"方括号"}},
    {"several colons",
     kIpv6Port,
     3,
     {"stands in brackets, as mqtt://[2001:db8::1]:1883"},
     {"方括号"}},
    {"a backslash that became a tab",
     kTabbed,
     4,
     {"something that is not shown", "between ' and '"},
     {"在 \" 和 \" 之间"}},
    {"a path of Windows that became a tab", kWindows, 4, {"between ' and '"}, {"写成 \\\\"}},
    {"a linger without unit",
     "[store]\nlinger = \"1\"\n",
     2,
     {"from 0 s to 10 s", "as \"200 ms\""},
     {"例如 \"200 ms\""}},
    {"a packet that is too large",
     "[[listener]]\nmax_packet_size = \"32 MiB\"\n",
     2,
     {"to 16 MiB", "as \"8 MiB\""},
     {"例如 \"8 MiB\""}},
    {"a password in the URL", kSecret, 3, {"password_file"}, {"password_file"}},
    {"a class without a list", kAll, 4, {"Write [\"alarm\"]"}, {"应写 [\"alarm\"]"}},
    {"a version that is none", kFive, 4, {"one of 5, 3.1.1"}, {"5, 3.1.1"}},
    {"a choice in capitals", kRaw, 4, {"Did you mean \"always\"?"}, {"是不是 \"always\"？"}},
    {"a home folder", kTilde, 4, {"~ means nothing to a service"}, {"服务不认识 ~"}},
    {"a star in a topic",
     "[[broker]]\nurl = \"mqtt://s\"\ntopics = [\"zigbee2mqtt/*\"]\n",
     3,
     {"'*' means nothing", "'#'"},
     {"'*' 没有意义"}},
    {"one topic without a list",
     "[[broker]]\nurl = \"mqtt://s\"\ntopics = \"a/#\"\n",
     3,
     {"Write [\"a/#\"]"},
     {"应写 [\"a/#\"]"}},
};
}  // namespace

TEST_CASE("a value in a near form is answered with the right one", "[settings][unit]") {
  for (const Row& row : kNearValues) check_row(row);
  CHECK(mistake_of(kSecret).sentence().find("hunter2") == std::string::npos);
  CHECK(mistake_of(kTabbed).sentence().find("heim") == std::string::npos);
}

TEST_CASE("the example in the description of a key is accepted by that key", "[settings][unit]") {
  Config config;
  for (const Section& section : sections()) {
    const AnySection target = section.add(config);
    for (const Key& key : section.keys) {
      const auto slot = key.slot(target);
      const bool has_limits = std::holds_alternative<std::chrono::milliseconds*>(slot) ||
                              std::holds_alternative<ByteCount*>(slot);
      if (!has_limits) continue;
      const std::string words = accepted_by(key, slot).english;
      INFO(section.name << "." << key.name << ": " << words);
      const auto begin = words.find('"') + 1;
      const auto example = words.substr(begin, words.rfind('"') - begin);
      const auto duration = parse_duration(example);
      const auto size = parse_size(example);
      REQUIRE((duration || size));
      const auto value = duration ? static_cast<std::uint64_t>(duration->count()) : size->value;
      CHECK(value >= key.limits.least);
      CHECK(value <= key.limits.most);
    }
  }
}

TEST_CASE("a Chinese name is answered with a form, never with a constant that others would copy",
          "[settings][unit]") {
  for (const auto* text : {"[gateway]\nid = \"昭巷村\"\n", "[gateway]\nid = \"昭巷-03\"\n",
                           "[[upstream]]\nname = \"街道\"\nurl = \"mqtt://s\"\n"}) {
    const auto mistake = mistake_of(text);
    check_parts(mistake.sentence(), {"pinyin", "a number that no other box has"});
    check_parts(mistake.sentence(Language::chinese), {"拼音", "编号"});
    CHECK(mistake.sentence().find("zhaoxiang") == std::string::npos);
    CHECK(mistake.sentence().find("\"gateway\"") == std::string::npos);
  }
  CHECK(mistake_of("[gateway]\nid = \"Xicen 7\"\n").next.english == "Write \"xicen-7\"");
}
