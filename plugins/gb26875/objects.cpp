#include "gb26875/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "gb26875/readings.hpp"
#include "gb26875/states.hpp"
#include "gb26875/type_names.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::gb26875 {

namespace {

using sdk::ByteReader;
using sdk::Observation;
using wired::Gb26875Frame;

constexpr std::size_t kTime = 6;
constexpr std::size_t kPartText = 31;
constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDayNs = 86'400 * kSecondNs;

// Table 3. Those with a length of their own are read one by one, as long as they fit.
enum Type : std::uint8_t {
  system_state = 1,
  part_state = 2,
  part_value = 3,
  system_operation = 4,
  system_version = 5,
  system_configuration = 6,
  part_configuration = 7,
  system_time = 8,
  device_state = 21,
  device_operation = 24,
  device_version = 25,
  device_configuration = 26,
  device_time = 28,
};

// The size of an object without its time; 0: it has a length of its own, or we do not know it.
std::size_t body_of(std::uint8_t type) {
  switch (type) {
    case system_state:
    case system_operation:
    case system_version:
      return 4;
    case part_state:
      return 40;
    case part_value:
      return 10;
    case part_configuration:
      return 38;
    case system_time:
      return 8;
    case device_state:
      return 1;
    case device_operation:
    case device_version:
      return 2;
    case device_time:
      return 6;
    default:
      return 0;
  }
}

bool is_timed(std::uint8_t type) {
  return type == system_state || type == part_state || type == part_value ||
         type == system_operation || type == device_state || type == device_operation;
}

// Table 3: what the centre asks for or orders.
bool is_of_centre(std::uint8_t type) {
  return (type >= 61 && type <= 68) || type == 81 || (type >= 84 && type <= 86) ||
         (type >= 88 && type <= 91);
}

bool is_far(std::int64_t one, std::int64_t other) {
  return std::abs(one - other) > kDayNs;
}

std::string text_of_time(std::int64_t ns, int zone_minutes) {
  using namespace std::chrono;
  const sys_seconds local{seconds{ns / kSecondNs + std::int64_t{zone_minutes} * 60}};
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss clock(local - day);
  const int zone = std::abs(zone_minutes);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", int{date.year()},
                     unsigned{date.month()}, unsigned{date.day()}, clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), zone_minutes < 0 ? '-' : '+',
                     zone / 60, zone % 60);
}

wired::gb26875::Time time_in(std::string_view bytes) {
  wired::gb26875::Time time{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), time.size()), time.begin());
  return time;
}

class FrameReader {
 public:
  FrameReader(const Gb26875Frame& frame, std::string_view station, const Site& site,
              Findings& findings)
      : frame_(frame),
        station_(station),
        site_(site),
        findings_(findings),
        frame_ns_(ns_of(frame.time, site.zone_minutes)),
        clock_is_far_(frame_ns_ && is_far(*frame_ns_, site.received_ns)) {}

  void read() {
    using namespace wired::gb26875;
    const std::uint8_t command = frame_.command;
    if (command == control || command == request) {
      return ignore(fmt::format("command {} is one of the centre", command));
    }
    if (command == confirm || command == deny) return add_heartbeat();
    if (command != send && command != answer) {
      return not_understood(fmt::format("command {} is not one of the standard", command));
    }
    if (frame_.data.empty()) return add_heartbeat();
    if (frame_.data.size() < 2) return complain("the application data is cut");
    read_data();
  }

 private:
  void ignore(std::string why) { findings_.ignored = std::move(why); }

  // Past so much text the rest says nothing new.
  void complain(std::string_view why) {
    constexpr std::size_t kMostText = 1'000;
    if (findings_.unread.size() > kMostText) return;
    findings_.unread.append(findings_.unread.empty() ? "" : "; ").append(why);
  }

  Observation start(watchpost_kind kind, watchpost_state state) const {
    Observation observation(kind, state);
    observation.device(observation.own(std::string(station_)));
    if (frame_ns_) {
      observation.text({"frame_time"},
                       observation.own(text_of_time(*frame_ns_, site_.zone_minutes)));
      if (clock_is_far_) observation.flag("clock_suspect");
    }
    return observation;
  }

  void add(Observation observation) { findings_.observations.push_back(std::move(observation)); }

  void add_heartbeat() {
    Observation observation = start(WATCHPOST_HEARTBEAT, WATCHPOST_INFO);
    observation.number({"serial"}, static_cast<double>(frame_.serial))
        .number({"command"}, static_cast<double>(frame_.command));
    add(std::move(observation));
  }

