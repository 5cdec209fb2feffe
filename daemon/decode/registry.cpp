#include "decode/registry.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "builtin.hpp"
#include "decode/abi_decoder.hpp"
#include "decode/mapping_decoder.hpp"
#include "decode/plugin_host.hpp"
#include "decode/plugin_watch.hpp"
#include "decode/relay_decoder.hpp"
#include "decode/tag_keys.hpp"
#include "decode/trial.hpp"
#include "sdk/text.hpp"

namespace watchpost::decode {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostTopics = 65'536;
constexpr std::size_t kLongestRemembered = 512;
constexpr std::size_t kMostBindings = 1'000;
constexpr std::string_view kReadsTagKeys = "tag_reader";

Failure invalid(Complaint complaint) {
  return Failure{Failure::Kind::invalid_input, std::move(complaint.what),
                 std::move(complaint.remedy), nullptr, std::move(complaint.chinese)};
}

// An options text as a JSON object; empty is an empty one.
Result<json::object> options_object(std::string_view text, const std::string& where) {
  if (text.empty()) return json::object{};
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) {
    return invalid({.what = "the options of " + where + " are not a JSON object",
                    .remedy = "Write them as a table of names and values",
                    .chinese = where + " 的 options 不是 JSON 对象。请写成名称和值的表"});
  }
  return std::move(value.get_object());
}

// The part of open()'s options that is the same for every decoder.
Result<json::object> site_options(const RegistryOptions& options) {
  json::array devices;
  for (const auto& device : options.devices) {
    auto own = options_object(device.options_json, "device \"" + device.id + "\"");
    if (!own) return own.error();
    json::object entry{{"id", device.id}, {"profile", device.profile}};
    entry["options"] = std::move(*own);
    devices.emplace_back(std::move(entry));
  }
  json::object site;
  site["zone_minutes"] = options.zone_minutes;
  site["devices"] = std::move(devices);
  return site;
}

const watchpost_decoder* builtin(std::string_view name) {
  for (const auto* decoder : builtin_decoders()) {
    if (decoder->name == name) return decoder;
  }
  return nullptr;
}

Failure unknown_decoder(const std::string& use) {
  const auto names = builtin_names();
  const std::string what = "there is no built-in decoder \"" + use + "\"";
  if (const auto near = nearest_spelling(use, names)) {
    return invalid(
        {.what = what,
         .remedy = "Did you mean \"" + std::string(*near) + "\"?",
         .chinese = "没有内置解码器 \"" + use + "\"。是不是 \"" + std::string(*near) + "\"？"});
  }
  std::string list = "Name the path of a mapping (.toml) or plugin (.so), or one of:";
  for (const auto name : names) list.append(" ").append(name);
  return invalid({.what = what,
                  .remedy = list,
                  .chinese = "没有内置解码器 \"" + use +
                             "\"。请写映射文件（.toml）或插件（.so）的路径，或内置解码器的名称"});
}

Result<const watchpost_decoder*> find_decoder(const std::string& use) {
  if (use.ends_with(".so")) return load_plugin(use);
  if (const auto* decoder = builtin(use)) return decoder;
  return unknown_decoder(use);
}

// For mappings, which their file sets up, and for the relay decoder, which has nothing to set up.
Result<void> takes_no_options(const DecoderBinding& binding) {
  if (binding.options_json.empty() || binding.options_json == "{}") return {};
  return invalid(
      {.what = "the decoder " + binding.use + " takes no options",
       .remedy = binding.use.ends_with(".toml") ? "Change the mapping file instead"
                                                : "Remove its options",
       .chinese = "解码器 " + binding.use + " 不接受 options。" +
                  (binding.use.ends_with(".toml") ? "请修改映射文件" : "请删掉它的 options")});
}

Result<std::unique_ptr<Decoder>> open_decoder(const DecoderBinding& binding,
                                              const RegistryOptions& options,
                                              const json::object& site) {
  if (binding.use == RelayDecoder::kName) {
    if (auto refused = takes_no_options(binding); !refused) return refused.error();
    return std::unique_ptr<Decoder>(std::make_unique<RelayDecoder>(options.gateway));
  }
  if (binding.use.ends_with(".toml")) {
    auto mapping = Mapping::load(binding.use);
    if (!mapping) return mapping.error();
    if (auto refused = takes_no_options(binding); !refused) return refused.error();
    return std::unique_ptr<Decoder>(
        std::make_unique<MappingDecoder>(std::move(*mapping), options.zone_minutes));
  }
  auto own = options_object(binding.options_json, "decoder \"" + binding.use + "\"");
  if (!own) return own.error();
  json::object whole = site;
  whole["options"] = std::move(*own);
  json::array topics;
  for (const auto& topic : binding.topics) topics.emplace_back(topic);
  whole["topics"] = std::move(topics);
  // Nobody else needs them.
  if (binding.use == kReadsTagKeys && !options.tag_keys_json.empty()) {
    boost::system::error_code error;
    whole["tag_keys"] = json::parse(options.tag_keys_json, error);
  }
  const std::string text = json::serialize(whole);
  const auto open = [&binding, &options, &text]() -> Result<std::unique_ptr<Decoder>> {
    const auto decoder = find_decoder(binding.use);
    if (!decoder) return decoder.error();
    return AbiDecoder::open(**decoder, text, options.on_fault);
  };
  if (!binding.use.ends_with(".so")) return open();
  if (options.crash_mark && options.crash_mark->rests(binding.use)) return resting(binding.use);
  const auto tried = try_apart(
      binding.use, [&open] { (void)open(); }, options.longest_opening);
  if (!tried) return tried.error();
  auto decoder = open();
  if (!decoder) return decoder;
  return watched(std::move(*decoder), binding.use, options.crash_mark);
}

