// watchpost_bench_hot_paths PATH COUNT: takes one of three paths of a message COUNT times, for
// count_instructions, which counts the instructions inside the functions named hot_*.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "decode/registry.hpp"
#include "pipeline/pipeline.hpp"
#include "protocol/codec.hpp"
#include "protocol/framer.hpp"
#include "spool/writer/writer.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_spool.hpp"
#include "support/recording_log.hpp"
#include "support/records.hpp"
#include "support/temp_directory.hpp"

namespace {

using namespace watchpost;

constexpr std::string_view kTopic = "wp/in/water/bench-001";
constexpr std::string_view kPayload =
    R"([{"bn":"urn:dev:bench:001:","n":"water_level","u":"m","v":2.345},)"
    R"({"n":"battery","u":"%EL","v":87},{"n":"mark","vs":"#001-0000000000)"
    R"(...................................................................)"
    R"("}])";
constexpr std::size_t kFramesInRead = 20;
constexpr std::size_t kRowsInCommit = 100;

// Drops whatever a message would store: the measured path ends where the spool begins.
class NoSpool final : public support::MemorySpool {
 public:
  void append(spool::Append append) override { records += append.records.size(); }
  void advance(const std::string&, EventClass, Seq) override {}
  std::size_t records = 0;
};

class Decoders final : public pipeline::MessageDecoder {
 public:
  explicit Decoders(decode::Registry registry) : registry_(std::move(registry)) {}
  decode::Decoding decode(const decode::Frame& frame) override { return registry_.decode(frame); }

 private:
  decode::Registry registry_;
};

std::string read_of_frames() {
  protocol::Publish publish;
  publish.qos = Qos::at_least_once;
  publish.topic = kTopic;
  publish.packet_id = PacketId{7};
  publish.payload = kPayload;
  std::string bytes;
  for (std::size_t i = 0; i < kFramesInRead; ++i) {
    protocol::encode(publish, protocol::Version::v5, bytes);
  }
  return bytes;
}

spool::CommitGroup group_of(const std::shared_ptr<support::SettledList>& settled) {
  spool::CommitGroup group;
  for (std::size_t i = 0; i < kRowsInCommit; ++i) {
    auto record = support::a_record(EventClass::telemetry, std::string(kPayload));
    record.annotation =
        R"({"kind":"water_level","state":"normal","timesource":"received","readings":[)"
        R"({"n":"water_level","u":"m","v":2.345}],"decoder":"senml"})";
    group.appends.push_back(support::an_append(std::move(record), settled, i));
  }
  return group;
}

}  // namespace

// valgrind is told these names, and counts only inside these functions.
extern "C" {

[[gnu::noinline]] std::size_t hot_parse_publish(protocol::Framer& framer, std::string_view bytes) {
  std::size_t seen = 0;
  while (!bytes.empty()) {
    const auto room = framer.prepare();
    const auto count = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), count);
    framer.commit(count);
    bytes.remove_prefix(count);
    for (auto frame = framer.next(); frame && *frame; frame = framer.next()) {
      const auto publish = protocol::decode_publish(**frame, protocol::Version::v5);
      seen += publish ? publish->payload.size() : 0;
    }
  }
  return seen;
}

[[gnu::noinline]] void hot_decode_and_judge(pipeline::Pipeline& pipeline, Message message) {
  pipeline.submit(std::move(message), {}, {});
}

[[gnu::noinline]] bool hot_append_row(spool::Writer& writer, spool::CommitGroup& group) {
  const auto committed = writer.commit(group);
  writer.after_commit();
  return committed.has_value();
}
}

namespace {

bool parse_publish(std::size_t count) {
  protocol::Framer framer(1U << 20U);
  const auto bytes = read_of_frames();
  std::size_t seen = 0;
  for (std::size_t i = 0; i < count; i += kFramesInRead) seen += hot_parse_publish(framer, bytes);
  return seen == count * kPayload.size();
}

bool decode_and_judge(std::size_t count) {
  decode::RegistryOptions options;
  options.bindings = decode::default_bindings();
  Decoders decoders(decode::Registry::build(options).value());
  NoSpool spool;
  support::ManualClock clock;
  pipeline::Pipeline pipeline(decoders, spool, clock);
  const auto topic = Topic::parse(kTopic);
  for (std::size_t i = 0; i < count; ++i) {
    Message message{*topic, std::string(kPayload)};
    message.source = "bench";
    hot_decode_and_judge(pipeline, std::move(message));
  }
  return spool.records >= count && pipeline.totals().undecoded + pipeline.totals().malformed == 0;
}

bool append_row(std::size_t count) {
  support::TempDirectory folder{support::TempDirectory::Place::disk};
  support::RecordingLog log;
  spool::WriterOptions options;
  options.directory = folder.path();
  options.kept_for.required = {"street"};
  auto writer = spool::Writer::open(options, log).value();
  const auto settled = std::make_shared<support::SettledList>();
  bool committed = true;
  for (std::size_t i = 0; i < count; i += kRowsInCommit) {
    auto group = group_of(settled);
    committed = hot_append_row(writer, group) && committed;
  }
  return committed;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view path = argc == 3 ? argv[1] : "";
  const std::string_view text = argc == 3 ? argv[2] : "";
  std::size_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  if (path == "parse_publish") return parse_publish(count) ? 0 : 1;
  if (path == "decode_and_judge") return decode_and_judge(count) ? 0 : 1;
  if (path == "append_row") return append_row(count) ? 0 : 1;
  std::fputs("Usage: watchpost_bench_hot_paths PATH COUNT\n", stderr);
  return 2;
}
