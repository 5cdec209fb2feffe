// Tag readers: Tasmota RC522/PN532/RDM6300, ESPHome, Home Assistant tag, esp-rfid, plain UIDs, tag
// links. Every scan is authenticated "none": a UID and a link can be copied.
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"
#include "tag_reader/scan_json.hpp"

namespace watchpost::tag_reader {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

constexpr std::string_view kTagLink = "https://www.home-assistant.io/tag/";

bool is_tag_id(std::string_view text) {
  constexpr std::string_view kAllowed =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.";
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

// 8-4-4-4-12 hexadecimal digits: what Home Assistant writes on a tag.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex =
        std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

// tele/<reader>/SENSOR and stat/<reader>/RESULT name the reader in the second level, others in the
// first.
std::string_view reader_of(std::string_view topic) {
  const auto first = sdk::topic_level(topic, 0).value_or("");
  if (first == "tele" || first == "stat" || first.empty()) {
    if (const auto second = sdk::topic_level(topic, 1); second && !second->empty()) return *second;
  }
  return first.empty() ? topic : first;
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : zone_minutes_(options.zone_minutes()) {
    options.refuse_unknown({});
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto reader = reader_of(frame.topic);
    sink.identify(reader);
    const auto text = sdk::trim(frame.payload);
    if (text.empty()) return sink.ignore("an empty payload is no scan");
    if (text.front() == '{') return decode_json(frame, sink, reader);
    Observation observation(WATCHPOST_PATROL_SCAN, WATCHPOST_INFO);
    if (!add_tag(text, observation)) return sink.malformed("neither a tag's UID nor a tag link");
    sink.emit(observation.device(reader).text({"auth"}, "none"));
    return Verdict::decoded;
  }

 private:
  Verdict decode_json(const Frame& frame, Sink& sink, std::string_view reader) {
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    const auto [form, scan] = read_scan(*message, zone_minutes_);
    switch (form) {
      case Form::other:
        return sink.not_mine("no member of a tag reader in it");
      case Form::echo:
        return sink.ignore("a reader's answer to a command is no scan");
      case Form::housekeeping:
        sink.emit(Observation(WATCHPOST_HEARTBEAT, WATCHPOST_INFO).device(reader));
        return Verdict::decoded;
      case Form::scan:
        break;
    }
    if (frame.topic.starts_with("stat/")) return sink.ignore("a command echo is no scan");
    Observation observation(WATCHPOST_PATROL_SCAN, WATCHPOST_INFO);
    if (!add_tag(sdk::trim(scan.uid), observation)) return sink.malformed("the UID is not a tag's");
    if (!scan.type.empty()) observation.text({"tag_type"}, scan.type);
    if (!scan.content.empty()) observation.text({"tag_data"}, scan.content);
    if (!scan.patroller.empty()) observation.text({"patroller"}, scan.patroller);
    if (!scan.reader.empty()) observation.text({"reader"}, scan.reader);
    if (scan.known) observation.boolean({"known"}, *scan.known);
    observation.text({"auth"}, "none").observed(scan.time, WATCHPOST_TIME_DEVICE);
    sink.emit(observation.device(scan.reader.empty() ? reader : scan.reader));
    return Verdict::decoded;
  }

  static bool add_tag(std::string_view text, Observation& observation) {
    if (text.starts_with(kTagLink)) {
      const auto id = text.substr(kTagLink.size());
      if (!is_tag_id(id)) return false;
      observation.text({"tag_uri"}, text).text({"tag_id"}, id);
      return true;
    }
    if (auto uid = sdk::tag_uid(text)) {
      observation.text({"tag_uid"}, observation.own(std::move(*uid)));
      return true;
    }
    if (!is_uuid(text)) return false;
    observation.text({"tag_id"}, text);
    return true;
  }

  int zone_minutes_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::tag_reader

WATCHPOST_DECODER(watchpost::tag_reader::Decoder, "tag_reader", "1.0")
