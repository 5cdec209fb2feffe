#include "model/receipt.hpp"

#include "support/catch.hpp"

using namespace watchpost;

TEST_CASE("a receipt that was written is read back", "[model][unit]") {
  const std::vector<Receipt> one{{"7f3a0001", EventClass::alarm, Seq{4'711}}};
  CHECK(receipt_text(one) == R"({"epoch":"7f3a0001","class":"alarm","sequence":4711})");
  auto several = one;
  several.push_back({"00c0ffee", EventClass::telemetry, Seq{18'446'744'073'709'551'615ULL}});
  several.push_back({"00c0ffee", EventClass::status, Seq{}, true});
  CHECK(receipt_text({several.back()}) ==
        R"({"epoch":"00c0ffee","class":"status","sequence":0,"resend":true})");
  for (const auto& receipts : {one, several, std::vector<Receipt>{}}) {
    const auto read = parse_receipts(receipt_text(receipts)).value();
    REQUIRE(read.size() == receipts.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
      CHECK(read[i].epoch == receipts[i].epoch);
      CHECK(read[i].event_class == receipts[i].event_class);
      CHECK(read[i].sequence == receipts[i].sequence);
      CHECK(read[i].resend == receipts[i].resend);
    }
  }
}

TEST_CASE("only a receipt that says so asks for events again", "[model][unit]") {
  for (const auto* resend : {"false", "null", "1", R"("true")", "[]", "{}"}) {
    CAPTURE(resend);
    const auto read =
        parse_receipts(R"({"epoch":"7f3a0001","class":"alarm","sequence":1,"resend":)" +
                       std::string(resend) + "}");
    REQUIRE(read.has_value());
    CHECK_FALSE(read->front().resend);
  }
}
