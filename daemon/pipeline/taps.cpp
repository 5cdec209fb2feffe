#include "pipeline/taps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace watchpost::pipeline {
namespace {

using Code = TroubleCode;

constexpr std::string_view kTagReader = "tag_reader";  // whose counters a backup brings back

bool has_flag(const Observation& observation, std::string_view flag) {
  const auto& flags = observation.flags;
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

// What names the tag; empty where nothing does.
std::string tag_of(const Observation& scan) {
  for (const std::string_view quantity : {"tag_uid", "tag_id", "tag_uri"}) {
    const Reading* reading = scan.find(quantity);
    const auto* text = reading == nullptr ? nullptr : std::get_if<std::string>(&reading->value);
    if (text != nullptr && !text->empty()) return *text;
  }
  return {};
}

bool is_proven(const Observation& scan) {
  const Reading* auth = scan.find("auth");
  const auto* text = auth == nullptr ? nullptr : std::get_if<std::string>(&auth->value);
  return text != nullptr && *text == "sun_ok";
}

bool within(std::int64_t a, std::int64_t b, std::chrono::nanoseconds span) {
  return std::chrono::nanoseconds(std::llabs(a - b)) <= span;
}

}  // namespace

void Taps::judge(Observation& scan, const Received& received, std::vector<Fact>& facts) {
  if (scan.kind != Kind::patrol_scan) return;
  const std::string tag = tag_of(scan);
  if (has_flag(scan, "unverified")) note(scan, tag, received.steady, unproven_);
  bool is_visit = !tag.empty();
  if (has_flag(scan, "replayed")) {
    note(scan, tag, received.steady, copied_);
    is_visit = false;
  } else if (scan.stored_copy && !is_proven(scan)) {
    is_visit = false;  // what a broker kept says that a tag was tapped once
  } else if (is_visit && !is_new(scan, tag, received, facts)) {
    is_visit = false;
    if (!has_flag(scan, "repeat")) scan.flags.emplace_back("repeat");
  }
  // Its proof says that it was accepted already, at another time than this reader's.
  if (has_flag(scan, "repeat")) is_visit = false;
  scan.readings.push_back({"visit", "", is_visit});
}

bool Taps::is_new(const Observation& scan, const std::string& tag, const Received& received,
                  std::vector<Fact>& facts) {
  const std::int64_t at = scan.observed_at.value_or(received.at).time_since_epoch().count();
  Reader& here = reader(scan.device, facts);
  const auto known = std::find_if(here.scans.rbegin(), here.scans.rend(),
                                  [&](const Scan& each) { return each.tag == tag; });
  if (known != here.scans.rend()) {
    const bool same = within(at, known->unix_ns, kSame) || within(at, known->until_ns, kSame);
    if (same || received.is_again) {
      known->until_ns = at;
      return false;
    }
    here.scans.erase(std::next(known).base());
  }
  if (has_flag(scan, "repeat")) return false;
  if (here.scans.size() == kMostAtOnce) here.scans.pop_front();
  here.scans.push_back({tag, at, at});
  std::string value;
  for (const Scan& each : here.scans) value += fmt::format("{} {}\n", each.unix_ns, each.tag);
  facts.emplace_back(Remembered{std::string(kName), scan.device, std::move(value)});
  return true;
}

Taps::Reader& Taps::reader(const std::string& name, std::vector<Fact>& facts) {
  const auto known = readers_.find(name);
  if (known == readers_.end() && readers_.size() == kMostReaders) {
    const auto oldest = std::min_element(
        readers_.begin(), readers_.end(),
        [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
    facts.emplace_back(Remembered{std::string(kName), oldest->first, {}});
    readers_.erase(oldest);
  }
  Reader& found = readers_[name];
  found.used = ++uses_;
  return found;
}

void Taps::recall(const Remembered& remembered) {
  if (remembered.decoder == kTagReader && remembered.key == kRememberedInCopy)
    is_restored_ = !remembered.value.empty();
  if (remembered.decoder != kName || readers_.size() == kMostReaders) return;
  if (remembered.key == kRememberedInCopy) return;
  Reader& here = readers_[remembered.key];
  std::string_view rest = remembered.value;
  while (!rest.empty() && here.scans.size() < kMostAtOnce) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto space = line.find(' ');
    std::int64_t at = 0;
    if (space == std::string_view::npos) continue;
    const auto [stop, error] = std::from_chars(line.data(), line.data() + space, at);
    if (error != std::errc{} || stop != line.data() + space) continue;
    here.scans.push_back({std::string(line.substr(space + 1)), at, at});
  }
}

// The newest of the value is the one that was new; the message comes again, and is then new again.
void Taps::not_kept(const Remembered& remembered) {
  if (remembered.decoder != kName) return;
  const auto found = readers_.find(remembered.key);
  if (found == readers_.end() || remembered.value.empty()) return;
  std::string_view value = remembered.value;
  value.remove_suffix(1);
  const auto line = value.rfind('\n');
  if (line != std::string_view::npos) value.remove_prefix(line + 1);
  std::erase_if(found->second.scans, [&](const Scan& each) {
    return value == fmt::format("{} {}", each.unix_ns, each.tag);
  });
}

void Taps::note(const Observation& scan, const std::string& tag, SteadyTime now, News& news) {
  if (news.times > 0 && now - news.at >= kToldFor) news.times = 0;
  ++news.times;
  news.at = now;
  const std::string& reader = scan.name.empty() ? scan.device : scan.name;
  news.place = tag.empty() ? reader : fmt::format("{} ({})", tag, reader);
}

std::vector<Trouble> Taps::troubles(SteadyTime now) const {
  std::vector<Trouble> all;
  const auto is_told = [now](const News& news) {
    return news.times > 0 && now - news.at < kToldFor;
  };
  if (is_told(copied_)) {
    all.push_back(
        trouble<Code::taps_copied>(arg<"times">(copied_.times), arg<"names">(copied_.place)));
  }
  if (is_told(unproven_)) {
    all.push_back(trouble<Code::taps_not_proven>(arg<"times">(unproven_.times),
                                                 arg<"names">(unproven_.place)));
  }
  if (is_restored_) all.push_back(trouble<Code::tap_counters_restored>());
  return all;
}

}  // namespace watchpost::pipeline
