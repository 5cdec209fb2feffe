#include "model/traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace watchpost::model {

std::string Traffic::text(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t word = random_();
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 8 == 0) word = random_();
    bytes[i] = static_cast<char>(word >> (8 * (i % 8)));
  }
  return bytes;
}

Record Traffic::record(EventClass event_class) {
  Record record;
  record.event_class = event_class;
  record.domain = static_cast<Domain>(below(5));  // never the gateway's own domain
  record.severity_number = static_cast<std::uint8_t>(1 + below(24));
  record.type = chance(80) ? RecordType::observation : RecordType::malformed;
  record.clock = static_cast<ClockQuality>(below(3));
  record.received_at = WallTime{std::chrono::nanoseconds{random_() >> 2U}};
  if (chance(50)) record.observed_at = WallTime{std::chrono::nanoseconds{random_() >> 2U}};
  record.device = fmt::format("device-{}", below(50));
  record.topic = fmt::format("wp/in/fire/device-{}", below(50));
  record.payload =
      text(chance(shape_.large_share) ? shape_.large / 2 + below(shape_.large / 2) : below(400));
  // Every record differs from every other, also where two are tried for one number.
  record.annotation =
      fmt::format(R"({{"n":{},"note":"{}"}})", ++records_, std::string(below(60), 'a'));
  return record;
}

SessionChange Traffic::session_change() {
  using Kind = SessionChange::Kind;
  constexpr std::array kKinds{Kind::open,
                              Kind::remember_packet_id,
                              Kind::remember_packet_id,
                              Kind::remember_packet_id,
                              Kind::forget_packet_id,
                              Kind::end};
  SessionChange change;
  change.kind = kKinds[below(kKinds.size())];
  change.client_id = fmt::format("client-{}", below(4));
  change.packet_id = PacketId{static_cast<std::uint16_t>(1 + below(12))};
  change.expiry = std::chrono::seconds{below(4'000'000'000)};
  return change;
}

Fact Traffic::subscriber_fact() {
  const std::string client = fmt::format("client-{}", below(4));
  const std::string topic = fmt::format("hall/{}", below(8));
  if (chance(20)) {
    const bool is_retained = chance(33);
    const auto of = is_retained ? Deadline::Of::retained : Deadline::Of::session;
    return Deadline{of, is_retained ? topic : client, is_retained ? 0 : 1 + below(20),
                    std::chrono::seconds{chance(30) ? 0 : 1}, chance(30) ? 0 : 1'795'000'000};
  }
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = topic;
  publication->payload = fmt::format("{} {}", below(1'000'000), std::string(below(300), 'p'));
  publication->properties = chance(30) ? std::string("\3\1\2x") : std::string();
  if (chance(15)) {
    if (chance(30)) publication.reset();
    return WillChange{client, std::move(publication), std::chrono::seconds{below(9)}, {}};
  }
  if (chance(30)) {
    return SubscriptionChange{client, topic, static_cast<std::uint8_t>(below(64)), 0, chance(30)};
  }
  if (chance(40)) {
    if (chance(30)) publication->payload.clear();
    return RetainedChange{std::move(publication), std::chrono::seconds{below(100)}};
  }
  using Kind = QueuedChange::Kind;
  constexpr std::array kKinds{Kind::added, Kind::added, Kind::added, Kind::released, Kind::gone};
  const Kind kind = kKinds[below(kKinds.size())];
  QueuedChange change{kind, client, 1 + below(20), {}, {}};
  change.queue_class = static_cast<QueueClass>(below(kQueueClassCount));
  if (kind == Kind::added)
    change.delivery = {std::move(publication), Qos::exactly_once, false, {7, 8}};
  return change;
}

spool::Append Traffic::append() {
  spool::Append append;
  const auto event_class = kEventClasses[std::min<std::uint64_t>(below(6), 3)];
  append.records.push_back(record(event_class));
  if (chance(15)) append.records.push_back(record(EventClass::alarm));
  if (chance(15)) append.records.push_back(record(EventClass::status));
  if (chance(25)) append.facts.emplace_back(session_change());
  while (chance(20)) append.facts.push_back(subscriber_fact());
  if (chance(5)) append.records.clear();  // session facts alone, or a heartbeat
  return append;
}

void Traffic::move_cursors(const StoreState& committed, spool::Notes& notes) {
  for (const std::string& upstream : kUpstreams) {
    for (const auto event_class : kEventClasses) {
      const Seq delivered = committed.cursor(upstream, event_class);
      const Seq newest = committed.newest(event_class);
      if (newest <= delivered || !chance(30)) continue;
      const auto step =
          chance(40) ? newest.value - delivered.value : 1 + below(newest.value - delivered.value);
      notes.move_cursor({upstream, event_class, Seq{delivered.value + step}});
    }
  }
}

void Traffic::set_aside(const StoreState& committed, spool::Notes& notes) {
  if (!committed.set_aside.empty() && chance(20)) {
    const auto taken = std::next(committed.set_aside.begin(),
                                 static_cast<std::ptrdiff_t>(below(committed.set_aside.size())));
    notes.taken_back.push_back(
        {std::get<0>(taken->first), static_cast<std::uint64_t>(taken->second)});
  }
  if (!chance(12)) return;
  const auto event_class = kEventClasses[below(kEventClassCount)];
  const auto& log = committed.logs[index_of(event_class)];
  if (log.empty()) return;
  Record copy = record(event_class);
  copy.seq = log[below(log.size())].seq;
  copy.epoch = "00000001";
  notes.set_aside.push_back(
      {kUpstreams[below(2)], std::move(copy), static_cast<std::uint8_t>(0x80 + below(30))});
}

spool::CommitGroup Traffic::group(const StoreState& committed, std::vector<spool::Append> judged) {
  spool::CommitGroup group;
  group.appends = std::move(judged);
  // Most commits are small, as in a quiet office.
  const auto count = chance(60) ? below(3) : below(shape_.most_appends + 1);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto place = static_cast<std::ptrdiff_t>(below(group.appends.size() + 1));
    group.appends.insert(group.appends.begin() + place, append());
  }
  move_cursors(committed, group.notes);
  set_aside(committed, group.notes);
  return group;
}

}  // namespace watchpost::model
