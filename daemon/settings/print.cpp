// What people read of a configuration: the printed file, and mistakes as sentences.
#include <fmt/format.h>

#include <fstream>

#include "settings/config_file.hpp"
#include "settings/keys.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

bool is_secret_set(const Key& key, const Slot& slot) {
  const auto* const* text = std::get_if<std::string*>(&slot);
  return key.form == Form::secret && text != nullptr && !(*text)->empty();
}

std::string print_section(const Section& section, const AnySection& instance) {
  std::string out = fmt::format("\n# {}\n{}\n", section.sentence, section.heading());
  for (const Key& key : section.keys) {
    if (!fits(key, instance)) continue;
    const Slot slot = key.slot(instance);
    out += fmt::format("# {} Accepted: {}.\n", key.sentence, accepted_by(key, slot).english);
    if (const auto value = printed(key, slot)) {
      out += fmt::format("{} = {}\n", key.name, *value);
    } else {
      out += fmt::format("# {} {}\n", key.name,
                         is_secret_set(key, slot) ? "is set and not shown" : "is not set");
    }
  }
  return out;
}

}  // namespace

std::string print_config(const Config& config) {
  Config copy = config;
  std::string out = "# The configuration in effect.\n";
  // An empty list is printed, because a missing section could also mean a default. TOML wants the
  // list before the first heading.
  if (config.listeners.empty()) out += "listener = []\n";
  for (const Section& section : sections()) {
    for (const AnySection& instance : section.all(copy)) out += print_section(section, instance);
  }
  return out;
}

std::string ConfigMistake::sentence(Language language) const {
  const bool chinese = language == Language::chinese;
  std::string out = file;
  if (line != 0) out += fmt::format(":{}:{}", line, column);
  if (!key.empty()) out += ": " + key;
  out += ": " + what.in(language);
  const std::string_view end = chinese ? "。" : ".";
  const std::string& then = next.in(language);
  out += end;
  if (then.empty()) return out;
  if (!chinese) out += ' ';
  out += then;
  // A command that ends with a path is copied as it stands.
  const bool is_path = then.substr(then.rfind(' ') + 1).starts_with('/');
  if (!is_path && !then.ends_with('?') && !then.ends_with("？")) out += end;
  return out;
}

std::string ConfigMistakes::text(Language language) const {
  std::string out;
  for (const auto& mistake : list) out += mistake.sentence(language) + '\n';
  return out;
}

void throw_exception_from_error(const ConfigMistakes& mistakes, const boost::source_location&) {
  throw StartupError(Failure{Failure::Kind::invalid_input, mistakes.text(),
                             "Correct the configuration and start again"});
}

bool DecoderConfig::is_file() const {
  return use.starts_with('/');
}

Result<std::string> password_of(const LinkConfig& link) {
  if (link.password_file.empty()) return link.password;
  std::ifstream in(link.password_file);
  std::string first_line;
  if (!std::getline(in, first_line)) {
    return Failure{Failure::Kind::environment,
                   fmt::format("no password can be read from {}", link.password_file.string()),
                   "Put the password on its first line and let this user read it", nullptr,
                   fmt::format("从 {} 读不到密码。请把密码写在第一行，并让该用户有权读取",
                               link.password_file.string())};
  }
  if (first_line.ends_with('\r')) first_line.pop_back();
  return first_line;
}

Result<std::string> first_line_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) {
    return Failure{Failure::Kind::environment, fmt::format("{} cannot be read", file.string()),
                   "Write what is wanted on its first line and let this user read it", nullptr,
                   fmt::format("读不到 {}。请把内容写在第一行，并让该用户有权读取", file.string())};
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace watchpost::settings
