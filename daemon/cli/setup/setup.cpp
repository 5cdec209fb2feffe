#include "cli/setup/setup.hpp"

#include <fmt/format.h>

#include <iostream>
#include <system_error>

#include "base/whole_file.hpp"
#include "cli/ending.hpp"
#include "cli/service_control.hpp"
#include "cli/setup/questions.hpp"
#include "cli/setup/site.hpp"
#include "cli/setup/street_trial.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/harmless_signals.hpp"
#include "settings/words.hpp"

namespace watchpost::cli {
namespace {

namespace fs = std::filesystem;
using settings::say;
using settings::Words;

void tell(const Voice& voice, const Words& words) {
  std::cout << words.in(voice.language) << std::endl;
}

Failure there_already(const fs::path& file) {
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("{} is there already, and was left alone", file.string()),
              "Change it by hand, or make it anew with --replace, which keeps the old one"},
      Chinese{fmt::format("{} 已经存在，没有改动", file.string()),
              "请手工修改，或用 --replace 重新生成（旧文件会保留）"});
}

// The sentences of --check-config name the file, which is not there yet, so they are enough.
int refuse(const Voice& voice, const settings::ConfigMistakes& mistakes) {
  std::cerr << mistakes.text(voice.language);
  return kCouldNotLook;
}

client::LinkOptions link_of(const settings::LinkConfig& config, const std::string& password) {
  client::LinkOptions link;
  link.url = config.url;
  link.protocol = config.protocol;
  link.client_id = config.client_id;
  link.username = config.username;
  link.password = password;
  link.tls = {config.ca_file.string(), {}, {}, true};
  link.connect_timeout = std::chrono::seconds(10);
  return link;
}

// What failed, without what the daemon would do next: nothing is tried again here.
std::string told_once(std::string sentence) {
  for (const std::string_view again :
       {". It is tried again by itself", " It is tried again by itself.", "。程序会自动重试",
        "程序会自动重试。"}) {
    if (const auto at = sentence.find(again); at != std::string::npos) {
      sentence.erase(at, again.size());
    }
  }
  return sentence;
}

// True: the street takes what we will send.
bool is_street_good(const Voice& voice, const settings::Config& config, Site& site) {
  const settings::LinkConfig& street = config.upstreams.front().link;
  tell(voice, say("Asking {} ...", "正在询问 {} ……", site.street));
  auto gateway = Gateway::from({config.gateway.id, config.gateway.area});
  if (!gateway) {
    std::cerr << sentence_of(gateway.error(), voice.language) << "\n";
    return false;
  }
  const StreetAnswer answer = try_street({link_of(street, site.password)}, *gateway);
  site.is_old_protocol = answer.is_old_protocol;
  if (!answer.let_us_in) {
    tell(voice, say("The street's server: {}", "街道的服务器：{}",
                    told_once(sentence_of(answer.failure, voice.language))));
    return false;
  }
  for (const std::string& topic : answer.refused) {
    tell(voice,
         say("The street's server does not let the user {} publish on {}: its access list "
             "must allow {}#",
             "街道的服务器不允许用户 {} 在 {} 上发布：它的访问控制必须允许 {}#",
             street.username.empty() ? "(none)" : street.username, topic, gateway->topic_prefix()));
  }
  if (!answer.refused.empty()) return false;
  tell(voice,
       answer.is_old_protocol
           ? say("The street's server can be reached and lets us in. It speaks MQTT 3.1.1, "
                 "which does not tell whether it takes our topics ({}#)",
                 "街道的服务器可以连上并允许登录。它使用 MQTT 3.1.1，无法得知是否接受我们的主题"
                 "（{}#）",
                 gateway->topic_prefix())
           : say("The street's server can be reached, lets us in and takes our topics ({}#)",
                 "街道的服务器可以连上、允许登录，并接受我们的主题（{}#）",
                 gateway->topic_prefix()));
  return true;
}

Result<void> write(const SetupOptions& options, const Site& site) {
  const fs::path folder = folder_of(options.config);
  std::error_code error;
  fs::create_directories(folder, error);
  const FileGroup group{"watchpost"};
  if (!site.password.empty()) {
    const fs::path file = folder / kPasswordFile;
    const std::string secret = site.password + "\n";
    if (auto done = write_whole({file, secret, belonging_of(file, group)}); !done) {
      return done;
    }
  }
  if (fs::exists(options.config, error)) {
    fs::copy_file(options.config, options.config.string() + ".old",
                  fs::copy_options::overwrite_existing, error);
    if (error) return step_failure({options.config.string() + ".old", error.message()});
  }
  const std::string text = config_text(site);
  return write_whole({options.config, text, belonging_of(options.config, group)});
}

// A new name of the gateway needs a restart, a reload would not do.
void restart_service(const Voice& voice, const SetupOptions& options) {
  const bool is_of_service = options.config == SetupOptions{}.config;
  if (options.no_restart || !is_of_service || !may_control_service()) {
    tell(voice, say("The service uses it after: sudo systemctl restart watchpostd",
                    "执行以下命令后服务采用它：sudo systemctl restart watchpostd"));
    return;
  }
  if (control_service("restart")) {
    tell(voice, say("The service was restarted and uses it. How it is: sudo watchpost status",
                    "服务已重启并采用它。查看状态：sudo watchpost status"));
  } else {
    tell(voice, say("The service did not start: journalctl -u watchpostd says why",
                    "服务没有启动：原因见 journalctl -u watchpostd"));
  }
}

}  // namespace

int run_setup(const SetupOptions& options) {
  const Voice voice{"setup", language_for(options.language)};
  net::hold_back_signals();
  std::error_code error;
  if (!options.replace && fs::exists(options.config, error)) {
    return fail(voice, there_already(options.config), kCouldNotLook);
  }
  auto site = asked_for(options, voice.language);
  if (!site) return fail(voice, site.error(), kCouldNotLook);
  const auto config = config_of(*site, options.config);
  if (!config) return refuse(voice, config.error());
  const bool has_street = !site->street.empty();
  if (has_street && !options.no_check && !is_street_good(voice, *config, *site)) {
    tell(voice, say("Nothing was written. To set it up all the same: --no-check",
                    "没有写入任何文件。仍要设置请加 --no-check"));
    return kFindings;
  }
  if (auto written = write(options, *site); !written)
    return fail(voice, written.error(), kFindings);
  tell(voice, say("{} was written", "已写好 {}", options.config.string()));
  if (!has_street) {
    tell(voice, say("Without a street everything is kept here and nobody is told: later add "
                    "[[upstream]], or run this again with --replace",
                    "没有街道时数据只保存在本机，不会上报：以后请加 [[upstream]]，或用 --replace "
                    "再运行一次"));
  }
  restart_service(voice, options);
  return 0;
}

}  // namespace watchpost::cli
