#include "base/compression.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

constexpr std::array kCodings{ContentCoding::deflate, ContentCoding::zstd};

struct CompressedStreet {
  support::TempDirectory directory;
  std::filesystem::path file = directory.path() / "RECEIVED.db";
  Store store = Store::open(file).value();

  Kept keep(const Message& message) {
    return store.keep(std::vector{message}, WallTime{std::chrono::seconds{1}}).value();
  }
  std::int64_t query(const std::string& sql) {
    return sqlite::Database::open(file, sqlite::Database::Access::read_only)
        .value()
        .query_integer(sql.c_str())
        .value();
  }
};

Message batch_of(std::uint64_t first, std::uint64_t count, ContentCoding coding) {
  std::string text = "[";
  for (auto sequence = first; sequence < first + count; ++sequence) {
    if (text.size() > 1) text += ',';
    text += telemetry(sequence).payload;
  }
  return {kPrefix + "telemetry/batch", Compressor(coding).compressed(text + "]"),
          std::string(to_string(coding))};
}

}  // namespace

TEST_CASE("batches are stored event by event, plain and compressed, each once",
          "[receiver][unit]") {
  CompressedStreet receiver;
  std::uint64_t first = 1;
  for (const ContentCoding coding :
       {ContentCoding::none, ContentCoding::deflate, ContentCoding::zstd}) {
    const Message message = batch_of(first, 20, coding);
    const Kept kept = receiver.keep(message);
    CHECK(kept.events == 20);
    CHECK(kept.unreadable == 0);
    REQUIRE(kept.receipts.size() == 1);
    CHECK(kept.receipts[0].sequence == Seq{first + 19});
    CHECK(receiver.keep(message).repeats == 20);
    first += 20;
  }
  CHECK(receiver.query("SELECT count(*) FROM event") == 60);
  // The body is the text of the event as it came.
  CHECK(receiver.query("SELECT count(*) FROM event WHERE sequence = 45 AND body = '" +
                       telemetry(45).payload + "'") == 1);
}

TEST_CASE("a compressed batch whose name a bridge has dropped is read all the same",
          "[receiver][unit]") {
  for (const ContentCoding coding : kCodings) {
    CompressedStreet receiver;
    Message message = batch_of(1, 20, coding);
    message.encoding.clear();
    CHECK(receiver.keep(message).events == 20);
  }
}

TEST_CASE("a few bytes that become gigabytes are refused, and kept as they came",
          "[receiver][unit]") {
  for (const ContentCoding coding : kCodings) {
    CompressedStreet receiver;
    const std::string bomb = Compressor(coding).compressed(std::string(64UL << 20U, ' '));
    const Kept kept =
        receiver.keep({kPrefix + "telemetry/batch", bomb, std::string(to_string(coding))});
    CHECK(kept.unreadable == 1);
    CHECK(receiver.query("SELECT count(*) FROM unreadable WHERE reason LIKE "
                         "'%becomes larger than the 4194304 bytes that are read'") == 1);
    CHECK(receiver.query("SELECT max(length(body)) FROM unreadable") ==
          static_cast<std::int64_t>(std::min<std::size_t>(bomb.size(), 65'536)));
  }
}

TEST_CASE("an encoding that nobody knows is told, and what came is kept", "[receiver][unit]") {
  CompressedStreet receiver;
  Message message = batch_of(1, 20, ContentCoding::zstd);
  message.encoding = "br";
  CHECK(receiver.keep(message).unreadable == 1);
  CHECK(receiver.query("SELECT count(*) FROM unreadable WHERE reason = 'the content-encoding "
                       "\"br\" is not known'") == 1);
  // The batch gets no receipt, so the gateway sends its events again one by one.
  CHECK(receiver.query("SELECT count(*) FROM event") == 0);
}