Result<std::vector<TopicFilter>> filters_of(const DecoderBinding& binding) {
  if (binding.topics.empty()) {
    return invalid({.what = "decoder \"" + binding.use + "\" is bound to no topic",
                    .remedy = "Give it topics, such as [\"zigbee2mqtt/#\"]",
                    .chinese = "解码器 \"" + binding.use +
                               "\" 没有主题。请写 topics，例如 [\"zigbee2mqtt/#\"]"});
  }
  std::vector<TopicFilter> filters;
  for (const auto& text : binding.topics) {
    auto filter = TopicFilter::parse(text);
    if (!filter) {
      return invalid(
          {.what = "\"" + text + "\" of decoder \"" + binding.use + "\" is no topic filter",
           .remedy = "'+' stands for one whole level, '#' for the last ones",
           .chinese = "解码器 \"" + binding.use + "\" 的 \"" + text +
                      "\" 不是主题过滤器。'+' 代表整整一层，'#' 代表最后所有层"});
    }
    filters.push_back(std::move(*filter));
  }
  return filters;
}

// What one of the two could not read is no reason to lose what the other one read.
Decoding joined(Decoding first, Decoding second) {
  // Another gateway's event is passed on as it is.
  if (first.outcome == Outcome::relayed || first.outcome == Outcome::own) return first;
  if (first.outcome != Outcome::decoded) {
    if (second.why.empty()) second.why = std::move(first.why);
    second.remembered = std::move(first.remembered);
    second.capabilities = std::move(first.capabilities);
    return second;
  }
  for (Observation& each : second.observations) first.observations.push_back(std::move(each));
  if (first.why.empty()) first.why = std::move(second.why);
  return first;
}

}  // namespace

std::vector<std::string_view> builtin_names() {
  std::vector<std::string_view> names;
  for (const auto* decoder : builtin_decoders()) names.emplace_back(decoder->name);
  names.push_back(RelayDecoder::kName);
  return names;
}

Result<Registry> Registry::build(const RegistryOptions& options) {
  Registry registry;
  if (options.bindings.size() > kMostBindings) {
    return invalid({.what = "more than 1000 decoder bindings",
                    .remedy = "Bind several topics to one decoder",
                    .chinese = "解码器超过 1000 段。请把几个主题写在同一段里"});
  }
  for (const auto& device : options.devices) {
    if (device.id.empty())
      return invalid({.what = "a device in the table has no id",
                      .remedy = "Give it one",
                      .chinese = "有一个设备没有 id。请写上"});
    if (!registry.devices_.try_emplace(sdk::lower_case(device.id), device).second) {
      return invalid({.what = "device \"" + device.id + "\" is in the table twice",
                      .remedy = "Remove one entry",
                      .chinese = "设备 \"" + device.id + "\" 写了两次。请删掉一段"});
    }
    if (auto read = registry.mappings_.add(device, options.zone_minutes); !read)
      return read.error();
  }
  const auto site = site_options(options);
  if (!site) return site.error();
  RegistryOptions whole = options;
  if (!options.tag_keys_file.empty()) {
    auto keys = load_tag_keys(options.tag_keys_file);
    if (!keys) return keys.error();
    whole.tag_keys_json = std::move(*keys);
  }
  for (const auto& binding : options.bindings) {
    auto filters = filters_of(binding);
    if (!filters) return filters.error();
    auto decoder = open_decoder(binding, whole, *site);
    if (!decoder) return decoder.error();
    registry.bindings_.push_back(
        Binding{std::move(*filters), std::move(*decoder), binding.also_dollar});
  }
  return registry;
}

void Registry::recall(const Remembered& remembered) {
  for (Binding& binding : bindings_) {
    if (binding.decoder->name() == remembered.decoder) binding.decoder->recall(remembered);
  }
}

void Registry::not_kept(const Remembered& remembered) {
  for (Binding& binding : bindings_) {
    if (binding.decoder->name() == remembered.decoder) binding.decoder->not_kept(remembered);
  }
}

