#include <fmt/format.h>

#include <string>

#include "base/encoding.hpp"
#include "base/gb18030.hpp"
#include "sdk/bytes.hpp"
#include "sdk/text.hpp"
#include "sl651/body.hpp"

namespace watchpost::sl651 {
namespace {

constexpr std::uint8_t kTimeId = 0xf0;
constexpr std::uint8_t kStationId = 0xf1;
constexpr std::uint8_t kManualId = 0xf2;
constexpr std::uint8_t kPictureId = 0xf3;
constexpr std::uint8_t kBatchId = 0xfd;
constexpr std::uint8_t kOwnId = 0xff;
constexpr std::uint8_t kStepId = 0x04;
constexpr std::int64_t kHour = 60;
constexpr std::int64_t kMinutesOfDay = 1'440;

std::string upper_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02X}", static_cast<std::uint8_t>(c));
  return text;
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

// The numbers of the bits that are set, from 1: "1 3".
std::string bits_set(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i / 8]);
    if ((byte >> i % 8 & 1) != 0) text += (text.empty() ? "" : " ") + std::to_string(i + 1);
  }
  return text;
}

class HexBody {
 public:
  HexBody(std::uint8_t code, std::string_view body, ReportBuilder& report)
      : code_(code), reader_(body), report_(report) {}

  void read() {
    if (!is_answer(code_)) return elements();
    read_station_of_answer();
    if (code_ <= function::kReadRunning) return parameters();
    switch (code_) {
      case function::kVersion:
        return version();
      case function::kSetPassword:
        return;
      case function::kPumps:
        return switches("pumps_running");
      case function::kValves:
        return switches("valves_open");
      case function::kGates:
        return gates();
      case function::kQuota:
        return quota();
      case function::kEvents:
        return events();
      default:
        return elements();
    }
  }

 private:
  // "FF01" for an element of the maker's own, else "39".
  struct Head {
    std::uint8_t id = 0;
    std::string name;
    std::uint8_t definition = 0;
    [[nodiscard]] std::size_t length() const { return definition >> 3; }
    [[nodiscard]] unsigned decimals() const { return definition & 7U; }
  };

  Head head() {
    Head head;
    head.id = reader_.u8();
    head.name = fmt::format("{:02X}", head.id);
    if (head.id == kOwnId) head.name += fmt::format("{:02X}", reader_.u8());
    head.definition = reader_.u8();
    return head;
  }

  void elements() {
    while (!reader_.at_end() && go_on_) {
      const auto head = this->head();
      if (!reader_.ok()) return cut_off("an element");
      element(head);
    }
  }

  void element(const Head& head) {
    switch (head.id) {
      case 0:
        return stop("an element cannot have the identifier 00");
      case kTimeId:
        return time();
      case kStationId:
        return station();
      case kManualId:
        return report_.text({"manual_report"}, from_gb18030(sdk::trim(rest())).utf8);
      case kPictureId:
        return report_.number("picture_bytes", static_cast<double>(rest().size()));
      case kBatchId:
        return report_.other({.id = head.name, .text = fmt::format("{} bytes", rest().size())});
      case kStepId:
        return series(head);
      default:
        return data(head);
    }
  }

  void time() {
    const auto digits = reader_.take(5);
    if (!reader_.ok()) return cut_off("the observation time");
    report_.set_time(to_hex(digits));
  }

  void station() {
    const auto address = reader_.take(5);
    if (!reader_.ok()) return cut_off("the station's address");
    report_.set_station(upper_hex(address));
    if (is_answer(code_)) return;
    const auto station_class = reader_.take(1);
    if (!reader_.ok()) return cut_off("the station's class");
    report_.set_station_class(upper_hex(station_class));
  }

  void data(const Head& head) {
    const auto bytes = reader_.take(head.length());
    if (!reader_.ok()) return cut_off("element " + head.name);
    const auto* element = head.id == kOwnId ? nullptr : element_of(head.id);
    if (element == nullptr) return other(head, bytes);
    switch (element->sort) {
      case Sort::status:
        return status(bytes);
      case Sort::rain_row:
      case Sort::level_row:
        return report_.row(*element, 0, bytes);
      default:
        return report_.value(*element, from_bcd(bytes, head.decimals()));
    }
  }

  void status(std::string_view bytes) {
    if (bytes.size() != 4) return report_.unread("the status word has not four bytes");
    const auto bits = big_endian(bytes);
    if (bits == 0xffffffff) return report_.status_missing();
    report_.status(bits);
  }

  // Its length is known, so that reading goes on behind it.
  void other(const Head& head, std::string_view bytes) {
    const auto value = from_bcd(bytes, head.decimals());
    const bool number = value.what == Value::What::number;
    report_.other(
        {.id = head.name, .text = number ? fmt::format("{}", value.number) : to_hex(bytes)});
    if (head.id == kOwnId) return;
    report_.unread(fmt::format("element {} is not in the standard", head.name));
  }

