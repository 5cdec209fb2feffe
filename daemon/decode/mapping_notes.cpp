#include "decode/mapping_notes.hpp"

#include <set>

#include "decode/mapping.hpp"
#include "decode/profiles.hpp"

namespace watchpost::decode {

std::vector<Complaint> notes_on_mappings(const RegistryOptions& options) {
  std::vector<Complaint> notes;
  std::set<std::string> seen;
  const auto look_at = [&](const std::string& file, MappingUse use) {
    if (!is_mapping_profile(file) || !seen.insert(file).second) return;
    const auto mapping = Mapping::load(file, use);
    if (!mapping) return;
    notes.insert(notes.end(), mapping->notes.begin(), mapping->notes.end());
  };
  for (const auto& binding : options.bindings) look_at(binding.use, MappingUse::decoder);
  for (const auto& device : options.devices) look_at(device.profile, MappingUse::profile);
  return notes;
}

}  // namespace watchpost::decode