  // Kept as what may be an alarm: the types that the standard reserves for more about fire systems
  // and those of makers may be anything.
  void not_understood(const std::string& why) {
    Observation observation = start(WATCHPOST_FIRE_SYSTEM, WATCHPOST_UNKNOWN);
    observation.number({"command"}, static_cast<double>(frame_.command)).flag("not_understood");
    add(std::move(observation));
    complain(why);
  }

  void read_data() {
    const auto type = static_cast<std::uint8_t>(frame_.data[0]);
    const auto count = static_cast<std::uint8_t>(frame_.data[1]);
    const std::string_view objects = frame_.data.substr(2);
    if (is_of_centre(type)) return ignore(fmt::format("type {} is one of the centre", type));
    const auto& ignored = site_.ignored_types;
    if (std::find(ignored.begin(), ignored.end(), type) != ignored.end()) {
      return ignore(fmt::format("type {} is ignored by the options", type));
    }
    if (type == system_configuration || type == device_configuration) {
      return read_configurations(type, count, objects);
    }
    if (body_of(type) == 0) return not_understood(fmt::format("type {} is not known", type));
    read_objects(type, count, objects);
  }

  // Some devices leave the times out, others add them where the standard has none; the length of
  // the data tells it. Where no length fits, the standard's is taken.
  void read_objects(std::uint8_t type, std::size_t count, std::string_view objects) {
    const std::size_t body = body_of(type);
    bool timed = is_timed(type);
    const std::size_t other = count * (timed ? body : body + kTime);
    if (objects.size() != count * (body + (timed ? kTime : 0)) && objects.size() == other) {
      timed = !timed;
    }
    const std::size_t size = body + (timed ? kTime : 0);
    const std::size_t fitting = std::min(count, objects.size() / size);
    for (std::size_t i = 0; i < fitting; ++i) {
      const auto object = objects.substr(i * size, size);
      read_object(type, object.substr(0, body), object.substr(body));
    }
    if (count == 0 || objects.size() != count * size) {
      complain(fmt::format("type {} says {} objects of {} bytes and has {} bytes", type, count,
                           size, objects.size()));
    }
  }

