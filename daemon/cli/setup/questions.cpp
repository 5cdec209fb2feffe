#include "cli/setup/questions.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <functional>
#include <iostream>

#include "cli/named_file.hpp"
#include "cli/typing.hpp"
#include "model/event_topic.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/url.hpp"
#include "settings/values.hpp"
#include "settings/words.hpp"

namespace watchpost::cli {
namespace {

using settings::say;
using settings::Words;

struct Question {
  std::string_view option;
  Words text;
  std::string usual{};  // what an empty answer stands for
  // Empty: the answer can be used; else what to write instead.
  std::function<Words(const std::string&)> wrong;
};

Failure missing(const Question& question) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("{} is missing", question.option),
              "Give it as an option, or run this at a terminal, where it is asked"},
      Chinese{fmt::format("缺少 {}", question.option), "请作为选项给出，或在终端里运行以便输入"});
}

Failure unfit_answer(const Question& question, const Words& why) {
  return in_both(Failure::Kind::invalid_input,
                 English{fmt::format("{}: {}", question.option, why.english), ""},
                 Chinese{fmt::format("{}：{}", question.option, why.chinese), ""});
}

Result<std::string> answer_to(const Question& question, const std::string& given,
                              Language language) {
  if (!given.empty()) {
    const Words why = question.wrong(given);
    return why.empty() ? Result<std::string>(given)
                       : Result<std::string>(unfit_answer(question, why));
  }
  if (::isatty(STDIN_FILENO) != 1) return missing(question);
  while (true) {
    std::cerr << question.text.in(language);
    if (!question.usual.empty()) std::cerr << " [" << question.usual << "]";
    std::cerr << ": " << std::flush;
    auto line = a_line();
    if (!line) return missing(question);
    if (line->empty()) *line = question.usual;
    const Words why = question.wrong(*line);
    if (why.empty()) return *line;
    std::cerr << why.in(language) << "\n";
  }
}

std::string host_label() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return settings::to_label(name.data());
}

Words no_label(const std::string& text) {
  if (settings::is_label(text)) return {};
  return say("write 1 to 63 of a-z, 0-9 and '-'", "请写 1 到 63 个 a-z、0-9 和“-”");
}

Words no_area(const std::string& text) {
  if (is_area(text)) return {};
  return say("write the 12 digits of the statistical division code, such as 310118106203",
             "请写 12 位统计用区划代码，例如 310118106203");
}

Words no_url(const std::string& text) {
  if (text.empty()) return {};
  const auto url = net::Url::parse(text);
  if (url && !url->comes_to_us) return {};
  return say("write it as mqtts://mqtt.street.example:8883, or mqtt:// where there is no TLS",
             "请写成 mqtts://mqtt.street.example:8883；没有 TLS 时写 mqtt://");
}

Words any(const std::string&) {
  return {};
}

Result<std::string> password_for(const SetupOptions& options, Language language) {
  if (!options.password_file.empty()) {
    if (auto readable = must_be_readable(options.password_file); !readable) {
      return readable.error();
    }
    std::ifstream in(options.password_file);
    std::string line;
    std::getline(in, line);
    if (line.ends_with('\r')) line.pop_back();
    return line;
  }
  if (::isatty(STDIN_FILENO) != 1) return std::string();
  const QuietTerminal terminal;
  std::cerr << (language == Language::chinese ? "密码：" : "Password: ") << std::flush;
  auto line = a_line();
  std::cerr << "\n";
  return line.value_or(std::string());
}

Result<void> ask_for_street(const SetupOptions& options, Language language, Site& site) {
  const Question url{"--street",
                     say("The street's server (empty: none yet)", "街道的服务器（留空：暂时没有）"),
                     {},
                     no_url};
  // Without a terminal nobody can be asked, and a street is no must.
  if (options.street.empty() && ::isatty(STDIN_FILENO) != 1) {
    return in_both(Failure::Kind::invalid_input,
                   English{"--street is missing", "Give it, or --no-street for none yet"},
                   Chinese{"缺少 --street", "请给出，暂时没有请用 --no-street"});
  }
  auto street = answer_to(url, options.street, language);
  if (!street) return street.error();
  site.street = std::move(*street);
  if (site.street.empty()) return {};
  site.username = options.username;
  if (site.username.empty() && ::isatty(STDIN_FILENO) == 1) {
    auto name = answer_to(
        {"--username", say("User name there (empty: none)", "用户名（留空：没有）"), {}, any}, {},
        language);
    if (!name) return name.error();
    site.username = std::move(*name);
  }
  if (!site.username.empty()) {
    auto password = password_for(options, language);
    if (!password) return password.error();
    site.password = std::move(*password);
  }
  if (!options.ca_file.empty()) {
    if (auto readable = must_be_readable(options.ca_file); !readable) return readable;
    site.ca_file = std::filesystem::absolute(options.ca_file).string();
  }
  return {};
}

}  // namespace

Result<Site> asked_for(const SetupOptions& options, Language language) {
  Site site;
  auto id = answer_to({"--id", say("Name of this gateway", "本网关的名称"), host_label(), no_label},
                      options.id, language);
  if (!id) return id.error();
  site.id = std::move(*id);
  auto area = answer_to({"--area",
                         say("Statistical division code, 12 digits", "统计用区划代码（12 位）"),
                         {},
                         no_area},
                        options.area, language);
  if (!area) return area.error();
  site.area = std::move(*area);
  if (options.no_street) return site;
  if (auto asked = ask_for_street(options, language, site); !asked) return asked.error();
  return site;
}

}  // namespace watchpost::cli
