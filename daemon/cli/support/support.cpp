#include "cli/support/support.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "base/clock.hpp"
#include "base/version.hpp"
#include "base/whole_file.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/status_page.hpp"
#include "cli/support/redaction.hpp"
#include "settings/config_file.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostOfAPart = 2'000'000;

class Bundle {
 public:
  void add(std::string_view title, std::string_view text) {
    text_ += fmt::format("==== {} ====\n{}\n\n", title, text.substr(0, kMostOfAPart));
  }
  void lack(std::string_view title, std::string_view why) {
    add(title, fmt::format("could not be had: {}", why));
    lacks_ = true;
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool lacks() const { return lacks_; }

 private:
  std::string text_;
  bool lacks_ = false;
};

std::string file_text(const char* path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What a program of the system says; the commands are constants.
std::string said_by(const char* command) {
  const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command, "r"), close);
  std::string said;
  std::array<char, 4'096> part{};
  while (pipe && said.size() < kMostOfAPart) {
    const std::size_t count = std::fread(part.data(), 1, part.size(), pipe.get());
    if (count == 0) break;
    said.append(part.data(), count);
  }
  return said;
}

void add_system(Bundle& bundle) {
  utsname name{};
  (void)::uname(&name);
  bundle.add("watchpost", version_with_commit());
  bundle.add("system", fmt::format("{} {} {}\n{}", name.sysname, name.release, name.machine,
                                   file_text("/etc/os-release")));
  bundle.add("disk", said_by("df -h /var/lib/watchpost / 2>&1; free -m 2>&1"));
}

void add_configuration_to_bundle(const SupportOptions& options, Bundle& bundle, Redaction& names) {
  auto around = settings::ConfigSurroundings::of_process();
  around.is_installed_config = true;
  const auto config = settings::parse_config(options.config, around);
  if (!config) return bundle.lack("configuration", config.error().text());
  for (const auto& device : config->devices) {
    names.hide(device.id);
    for (const std::string& text : {device.name, device.group, device.household, device.contact})
      names.hide(text);
  }
  for (const auto& output : config->outputs) names.hide(output.topic);
  bundle.add("configuration", settings::print_config(*config));
}

void add_status_to_bundle(const SupportOptions& options, Bundle& bundle, Redaction& names) {
  const auto status = LocalClient(options.socket).get("/v1/status?devices=all");
  if (!status) return bundle.lack("status", status.error().sentence());
  boost::system::error_code error;
  const json::value parsed = json::parse(*status, error);
  if (!error) names.hide_names_of(parsed);
  PageOptions page{Language::english, 0, {}};
  const auto text = status_page(*status, page);
  bundle.add("status", text ? *text : *status);
  bundle.add("status as JSON", *status);
}

std::string default_name() {
  std::string stamp = to_rfc3339(SystemClock().wall()).substr(0, 19);
  std::erase(stamp, ':');
  return fmt::format("watchpost-support-{}.txt", stamp);
}

}  // namespace

int run_support(const SupportOptions& options) {
  const Voice voice{"support", language_for(options.language)};
  Bundle bundle;
  Redaction names;
  add_system(bundle);
  add_configuration_to_bundle(options, bundle, names);
  add_status_to_bundle(options, bundle, names);
  const std::string journal =
      said_by("journalctl -u watchpostd -n 2000 --no-pager -o short-iso 2>/dev/null");
  if (journal.empty()) {
    bundle.lack("journal", "journalctl said nothing; run this with sudo");
  } else {
    bundle.add("journal", journal);
  }
  const std::string file = options.file.empty() ? default_name() : options.file;
  const std::string text = names.of(bundle.text());
  constexpr mode_t kOwnerOnly = 0600;
  Belonging belonging;
  belonging.mode = kOwnerOnly;
  if (auto written = write_whole({file, text, belonging}); !written) {
    return fail(voice, written.error(), kCouldNotLook);
  }
  std::cout << settings::say(
                   "{} was written: no passwords, and {} names of devices, clients and places "
                   "replaced. Read it before you send it",
                   "已写好 {}：不含密码，设备、客户端和地点的 {} 个名称已替换。发送前请先看一遍",
                   file, names.count())
                   .in(voice.language)
            << "\n";
  return bundle.lacks() ? kFindings : 0;
}

}  // namespace watchpost::cli
