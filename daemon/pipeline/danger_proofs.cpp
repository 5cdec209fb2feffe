#include "pipeline/danger_proofs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace watchpost::pipeline {
namespace {

constexpr std::size_t kMostNotProvenNamed = 5;
// How often a row is written anew, though nothing changed but its time.
constexpr std::int64_t kWeek = 7 * 24 * 3600;
constexpr std::int64_t kDay = 24 * 3600;
constexpr std::array<std::string_view, 3> kBy{"nothing", "alarm", "test"};

bool is_true(const Observation& observation, std::string_view quantity) {
  const Reading* reading = observation.find(quantity);
  const auto* flag = reading == nullptr ? nullptr : std::get_if<bool>(&reading->value);
  return flag != nullptr && *flag;
}

bool is_flagged(const Observation& observation, std::string_view flag) {
  const auto& flags = observation.flags;
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

ProvenBy proof_in(const DangerProofs::Seen& seen) {
  const Observation& observation = seen.observation;
  if (seen.verdict.of_the_past || observation.stored_copy) return ProvenBy::nothing;
  if (seen.verdict.alarm) return ProvenBy::alarm;
  const bool is_test = observation.state == DeclaredState::test || is_true(observation, "test");
  return is_test ? ProvenBy::test : ProvenBy::nothing;
}

std::int64_t seconds_of(std::optional<WallTime> at) {
  if (!at) return 0;
  return std::chrono::duration_cast<std::chrono::seconds>(at->time_since_epoch()).count();
}

// The kind has no line end; a device may.
std::string proof_key(std::string_view device, Kind kind) {
  return fmt::format("{}\n{}", to_string(kind), device);
}

std::string value_of(const DangerProof& proof) {
  return fmt::format("{} {} {}", to_string(proof.by), proof.unix_s, proof.lister);
}

struct Key {
  Kind kind;
  std::string_view device;
};

std::optional<Key> key_from(std::string_view text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto kind = kind_from(text.substr(0, end));
  if (!kind || end + 1 == text.size()) return std::nullopt;
  return Key{*kind, text.substr(end + 1)};
}

}  // namespace

std::string_view to_string(ProvenBy by) {
  return kBy[static_cast<std::size_t>(by)];
}

void DangerProofs::note(const Seen& seen, std::vector<Fact>& facts) {
  const Observation& observation = seen.observation;
  // A group's name is no device's.
  if (!rules::is_danger(observation.kind) || is_flagged(observation, "group")) return;
  DangerProof* proof = place(observation.device, observation.kind);
  if (proof == nullptr) return;
  const ProvenBy by = proof_in(seen);
  const std::int64_t now = seconds_of(seen.at);
  if (by != ProvenBy::nothing) {
    // An alarm proves more than a test: also that somebody was told.
    const bool is_same = proof->by == by || proof->by == ProvenBy::alarm;
    if (is_same && proof->is_saved && now < proof->unix_s + kDay) return;
    if (proof->by != ProvenBy::alarm) proof->by = by;
    proof->unix_s = now;
  } else if (proof->by == ProvenBy::nothing) {
    if (proof->is_saved && now < proof->unix_s + kWeek) return;
    proof->unix_s = now;
  } else if (proof->is_saved) {
    return;
  }
  save(observation.device, *proof, facts);
}

void DangerProofs::listed(const List& list, std::optional<WallTime> at, std::vector<Fact>& facts) {
  std::set<std::string> wanted;
  for (const decode::Capability& each : list.devices) {
    if (!rules::is_danger(each.kind)) continue;
    wanted.insert(proof_key(each.device, each.kind));
    DangerProof* proof = place(each.device, each.kind);
    if (proof == nullptr || (proof->lister == list.lister && proof->is_saved)) continue;
    if (proof->unix_s == 0) proof->unix_s = seconds_of(at);
    proof->lister = list.lister;
    save(each.device, *proof, facts);
  }
  for (auto device = devices_.begin(); device != devices_.end();) {
    std::erase_if(device->second, [&](const DangerProof& proof) {
      const auto key = proof_key(device->first, proof.kind);
      const bool is_gone =
          proof.lister == list.lister && proof.by == ProvenBy::nothing && !wanted.contains(key);
      if (is_gone) {
        facts.emplace_back(Remembered{std::string(kName), key, {}});
        --size_;
      }
      return is_gone;
    });
    device = device->second.empty() ? devices_.erase(device) : std::next(device);
  }
}

// What is not known yet is not saved either.
DangerProof* DangerProofs::place(const std::string& device, Kind kind) {
  auto found = devices_.find(device);
  if (found != devices_.end()) {
    for (DangerProof& each : found->second) {
      if (each.kind == kind) return &each;
    }
  }
  if (size_ == kMost) return nullptr;
  if (found == devices_.end()) found = devices_.emplace(device, std::vector<DangerProof>{}).first;
  ++size_;
  DangerProof& added = found->second.emplace_back();
  added.kind = kind;
  added.is_saved = false;
  return &added;
}

void DangerProofs::save(const std::string& device, DangerProof& proof, std::vector<Fact>& facts) {
  proof.is_saved = true;
  facts.emplace_back(
      Remembered{std::string(kName), proof_key(device, proof.kind), value_of(proof)});
}

void DangerProofs::recall(const Remembered& remembered) {
  if (remembered.decoder != kName) return;
  const auto key = key_from(remembered.key);
  std::string_view value = remembered.value;
  const auto space = std::min(value.find(' '), value.size());
  const auto* const by = std::find(kBy.begin(), kBy.end(), value.substr(0, space));
  if (!key || by == kBy.end()) return;
  value.remove_prefix(std::min(space + 1, value.size()));
  std::int64_t at = 0;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), at);
  if (error != std::errc{}) return;
  DangerProof* proof = place(std::string(key->device), key->kind);
  if (proof == nullptr) return;
  proof->by = static_cast<ProvenBy>(by - kBy.begin());
  proof->unix_s = at;
  value.remove_prefix(static_cast<std::size_t>(stop - value.data()));
  proof->lister = value.empty() ? value : value.substr(1);
  proof->is_saved = true;
}

