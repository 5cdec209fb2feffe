// Tag readers: Tasmota RC522/PN532/RDM6300/Wiegand, ESPHome, Home Assistant tag, esp-rfid, plain
// UIDs, links of tags. A UID and a fixed link can be copied: authenticated "none". The link of an
// NTAG 424 DNA is proven: "sun_ok".
// Options: none. Device option "uid" of a reader: hex, hex_reversed, decimal, decimal_reversed.
#include <algorithm>

#include "base/encoding.hpp"
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"
#include "sdk/tag_uid.hpp"
#include "tag_reader/scan_json.hpp"
#include "tag_reader/sun.hpp"
#include "tag_reader/tap_counters.hpp"

namespace watchpost::tag_reader {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::UidForm;
using sdk::Verdict;

constexpr std::string_view kHomeAssistantLink = "https://www.home-assistant.io/tag/";
constexpr std::size_t kLongestScan = 512;

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

bool is_link(std::string_view text) {
  const bool starts = text.starts_with("http://") || text.starts_with("https://");
  return starts && text.size() <= kLongestScan &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

// tele/<reader>/SENSOR and stat/<reader>/RESULT name the reader in the second level,
// watchpost/<site>/patrol/<reader>/scan in the fourth, others in the first.
std::string_view reader_of(std::string_view topic) {
  if (sdk::topic_level(topic, 2) == "patrol") {
    if (const auto fourth = sdk::topic_level(topic, 3); fourth && !fourth->empty()) return *fourth;
  }
  const auto first = sdk::topic_level(topic, 0).value_or("");
  if (first == "tele" || first == "stat" || first.empty()) {
    if (const auto second = sdk::topic_level(topic, 1); second && !second->empty()) return *second;
  }
  return first.empty() ? topic : first;
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options)
      : options_(options), keys_(TagKeys::parse(options.tag_keys())) {
    options.refuse_unknown({});
  }

  void recall(const sdk::Remembered& learnt) { counters_.recall(learnt); }
  void not_kept(const sdk::Remembered& learnt) { counters_.not_kept(learnt); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto reader = reader_of(frame.topic);
    sink.identify(reader);
    const auto text = sdk::trim(frame.payload);
    if (text.empty()) return sink.ignore("an empty payload is no scan");
    if (text.front() == '{') return decode_json(frame, sink, reader);
    Observation observation(WATCHPOST_PATROL_SCAN, WATCHPOST_INFO);
    observation.device(reader);
    if (const auto link = sun_link(text); link && text.find('=') != std::string_view::npos)
      return decode_sun(*link, frame, sink, observation);
    if (!add_link(text, observation) && !add_uid(sdk::tag_uid(text, form_of(reader)), observation))
      return sink.malformed("neither a tag's UID nor a tag link");
    sink.emit(observation.text({"auth"}, "none"));
    return Verdict::decoded;
  }

 private:
  Verdict decode_json(const Frame& frame, Sink& sink, std::string_view reader) {
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    const auto [form, scan] = read_scan(*message, options_.zone_minutes());
    switch (form) {
      case Form::other:
        return sink.not_mine("no member of a tag reader in it");
      case Form::echo:
        return sink.ignore("a reader's answer to a command is no scan");
      case Form::key:
        return sink.ignore("a key of the reader's keypad, no tag");
      case Form::housekeeping:
        sink.emit(Observation(WATCHPOST_HEARTBEAT, WATCHPOST_INFO).device(reader));
        return Verdict::decoded;
      case Form::scan:
        break;
    }
    if (frame.topic.starts_with("stat/")) return sink.ignore("a command echo is no scan");
    if (!scan.reader.empty()) reader = scan.reader;
    Observation observation(WATCHPOST_PATROL_SCAN, WATCHPOST_INFO);
    observation.device(reader).observed(scan.time, WATCHPOST_TIME_DEVICE);
    add_rest(scan, observation);
    if (const auto link = sun_link(scan.link)) return decode_sun(*link, frame, sink, observation);
    if (!add_link(scan.link, observation) && !add_tag(scan, reader, observation)) {
      return sink.malformed("the UID is not a tag's");
    }
    sink.emit(observation.text({"auth"}, "none"));
    return Verdict::decoded;
  }

  static void add_rest(const Scan& scan, Observation& observation) {
    if (!scan.type.empty()) observation.text({"tag_type"}, scan.type);
    if (!scan.content.empty()) observation.text({"tag_data"}, scan.content);
    if (!scan.patroller.empty()) observation.text({"patroller"}, scan.patroller);
    if (!scan.reader.empty()) observation.text({"reader"}, scan.reader);
    if (scan.known) observation.boolean({"known"}, *scan.known);
  }

  // A site may say in which form a reader writes UIDs, so that there is no doubt.
  [[nodiscard]] UidForm form_of(std::string_view reader) const {
    const auto* device = options_.device(reader);
    if (device == nullptr) return UidForm::free;
    return sdk::uid_form_from(sdk::text_at(device->options, "uid").value_or("free"))
        .value_or(UidForm::free);
  }

  // A member that is there says that a tag was tapped, in whatever form the tag is named.
  bool add_tag(const Scan& scan, std::string_view reader, Observation& observation) const {
    if (scan.uid == nullptr) return false;
    if (add_uid(sdk::tag_uid(*scan.uid, form_of(reader)), observation)) return true;
    const auto* text = scan.uid->if_string();
    const auto body = text == nullptr ? std::string_view{} : sdk::trim(*text);
    if (add_link(body, observation)) return true;
    if (!is_tag_id(body) || body.find_first_not_of("0") == std::string_view::npos) return false;
    observation.text({"tag_id"}, body).flag("uid_uncertain");
    return true;
  }

  static bool add_uid(std::optional<sdk::TagUid> uid, Observation& observation) {
    if (!uid) return false;
    if (!uid->is_certain) observation.flag("uid_uncertain");
    observation.text({"tag_uid"}, observation.own(std::move(uid->hex)));
    return true;
  }

  static bool add_link(std::string_view text, Observation& observation) {
    if (is_uuid(text)) return observation.text({"tag_id"}, text), true;
    if (!is_link(text)) return false;
    observation.text({"tag_uri"}, text);
    if (!text.starts_with(kHomeAssistantLink)) return true;
    const auto id = text.substr(kHomeAssistantLink.size());
    if (is_tag_id(id)) observation.text({"tag_id"}, id);
    return true;
  }

  Verdict decode_sun(const SunLink& link, const Frame& frame, Sink& sink,
                     Observation& observation) {
    const auto tap = prove(link, keys_);
    const bool says_uid = !link.uid.empty();
    switch (tap.proof) {
      case SunProof::proven:
        return decode_proven(tap, frame, sink, observation);
      case SunProof::no_counter:
        break;
      case SunProof::no_key:
        if (says_uid) break;  // as good as a plain UID
        return sink.malformed(why_not(tap.proof));
      case SunProof::not_opened:
        if (!keys_.can_open_picc_data() && keys_.empty()) {
          return sink.malformed("the tag's link is encrypted, and patrol.tag_keys names no file");
        }
        return sink.malformed(why_not(tap.proof));
      case SunProof::wrong_code:
      case SunProof::no_uid:
      case SunProof::lrp:
        return sink.malformed(why_not(tap.proof));
    }
    observation.text({"tag_uid"}, observation.own(tap.uid));
    if (!link.counter.empty())
      observation.number({"read_counter"}, static_cast<double>(tap.counter));
    sink.emit(observation.text({"auth"}, "none").flag("unverified"));
    sink.not_understood(why_not(tap.proof));
    return Verdict::decoded;
  }

  Verdict decode_proven(const SunTap& tap, const Frame& frame, Sink& sink,
                        Observation& observation) {
    const auto reader = observation.device();
    const auto verdict = counters_.judge(
        {tap.uid, tap.counter, reader, frame.received_unix_ns, frame.repeated || frame.retained},
        sink);
    observation.text({"tag_uid"}, observation.own(tap.uid))
        .number({"read_counter"}, static_cast<double>(tap.counter));
    if (!tap.content.empty()) add_content(tap.content, observation);
    std::string_view auth = "sun_ok";
    switch (verdict) {
      case TapVerdict::accepted:
        break;
      case TapVerdict::first:
        observation.flag("first_tap");
        break;
      case TapVerdict::restored:
        observation.flag("counter_restored");
        break;
      case TapVerdict::jumped:
        observation.flag("counter_jump");
        break;
      case TapVerdict::again:
        observation.flag("repeat");
        break;
      case TapVerdict::copied:
        observation.flag("replayed").state(WATCHPOST_TAMPER);
        auth = "sun_replayed";
        break;
      case TapVerdict::no_room:
        observation.flag("unverified");
        auth = "none";
        break;
    }
    sink.emit(observation.text({"auth"}, auth));
    return Verdict::decoded;
  }

  // Text where it is one, else its digits.
  static void add_content(const std::string& content, Observation& observation) {
    const bool is_text =
        std::all_of(content.begin(), content.end(), [](char c) { return c >= ' ' && c < 0x7F; });
    observation.text({"tag_data"}, observation.own(is_text ? content : to_hex(content)));
  }

  sdk::Options options_;
  TagKeys keys_;
  TapCounters counters_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::tag_reader

WATCHPOST_DECODER(watchpost::tag_reader::Decoder, "tag_reader", "2.0")