Registry::Fitting Registry::match(std::string_view topic) const {
  Fitting fitting;
  std::size_t behind = 0;  // the decoders of envelopes
  for (std::size_t i = 0; i < bindings_.size(); ++i) {
    const auto& filters = bindings_[i].filters;
    const bool dollar = bindings_[i].also_dollar && topic.starts_with('$');
    const bool fits =
        dollar || std::any_of(filters.begin(), filters.end(),
                              [&](const TopicFilter& filter) { return filter.matches(topic); });
    if (!fits) continue;
    fitting.push_back({static_cast<std::uint16_t>(i), false});
    if (bindings_[i].decoder->unwraps()) behind = fitting.size();
  }
  for (const auto device : mappings_.named_in(topic)) {
    fitting.insert(fitting.begin() + static_cast<std::ptrdiff_t>(behind++), {device, true});
  }
  return fitting;
}

const Registry::Fitting& Registry::fitting(std::string_view topic) {
  if (topic.size() > kLongestRemembered) return unremembered_ = match(topic);
  if (const auto found = fitting_.find(topic); found != fitting_.end()) return found->second;
  if (fitting_.size() == kMostTopics) fitting_.clear();
  return fitting_.emplace(topic, match(topic)).first->second;
}

Decoding Registry::decode(const Frame& frame) {
  return ask(frame, nullptr);
}

Decoding Registry::decode_telling(const Frame& frame, std::vector<Attempt>& attempts) {
  return ask(frame, &attempts);
}

Decoding Registry::ask(Step step, const Frame& frame, std::vector<Attempt>* attempts) {
  const auto tell = [attempts](const Decoding& decoding, std::string_view decoder,
                               bool is_profile) {
    if (attempts == nullptr) return;
    attempts->push_back({std::string(decoder), decoding.outcome, decoding.why, is_profile,
                         decoding.handed.has_value()});
  };
  Decoding decoding = step.is_profile ? mappings_.decode(step.index, frame)
                                      : bindings_[step.index].decoder->decode(frame);
  if (step.is_profile) {
    tell(decoding, decoding.decoder, true);
    return decoding;
  }
  tell(decoding, bindings_[step.index].decoder->name(), false);
  if (!decoding.handed) return decoding;
  decoding = mappings_.unwrap(std::move(decoding), frame);
  tell(decoding, decoding.decoder, true);
  return decoding;
}

// What a mapping of the site adds stands behind what the decoder after it read.
Decoding Registry::ask(const Frame& frame, std::vector<Attempt>* attempts) {
  Decoding last;
  std::optional<Decoding> added;
  std::optional<Decoding> unlike;  // what the device's own mapping says of it
  for (const Step step : fitting(frame.topic.text())) {
    // In the envelope of a network server: it is no text of the device's own.
    if (step.is_profile && !last.device.empty()) continue;
    Decoding decoding = ask(step, frame, attempts);
    if (decoding.is_unlike && step.is_profile) {
      if (!unlike) unlike = std::move(decoding);
      continue;
    }
    if (decoding.adds && decoding.outcome == Outcome::decoded) {
      added = added ? joined(std::move(*added), std::move(decoding)) : std::move(decoding);
      continue;
    }
    if (decoding.outcome == Outcome::malformed && unlike) decoding = std::move(*unlike);
    if (decoding.outcome != Outcome::not_mine || decoding.is_unwrapped) {
      if (added) decoding = joined(std::move(decoding), std::move(*added));
      place(frame.topic, decoding);
      return decoding;
    }
    // Who knows whose message it is knows best why it was not read.
    const bool knows = !decoding.device.empty() || last.device.empty();
    if (knows && !decoding.why.empty()) last.why = std::move(decoding.why);
    if (last.device.empty()) last.device = std::move(decoding.device);
  }
  if (added) {
    last = std::move(*added);
  } else if (unlike) {
    last = std::move(*unlike);
  }
  place(frame.topic, last);
  return last;
}

// The site's table knows a device's name, and its domain best; then its kind says the domain; then,
// for a kind that says nothing, the level that our own devices name it in
// (wp/in/<domain>/<device>).
void Registry::place(const Topic& topic, Decoding& decoding) const {
  constexpr std::string_view kOwn = "wp/in/";
  std::optional<Domain> named;
  const std::string_view text = topic.text();
  if (text.starts_with(kOwn)) {
    const auto rest = text.substr(kOwn.size());
    named = domain_from(rest.substr(0, rest.find('/')));
  }
  if (!named && devices_.empty()) return;
  if (!devices_.empty() && !decoding.device.empty()) {
    if (const DeviceEntry* entry = device(decoding.device)) decoding.name = entry->name;
  }
  for (Observation& observation : decoding.observations) {
    const DeviceEntry* entry = devices_.empty() ? nullptr : device(observation.device);
    const Domain of_kind = domain_of(observation.kind);
    if (entry != nullptr) observation.name = entry->name;
    if (entry != nullptr && entry->domain) {
      observation.domain = entry->domain;
    } else if (of_kind == Domain::other || of_kind == Domain::device) {
      observation.domain = named;
    }
  }
}

const DeviceEntry* Registry::device(std::string_view id) const {
  const auto found = devices_.find(sdk::lower_case(id));
  return found == devices_.end() ? nullptr : &found->second;
}

}  // namespace watchpost::decode