// It is written with the next message of the device. Until then it counts as it was seen.
void DangerProofs::not_kept(const Remembered& remembered) {
  if (remembered.decoder != kName) return;
  const auto key = key_from(remembered.key);
  const auto found = key ? devices_.find(key->device) : devices_.end();
  if (found == devices_.end()) return;
  for (DangerProof& each : found->second) {
    if (each.kind == key->kind) each.is_saved = false;
  }
}

const std::vector<DangerProof>* DangerProofs::of(std::string_view device) const {
  const auto found = devices_.find(device);
  return found == devices_.end() ? nullptr : &found->second;
}

std::optional<Trouble> DangerProofs::trouble(std::optional<WallTime> now,
                                             const DeviceRoll& roll) const {
  const std::int64_t oldest = now ? seconds_of(now) - std::chrono::seconds(kToldFor).count() : 0;
  std::uint64_t devices = 0;
  std::string names;
  for (const auto& [device, proofs] : devices_) {
    const bool is_open = std::any_of(proofs.begin(), proofs.end(), [&](const DangerProof& each) {
      const bool is_gone = each.lister.empty() && each.unix_s != 0 && each.unix_s < oldest;
      return each.by == ProvenBy::nothing && !is_gone;
    });
    if (!is_open || ++devices > kMostNotProvenNamed) continue;
    const DeviceEntry* entry = roll.find(device);
    const bool has_name = entry != nullptr && !entry->name.empty();
    names.append(names.empty() ? "" : ", ");
    names += has_name ? fmt::format("{} ({})", entry->name, device) : device;
  }
  if (devices == 0) return std::nullopt;
  if (devices > kMostNotProvenNamed) names += ", …";
  return watchpost::trouble<TroubleCode::devices_not_proven>(arg<"devices">(devices),
                                                             arg<"names">(std::move(names)));
}

}  // namespace watchpost::pipeline
