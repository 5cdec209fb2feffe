#include "decode/profiles.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "lorawan/codec.hpp"

namespace watchpost::decode {
namespace {

// Of Zigbee2MQTT's buttons: chosen by a comparison there, so it is no codec.
constexpr std::string_view kSosButton = "sos_button";

// As the documents write them; decoders read both.
std::string hyphenated(std::string_view profile) {
  std::string name(profile);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string note_of(const DeviceEntry& device, bool has_plugin) {
  std::string note = "no decoder knows the profile \"" + device.profile + "\" of the device " +
                     (device.name.empty() ? device.id : device.name + " (" + device.id + ")") +
                     ": nothing it sends could be read, and its alarms would not be seen";
  if (has_plugin) note += ", unless a decoder of your own (.so) knows it";
  std::vector<std::string> names{hyphenated(kSosButton)};
  for (const std::string_view codec : lorawan::codec_names()) names.push_back(hyphenated(codec));
  const std::vector<std::string_view> views(names.begin(), names.end());
  if (const auto near = nearest_spelling(hyphenated(device.profile), views)) {
    return note.append(". Did you mean \"").append(*near).append("\"?");
  }
  note += ". Known are";
  for (const std::string& name : names) note.append(" ").append(name);
  return note;
}

}  // namespace

std::vector<std::string> profile_notes(const RegistryOptions& options) {
  const bool has_plugin =
      std::any_of(options.bindings.begin(), options.bindings.end(),
                  [](const DecoderBinding& binding) { return binding.use.ends_with(".so"); });
  std::vector<std::string> notes;
  for (const DeviceEntry& device : options.devices) {
    if (device.profile.empty() || device.profile == kSosButton) continue;
    if (lorawan::find_codec(device.profile) == nullptr)
      notes.push_back(note_of(device, has_plugin));
  }
  return notes;
}

}  // namespace watchpost::decode
