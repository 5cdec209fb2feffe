#include "sdk/tag_uid.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

namespace watchpost::sdk {
namespace {

// "94D8FC5F", with "?" behind it where the form is not certain; "-": nothing.
std::string shown(const std::optional<TagUid>& uid) {
  if (!uid) return "-";
  return uid->hex + (uid->is_certain ? "" : "?");
}

std::string of(std::string_view text, UidForm form = UidForm::free) {
  return shown(tag_uid(text, form));
}

std::string of_json(std::string_view text) {
  return shown(tag_uid(boost::json::parse(text)));
}

}  // namespace

TEST_CASE("a UID is read in the everyday forms of hexadecimal digits", "[decode][unit]") {
  for (const char* same :
       {"94D8FC5F", "94d8fc5f", "0x94D8FC5F", "94:d8:fc:5f", "94-D8-FC-5F", "94 D8 FC 5F",
        "94.D8.FC.5F", "0x94 0xD8 0xFC 0x5F", "0x94,0xD8,0xFC,0x5F", "94D8 FC5F", "\"94D8FC5F\"",
        " 94D8FC5F\r\n", "UID: 94 D8 FC 5F", "Card UID: 94 D8 FC 5F", "uid=94D8FC5F",
        "148 216 252 95"}) {
    INFO(same);
    CHECK(of(same) == "94D8FC5F");
  }
  CHECK(of(std::string_view("94D8FC5F\0\0", 10)) == "94D8FC5F");
  CHECK(of("04DE5F1EACC040") == "04DE5F1EACC040");
  CHECK(of("E004010012345678") == "E004010012345678");
  CHECK(of("1A2B3C4D5E6F708192A3") == "1A2B3C4D5E6F708192A3");
  CHECK(of("23-23-64-62-14") == "2323646214");
}

TEST_CASE("a UID without its leading zeros stays a UID", "[decode][unit]") {
  CHECK(of("4D8FC5F") == "04D8FC5F?");
  CHECK(of("4:D8:C:5F") == "04D80C5F");  // each byte for itself
  CHECK(of("4DE5F1EACC040") == "04DE5F1EACC040?");
}

TEST_CASE("a UID in decimal digits is read by the forms of its readers", "[decode][unit]") {
  CHECK(of("0013808721") == "00D2B451?");              // 8H10D
  CHECK(of("13808721") == "13808721?");                // or four bytes without a letter
  CHECK(of("2497248351") == "94D8FC5F?");              // without leading zeros
  CHECK(of("0013808721 210,46161") == "00D2B451");     // as printed on cards
  CHECK(of("210,46161") == "D2B451?");                 // 2H3D.4H5D, 26 bits
  CHECK(of("00210,46161") == "00D2B451");              // 4H5D.4H5D
  CHECK(of("0639295577919") == "94D8FC5F3F?");         // 10H13D
  CHECK(of("1254433827973184") == "0474E6A2B5E840?");  // seven bytes of NXP
  CHECK(of("-1797718945") == "94D8FC5F?");             // with the sign of 32 bits
  CHECK(of("74103794") == "74103794?");
}

TEST_CASE("short, padded and reversed UIDs are marked", "[decode][unit]") {
  CHECK(of("E9F359") == "E9F359?");
  CHECK(of("94D8FC5F000000") == "94D8FC5F?");
  CHECK(of("00000094D8FC5F") == "94D8FC5F?");
  CHECK(of("04DE5F1EACC040000000") == "04DE5F1EACC040?");
  CHECK(of("40C0AC1E5FDE04") == "04DE5F1EACC040?");
  CHECK(of("78563412000104E0") == "E004010012345678?");
  CHECK(of("2800C61F5AAB") == "2800C61F5A");  // with the checksum of an RDM6300
  CHECK(of("2800C61F5AAC") == "2800C61F5AAC?");
}

TEST_CASE("what names no tag is nothing", "[decode][unit]") {
  for (const char* none : {"", "hello", "ON", "5", "00000000", "added", "facade", "94D8FC5G", "1.5",
                           "94D8FC5F94D8FC5F94D8FC5F94D8FC5F", "-"}) {
    INFO(none);
    CHECK(of(none) == "-");
  }
}

TEST_CASE("numbers and lists of JSON are UIDs too", "[decode][unit]") {
  CHECK(of_json("2497248351") == "94D8FC5F");
  CHECK(of_json("-1797718945") == "94D8FC5F?");
  CHECK(of_json("13808721") == "D2B451?");
  CHECK(of_json("[148,216,252,95]") == "94D8FC5F");
  CHECK(of_json(R"(["94","d8","fc","5f"])") == "94D8FC5F");
  CHECK(of_json("[148,216,252,300]") == "-");
  CHECK(of_json("1.5") == "-");
  CHECK(of_json("true") == "-");
  CHECK(of_json("16142028064219747960") == "E004010012345678");
}

TEST_CASE("what a site says of a reader's form leaves no doubt", "[decode][unit]") {
  CHECK(of("13808721", UidForm::decimal) == "D2B451");
  CHECK(of("2497248351", UidForm::decimal_reversed) == "5FFCD894");
  CHECK(of("5F FC D8 94", UidForm::hex_reversed) == "94D8FC5F");
  CHECK(of("0013808721", UidForm::hex) == "0013808721");
  CHECK(of("hello", UidForm::hex) == "-");
  CHECK(uid_form_from("hex_reversed") == UidForm::hex_reversed);
  CHECK_FALSE(uid_form_from("backwards"));
}

}  // namespace watchpost::sdk
