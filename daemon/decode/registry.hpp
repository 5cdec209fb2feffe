// Registry: finds the decoder of a message by its topic.
// Promise: where the topic names a device that has a mapping as its profile, that mapping is asked
// first; on the topics of a network server, behind the decoders of its envelope, which hand over
// the device's own bytes. What does not look like the mapping's is left to the bindings, and is
// malformed only where they do not read it. Bindings are tried in the order of the configuration;
// the first whose filter matches and that does not answer not_mine wins; when none does, the answer
// is not_mine with the last explanation of those that know whose message it is, else the last.
// Which bindings fit a topic is remembered for up to 65536 topics of up to 512 bytes; at the bound
// the memory is emptied and fills again. Longer topics are matched each time. build() at start-up;
// decode() on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "decode/crash_mark.hpp"
#include "decode/decoder.hpp"
#include "decode/device_entry.hpp"
#include "decode/device_mappings.hpp"
#include "model/topic.hpp"

namespace watchpost::decode {

struct DecoderBinding {
  std::vector<std::string> topics;  // filters
  std::string use;           // built-in name, or the path of a mapping (.toml) or plugin (.so)
  std::string options_json;  // empty: none
  bool also_dollar = false;  // asked too about every topic that begins with $
};

struct RegistryOptions {
  std::vector<DecoderBinding> bindings;
  std::vector<DeviceEntry> devices;
  int zone_minutes = 480;                        // of times without a zone
  std::function<void(const Failure&)> on_fault;  // of a decoder: see AbiDecoder::OnFault
  std::string gateway{};                         // our id as our topics name it
  std::string tag_keys_file{};                   // see tag_keys.hpp; empty: none
  std::string tag_keys_json{};                   // the same, already read
  // How long a plugin may take to open, in the process of its own in which it is tried first.
  std::chrono::milliseconds longest_opening{10'000};
  std::shared_ptr<CrashMark> crash_mark{};  // null: nobody remembers which plugin crashed
};

// A decoder that was asked what a message is.
struct Attempt {
  std::string decoder;
  Outcome outcome = Outcome::not_mine;
  std::string why;
  bool is_profile = false;  // a mapping, because it is the device's profile
  bool hands_over = false;  // to that mapping, which is the next
};

// Every built-in decoder on the topics its devices use when nobody configured them.
[[nodiscard]] std::vector<DecoderBinding> default_bindings();
[[nodiscard]] std::vector<std::string_view> builtin_names();

class Registry {
 public:
  // Names what is wrong, with the nearest spelling, and which binding it is in.
  [[nodiscard]] static Result<Registry> build(const RegistryOptions& options);

  // What a decoder remembered in an earlier life; before the first decode(). Every binding of that
  // decoder gets it. What no decoder of that name wants is left alone.
  void recall(const Remembered& remembered);
  // What decode() gave to be remembered was not committed, nor was its message.
  void not_kept(const Remembered& remembered);
  Decoding decode(const Frame& frame);
  // The same, and which bindings were asked, in order; for a person.
  Decoding decode_telling(const Frame& frame, std::vector<Attempt>& attempts);
  // Nothing for a device that is not in the table; the case of the id does not count.
  [[nodiscard]] const DeviceEntry* device(std::string_view id) const;

 private:
  // Who is asked about a topic: a binding, or a device's own mapping.
  struct Step {
    std::uint16_t index;
    bool is_profile;
  };
  using Fitting = std::vector<Step>;
  struct Binding {
    std::vector<TopicFilter> filters;
    std::unique_ptr<Decoder> decoder;
    bool also_dollar = false;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  Registry() = default;
  Decoding ask(const Frame& frame, std::vector<Attempt>* attempts);
  [[nodiscard]] Fitting match(std::string_view topic) const;
  const Fitting& fitting(std::string_view topic);
  Decoding ask(Step step, const Frame& frame, std::vector<Attempt>* attempts);
  void place(const Topic& topic, Decoding& decoding) const;

  std::vector<Binding> bindings_;
  DeviceMappings mappings_;
  std::unordered_map<std::string, DeviceEntry> devices_;  // by lower-case id
  std::unordered_map<std::string, Fitting, TextHash, std::equal_to<>> fitting_;
  Fitting unremembered_;
};

}  // namespace watchpost::decode
