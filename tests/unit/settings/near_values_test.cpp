// For a value that is nearly right, the sentence contains the right one.
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