  void read_configurations(std::uint8_t type, std::size_t count, std::string_view objects) {
    ByteReader in(objects);
    for (std::size_t i = 0; i < count; ++i) {
      Observation observation = start(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
      if (type == system_configuration) name_system(in, observation);
      const std::string_view text = in.take(in.u8());
      if (!in.ok()) return complain(fmt::format("configuration {} of {} is cut", i + 1, count));
      add_text({"configuration"}, text, observation);
      add(std::move(observation));
    }
    if (count == 0 || !in.at_end()) complain("bytes behind the configurations");
  }

  void read_object(std::uint8_t type, std::string_view body, std::string_view time) {
    ByteReader in(body);
    switch (type) {
      case system_state:
        return read_system_state(in, time);
      case part_state:
        return read_part_state(in, time);
      case part_value:
        return read_part_value(in, time);
      case system_operation:
        return read_operation(OperationAt::system, in, time);
      case device_operation:
        return read_operation(OperationAt::transmission_device, in, time);
      case device_state:
        return read_device_state(in, time);
      default:
        return read_status(type, in, time);
    }
  }

  // The system as a device of its own: station:type.address.
  void name_system(ByteReader& in, Observation& observation) {
    system_type_ = in.u8();
    const std::uint8_t address = in.u8();
    system_ = fmt::format("{}:{}.{}", station_, system_type_, address);
    observation.device(observation.own(system_));
    observation.number({"system_type"}, static_cast<double>(system_type_))
        .number({"system_addr"}, static_cast<double>(address));
    add_name("system_type", system_name(system_type_), observation);
  }

  // The part as a device of its own: station:type.address:high word.low word, which most panels use
  // as loop and number.
  std::uint8_t name_part(ByteReader& in, Observation& observation) {
    name_system(in, observation);
    const std::uint8_t type = in.u8();
    const std::uint32_t address = in.u32le();
    observation.device(
        observation.own(fmt::format("{}:{}.{}", system_, address >> 16U, address & 0xFFFFU)));
    observation.number({"part_type"}, static_cast<double>(type))
        .text({"part_addr"}, observation.own(fmt::format("{:08x}", address)));
    add_name("part_type", part_name(type), observation);
    return type;
  }

  static void add_name(std::string_view quantity, const TypeName* name, Observation& observation) {
    if (name == nullptr) return;
    observation.text({observation.own(fmt::format("{}_name", quantity))}, name->english)
        .text({observation.own(fmt::format("{}_name_zh", quantity))}, name->chinese);
  }

  // The event's own time; where that is none, the frame's. Two clocks that differ by more than a
  // day are flagged.
  void set_time(std::string_view bytes, Observation& observation) const {
    const auto ns = bytes.empty() ? std::nullopt : ns_of(time_in(bytes), site_.zone_minutes);
    const bool is_wrong = !bytes.empty() && !ns;
    const bool is_suspect = is_wrong || (ns && frame_ns_ && is_far(*ns, *frame_ns_));
    if (is_suspect && !clock_is_far_) observation.flag("clock_suspect");
    observation.observed(ns ? ns : frame_ns_, WATCHPOST_TIME_DEVICE);
  }

  void read_system_state(ByteReader& in, std::string_view time) {
    Observation observation = start(WATCHPOST_FIRE_SYSTEM, WATCHPOST_INFO);
    name_system(in, observation);
    describe_state({StateOf::system, in.u16le(), puts_out_fires(system_type_), site_.ignored_bits},
                   observation);
    set_time(time, observation);
    add(std::move(observation));
  }

  void read_part_state(ByteReader& in, std::string_view time) {
    Observation observation = start(WATCHPOST_FIRE_PART, WATCHPOST_INFO);
    const std::uint8_t type = name_part(in, observation);
    observation.kind(kind_of_part(type));
    describe_state({StateOf::part, in.u16le(), tells_of_fire(type), site_.ignored_bits},
                   observation);
    add_text({"location_text"}, in.take(kPartText), observation);
    set_time(time, observation);
    add(std::move(observation));
  }

  void read_device_state(ByteReader& in, std::string_view time) {
    Observation observation = start(WATCHPOST_TRANSMISSION_DEVICE, WATCHPOST_INFO);
    describe_state({StateOf::transmission_device, in.u8(), false, site_.ignored_bits}, observation);
    set_time(time, observation);
    add(std::move(observation));
  }

  void describe_state(const State& state, Observation& observation) {
    if (describe(state, observation)) {
      complain(fmt::format("state 0x{:04x} has a bit that the standard reserves", state.bits));
    }
  }

  void read_part_value(ByteReader& in, std::string_view time) {
    Observation observation = start(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
    name_part(in, observation);
    const std::uint8_t type = in.u8();
    if (!add_analogue({.type = type, .value = in.i16le()}, observation)) {
      complain(fmt::format("analogue type {} is not known", type));
    }
    set_time(time, observation);
    add(std::move(observation));
  }

  void read_operation(OperationAt at, ByteReader& in, std::string_view time) {
    const bool is_system = at == OperationAt::system;
    Observation observation =
        start(is_system ? WATCHPOST_FIRE_SYSTEM : WATCHPOST_TRANSMISSION_DEVICE, WATCHPOST_INFO);
    if (is_system) name_system(in, observation);
    if (describe_operation(at, in.u8(), observation)) complain("an operation that is reserved");
    observation.number({"operator"}, static_cast<double>(in.u8()));
    // What the centre asked for is what was done earlier.
    if (frame_.command == wired::gb26875::answer) observation.history();
    set_time(time, observation);
    add(std::move(observation));
  }

  void read_status(std::uint8_t type, ByteReader& in, std::string_view time) {
    Observation observation = start(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    if (type == part_configuration) {
      name_part(in, observation);
      add_text({"location_text"}, in.take(kPartText), observation);
    }
    if (type == system_version || type == system_time) name_system(in, observation);
    if (type == system_version || type == device_version) {
      const unsigned major = in.u8();
      const unsigned minor = in.u8();
      observation.text({"firmware_version"}, observation.own(fmt::format("{}.{}", major, minor)));
    }
    if (type == system_time || type == device_time) time = in.take(kTime);
    set_time(time, observation);
    add(std::move(observation));
  }

  const Gb26875Frame& frame_;
  std::string_view station_;
  const Site& site_;
  Findings& findings_;
  std::optional<std::int64_t> frame_ns_;
  bool clock_is_far_;             // from ours, more than a day
  std::uint8_t system_type_ = 0;  // of the object that is being read
  std::string system_;            // its name
};

}  // namespace

std::optional<std::int64_t> ns_of(const wired::gb26875::Time& time, int zone_minutes) {
  using namespace std::chrono;
  const auto [second, minute, hour, day, month, past_2000] = time;
  const year_month_day date{year{2000 + past_2000}, std::chrono::month{month},
                            std::chrono::day{day}};
  if (second > 59 || minute > 59 || hour > 23 || past_2000 > 99 || !date.ok()) return std::nullopt;
  const sys_seconds at =
      sys_days{date} + hours{hour} + minutes{minute} + seconds{second} - minutes{zone_minutes};
  return at.time_since_epoch().count() * kSecondNs;
}

void read_frame(const Gb26875Frame& frame, std::string_view station, const Site& site,
                Findings& findings) {
  FrameReader(frame, station, site, findings).read();
}

}  // namespace watchpost::gb26875
