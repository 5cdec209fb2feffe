// Messages of a gateway, for the tests of the receiver.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "receiver/store.hpp"

namespace watchpost::receiver::test {

inline const std::string kPrefix = "wp/v1/310118/106/203/zhaoxiang-03/";
inline const std::string kSource = "urn:watchpost:zhaoxiang-03";
inline const std::string kEpoch = "7f3a0001";

struct EventParts {
  std::uint64_t sequence = 1;
  std::string_view event_class = "telemetry";
  std::string epoch = kEpoch;
  std::string type = "cn.watchpost.water.telemetry.v1";
  std::string members = R"("state":"info")";  // members of `data`
  std::string gateway = "zhaoxiang-03";
};

inline std::string event_text(const EventParts& parts) {
  return fmt::format(
      R"({{"specversion":"1.0","id":"{}.{}.{}","source":"urn:watchpost:{}","type":"{}",)"
      R"("subject":"pond-1","time":"2026-11-23T19:41:07.120Z","sequence":"{:016}",)"
      R"("wpclass":"{}","data":{{{}}}}})",
      parts.epoch, parts.event_class.front(), parts.sequence, parts.gateway, parts.type,
      parts.sequence, parts.event_class, parts.members);
}

inline Message message(const EventParts& parts) {
  return {fmt::format("wp/v1/310118/106/203/{}/{}/water/pond-1", parts.gateway, parts.event_class),
          event_text(parts)};
}

inline Message telemetry(std::uint64_t sequence, const std::string& epoch = kEpoch) {
  EventParts parts;
  parts.sequence = sequence;
  parts.epoch = epoch;
  return message(parts);
}

// The gap event of telemetry first..last; `sequence` is its own number among status events.
inline Message gap(std::uint64_t sequence, const SeqRange& range,
                   const std::string& epoch = kEpoch) {
  EventParts parts;
  parts.sequence = sequence;
  parts.event_class = "status";
  parts.epoch = epoch;
  parts.type = "cn.watchpost.gateway.gap.v1";
  parts.members = fmt::format(
      R"("class":"telemetry","epoch":"{}","first":{},"last":{},"count":{},"reason":"quota")", epoch,
      range.first.value, range.last.value, range.last.value - range.first.value + 1);
  return message(parts);
}

// `first` and `oldest` are those of telemetry; the other classes begin at 1.
inline Message online(std::uint64_t first, std::uint64_t oldest,
                      const std::string& epoch = kEpoch) {
  const auto positions = [](std::uint64_t telemetry) {
    return fmt::format(R"({{"alarm":1,"patrol":1,"status":1,"telemetry":{}}})", telemetry);
  };
  return {kPrefix + "status/gateway/online",
          fmt::format(R"({{"specversion":"1.0","id":"{0}.link.01.online",)"
                      R"("source":"urn:watchpost:zhaoxiang-03",)"
                      R"("type":"cn.watchpost.gateway.online.v1","wpclass":"status",)"
                      R"("data":{{"state":"online","epoch":"{0}","first":{1},"oldest":{2}}}}})",
                      epoch, positions(first), positions(oldest))};
}

}  // namespace watchpost::receiver::test