  // Uniform series: a step, one element, and its values to the end (table C.3, section 6.6.4.4).
  void series(const Head& step_head) {
    const auto step = to_hex(reader_.take(step_head.length()));
    const auto digits = step.size() == 6 && step.find_first_not_of("0123456789") == step.npos;
    if (!reader_.ok() || !digits) return stop("the time step is no time");
    const auto two = [&step](std::size_t at) { return std::stoll(step.substr(at, 2)); };
    const auto minutes = two(0) * kMinutesOfDay + two(2) * kHour + two(4);
    const auto head = this->head();
    const auto* element = element_of(head.id);
    if (!reader_.ok() || head.length() == 0) return stop("the series has no element");
    if (element == nullptr) return stop("the series is of element " + head.name);
    const bool rows = element->sort == Sort::rain_row || element->sort == Sort::level_row;
    if (minutes == 0 && !rows) return stop("the series has no time step");
    for (std::int64_t n = 0; reader_.left() >= head.length(); ++n) {
      const auto bytes = reader_.take(head.length());
      if (rows) {
        report_.row(*element, n * kHour, bytes);
      } else {
        report_.series_value(*element, n * minutes, from_bcd(bytes, head.decimals()));
      }
    }
    if (!reader_.at_end()) stop("the series ends within a value");
  }

  void read_station_of_answer() {
    if (reader_.at_end()) return;
    const auto id = reader_.u8();
    reader_.take(1);
    if (id != kStationId) return stop("an answer does not begin with the station's address");
    station();
  }

  // Tables D.1 and D.4.
  void parameters() {
    constexpr std::uint8_t kPassword = 0x03;
    constexpr std::uint8_t kRelayed = 0x0e;  // its whole second byte is the length
    constexpr std::uint8_t kFirstRunning = 0x20;
    std::string text;
    while (!reader_.at_end() && go_on_) {
      const auto head = this->head();
      const auto bytes = reader_.take(head.id == kRelayed ? head.definition : head.length());
      if (!reader_.ok()) cut_off("parameter " + head.name);
      if (!go_on_ || head.id == kPassword) continue;
      const auto value = from_bcd(bytes, head.decimals());
      const bool number = head.id >= kFirstRunning && value.what == Value::What::number;
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", head.name,
                          number ? fmt::format("{}", value.number) : to_hex(bytes));
    }
    report_.text({"parameters"}, std::move(text));
  }

  void version() {
    const std::size_t length = reader_.u8();
    const auto text = reader_.take(length);
    if (!reader_.ok()) return cut_off("the version");
    report_.text({"firmware_version"}, from_gb18030(text).utf8);
  }

  // Tables 71 and 74.
  void switches(std::string_view name) {
    const std::size_t length = reader_.u8();
    const auto bytes = reader_.take(length);
    if (!reader_.ok()) return cut_off("the states");
    report_.text({name}, bits_set(bytes));
  }

  // Table 77: how many, one bit for each, then how far each is open, in centimetres.
  void gates() {
    const std::size_t count = reader_.u8();
    const auto bits = reader_.take((count + 7) / 8);
    if (!reader_.ok()) return cut_off("the states");
    report_.text({"open_gates"}, bits_set(bits));
    std::string openings;
    for (std::size_t i = 0; i < count && reader_.left() >= 2; ++i) {
      const auto value = from_bcd(reader_.take(2), 0);
      const bool number = value.what == Value::What::number;
      openings += fmt::format("{}{}={}", i == 0 ? "" : " ", i + 1,
                              number ? fmt::format("{}", value.number) : std::string("?"));
    }
    report_.text({"gate_openings"}, std::move(openings));
  }

  void quota() {
    const auto state = reader_.u8();
    if (!reader_.ok() || (state != 0 && state != 0xff))
      return stop("the quota is neither off nor on");
    report_.text({"quota_control"}, state == 0 ? "off" : "on");
  }

  // Table 82: how often each of 32 events happened; those that did.
  void events() {
    std::string text;
    for (int event = 1; event <= 32; ++event) {
      const auto count = reader_.u16be();
      if (!reader_.ok()) return cut_off("the counts of events");
      if (count != 0) text += fmt::format("{}ERC{}={}", text.empty() ? "" : " ", event, count);
    }
    report_.text({"event_counts"}, std::move(text));
  }

  std::string_view rest() { return reader_.take(reader_.left()); }
  void cut_off(std::string_view what) { stop(fmt::format("{} is cut off", what)); }
  void stop(std::string why) {
    go_on_ = false;
    report_.unread(std::move(why));
  }

  std::uint8_t code_;
  sdk::ByteReader reader_;
  ReportBuilder& report_;
  bool go_on_ = true;
};

}  // namespace

void read_hex_body(std::uint8_t code, std::string_view body, ReportBuilder& report) {
  HexBody(code, body, report).read();
}

}  // namespace watchpost::sl651
