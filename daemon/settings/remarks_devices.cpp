// Remarks on devices and decoders: what a slip would leave unread.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "decode/mapping_notes.hpp"
#include "decode/profiles.hpp"
#include "settings/decoding.hpp"
#include "settings/remarks.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

std::string as_listed(std::string_view text) {
  std::string spelling = in_lower_case(text);
  std::replace(spelling.begin(), spelling.end(), '_', '-');
  std::replace(spelling.begin(), spelling.end(), ' ', '-');
  return spelling;
}

std::string name_and_id(const DeviceConfig& device) {
  return device.name.empty() ? device.id : fmt::format("{} ({})", device.name, device.id);
}

bool is_eui(std::string_view text) {
  return text.size() == 16 &&
         in_lower_case(text).find_first_not_of("0123456789abcdef") == std::string::npos;
}

class DeviceRemarks {
 public:
  explicit DeviceRemarks(const Config& config) : config_(config) {}

  std::vector<Words> run() {
    for (const auto& device : config_.devices) {
      look_at_eui(device);
      look_at_station(device);
      look_at_datum(device);
    }
    look_at_order();
    for (auto& note : decode::notes_on_mappings(registry_options(config_))) {
      add({note.what + ". " + note.remedy, std::move(note.chinese)});
    }
    return std::move(remarks_);
  }

 private:
  void add(Words words) { remarks_.push_back(std::move(words)); }

  // A LoRaWAN device is found by its dev EUI, so one of another form is never found.
  void look_at_eui(const DeviceConfig& device) {
    const auto names = decode::profile_names();
    const std::string profile = as_listed(device.profile);
    const bool is_lorawan = !decode::is_site_profile(profile) &&
                            std::find(names.begin(), names.end(), profile) != names.end();
    if (!is_lorawan || is_eui(device.id)) return;
    std::string bare = device.id;
    std::erase_if(bare, [](char c) { return c == ':' || c == '-' || c == ' '; });
    const Words advice = is_eui(bare) ? say("Write id = \"{}\"", "应写 id = \"{}\"", bare)
                                      : say("It has {} characters: look at the label of the device",
                                            "这里有 {} 个字符：请核对设备标签", device.id.size());
    add(say(
        "device {}: a dev EUI has 16 of 0-9 and a-f, and nothing between them. With another id "
        "the profile is never found, and the alarms of the device would not be seen. {}",
        "设备 {}：dev EUI 是 16 位，只用 0-9 和 a-f，中间没有分隔符。编号不对就找不到型号，它的报"
        "警也就看不到。{}",
        name_and_id(device), advice));
  }

  // By another address a station of SL 651 is not found.
  void look_at_station(const DeviceConfig& device) {
    if (!device.station_mode && !device.station_ending) return;
    if (device.id.size() == 10 && from_hex(device.id)) return;
    add(say(
        "device {}: station_mode and station_ending are of hydrology stations (SL 651), whose "
        "address has ten digits, such as 0012345678. With another id they have no effect",
        "设备 {}：station_mode 和 station_ending 用于水文遥测站（SL 651），站址是十位数字，例如 "
        "0012345678。编号不对时不起作用",
        name_and_id(device)));
  }

  // A number of metres without its zero is told as it is, and compared with nothing.
  void look_at_datum(const DeviceConfig& device) {
    const WaterConfig& water = device.water;
    if (!water.datum.empty() || (!water.warning_level && !water.guarantee_level)) return;
    add(
        say("device {}: {} without datum: its alarms say metres and not from which zero, which a "
            "street cannot compare. Write it, as datum = \"Wusong\"",
            "设备 {}：有 {}，没有 datum：警情只有米数，没有基准面，街道无法对照。请补上，例如 "
            "datum = \"1985国家高程基准\"",
            name_and_id(device), water.warning_level ? "warning_level" : "guarantee_level"));
  }

  struct Bound {
    const DecoderConfig* decoder;
    const TopicFilter* filter;
  };
  // Decoders are asked in the order of the file.
  void look_at_order() {
    std::vector<Bound> earlier;
    for (const auto& decoder : config_.decoders) {
      for (const auto& filter : decoder.topics) {
        look_at_earlier(earlier, {&decoder, &filter});
        earlier.push_back({&decoder, &filter});
      }
    }
    for (const auto& bound : earlier) {
      if (bound.filter->text() != "#") continue;
      add(say(
          "[[decoder]] {} has the topic \"#\": it is asked before the built-in decoders about "
          "every "
          "message. Name its own topics only",
          "[[decoder]] {} 的主题是 \"#\"：所有消息都先交给它，而不是内置的解码器。请只写它自己的"
          "主题",
          bound.decoder->use));
    }
  }
  void look_at_earlier(const std::vector<Bound>& earlier, const Bound& bound) {
    // Of many sections with one topic each pair would be told otherwise.
    constexpr std::size_t kMostCompared = 200;
    if (earlier.size() > kMostCompared) return;
    for (const auto& [decoder, filter] : earlier) {
      if (!filter->covers(*bound.filter)) continue;
      add(say(
          "[[decoder]] {} is asked first about {}, because {} of {} stands above it: write the "
          "narrower topics first, each once",
          "[[decoder]] {3} 的 {2} 写在前面，所以 {1} 的消息先交给它，而不是 {0}：请把较窄的主题写在"
          "前面，每个只写一次",
          bound.decoder->use, toml_quoted(bound.filter->text()), toml_quoted(filter->text()),
          decoder->use));
      return;
    }
  }

  const Config& config_;
  std::vector<Words> remarks_;
};

}  // namespace

std::vector<Words> remarks_on_devices(const Config& config) {
  return DeviceRemarks(config).run();
}

}  // namespace watchpost::settings
