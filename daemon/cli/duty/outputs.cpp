#include "cli/duty/outputs.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "cli/columns.hpp"
#include "cli/ending.hpp"
#include "cli/status_json.hpp"
#include "cli/status_text.hpp"
#include "model/telling.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kLookAtTestEvery{200};
// The longest that a channel may take for a message and for the one before it.
constexpr std::chrono::seconds kLongestTest{150};

std::string how_of(const json::object& tested, Language language) {
  const auto how = told_how_from(text(tested, "how"));
  std::string words(how ? told_word(*how, language) : std::string_view{});
  if (const std::string detail = text(tested, "detail"); !detail.empty())
    words += fmt::format(" ({})", printable(detail));
  return words;
}

std::string test_of(const json::object& output, Language language) {
  const bool english = language == Language::english;
  if (text(output, "testing") == "true") return english ? "is being tested" : "正在测试";
  const json::object& tested = section(output, "tested");
  if (tested.empty()) return english ? "never tested" : "从未测试";
  const std::string age = duration(number(tested, "age_s"), language);
  return fmt::format(fmt::runtime(english ? "tested {} ago by {}: {}" : "{}前由 {} 测试：{}"), age,
                     printable(text(tested, "by")), how_of(tested, language));
}

const json::object& named(const json::object& status, const std::string& name) {
  static const json::object kNone;
  for (const json::value& each : list(status, "outputs")) {
    if (each.is_object() && text(each.get_object(), "name") == name) return each.get_object();
  }
  return kNone;
}

Failure not_ended(const std::string& name) {
  return in_both(
      Failure::Kind::unavailable,
      English{fmt::format("The test of {} has not ended yet", name),
              "Look at it later: watchpost outputs"},
      Chinese{fmt::format("{} 的测试还没有结束", name), "请稍后查看：watchpost outputs"});
}

Failure failed(const std::string& name, const json::object& tested) {
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("The test of {} failed: {}", name, how_of(tested, Language::english)),
              "watchpost status says what to look at; then test it again"},
      Chinese{fmt::format("{} 测试失败：{}", name, how_of(tested, Language::chinese)),
              "请按 watchpost status 的提示检查，然后再测一次"});
}

int tell_end(const ActOptions& options, const json::object& output, const Voice& voice) {
  const json::object& tested = section(output, "tested");
  if (options.ask.as_json) std::cout << json::serialize(output) << "\n";
  if (text(tested, "how") != to_string(ToldHow::accepted))
    return fail(voice, failed(options.output, tested), kFindings);
  if (options.ask.as_json) return 0;
  StatusText page(voice.language, terminal_width());
  page.line({"{} took it. Ask somebody who stands there whether it was heard or read",
             "{} 已收下。请向现场的人确认听到或看到了"},
            options.output);
  std::cout << page.take();
  return 0;
}

}  // namespace

std::string output_line(const json::object& output, Language language) {
  return fmt::format("{}: {}", printable(text(output, "name")), test_of(output, language));
}

int show_outputs(const AskOptions& options) {
  const Voice voice{"outputs", language_for(options.language)};
  const auto status = ask(options, "/v1/status");
  if (!status) return fail(voice, status.error(), kFindings);
  const json::array& all = list(*status, "outputs");
  if (options.as_json) {
    std::cout << json::serialize(json::object{{"outputs", all}}) << "\n";
    return 0;
  }
  StatusText page(voice.language, terminal_width());
  if (all.empty()) {
    page.line({"No [[output]] is configured: an alarm makes no sound here and tells nobody",
               "没有设置 [[output]]：有报警时本机不会响，也不通知人"});
  }
  for (const json::value& each : all) {
    if (!each.is_object()) continue;
    page.add(output_line(each.get_object(), voice.language));
    const std::string failure = text(each.get_object(), "failure");
    if (!failure.empty()) page.line({"  ! see watchpost status", "  ! 详见 watchpost status"});
  }
  std::cout << page.take();
  return 0;
}

int test_output(const ActOptions& options) {
  const Voice voice{options.command, language_for(options.ask.language)};
  ActOptions quiet = options;
  quiet.ask.as_json = false;
  if (const int code = run_act(quiet); code != 0) return code;
  const auto until = std::chrono::steady_clock::now() + kLongestTest;
  while (std::chrono::steady_clock::now() < until) {
    const auto status = ask(options.ask, "/v1/status");
    if (!status) return fail(voice, status.error(), kFindings);
    const json::object& output = named(*status, options.output);
    if (text(output, "testing") == "false" && !section(output, "tested").empty())
      return tell_end(options, output, voice);
    std::this_thread::sleep_for(kLookAtTestEvery);
  }
  return fail(voice, not_ended(options.output), kFindings);
}

}  // namespace watchpost::cli
