// The payload codecs of LoRaWAN on bytes that no device meant: cut, with flipped bits, at random.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "base/encoding.hpp"
#include "lorawan/codec.hpp"
#include "lorawan/profiles.hpp"
#include "sdk/text.hpp"
#include "support/catch.hpp"
#include "vectors.hpp"

namespace watchpost::test {
namespace {

constexpr unsigned kLorawanSeed = 20'261'129;

struct Sample {
  std::string name;
  lorawan::Codec codec = nullptr;
  std::string bytes;
  int port = 0;
  bool reads = false;  // the vector says "decoded"
};

// The samples of one decoder whose device has a profile of ours.
std::vector<Sample> samples() {
  const auto file = vector_file("chirpstack4");
  std::map<std::string, lorawan::Codec> codecs;
  for (const auto& device : file.devices) {
    codecs[device.id] = lorawan::find_codec(device.profile);
  }
  std::vector<Sample> all;
  for (const auto& vector : file.vectors) {
    const auto device = codecs.find(std::string(sdk::topic_level(vector.topic, 3).value_or("")));
    boost::system::error_code error;
    const auto event = boost::json::parse(vector.payload, error);
    const auto* data =
        error || !event.is_object() ? nullptr : event.as_object().if_contains("data");
    const auto bytes = data == nullptr ? std::nullopt : from_base64(data->as_string());
    if (device == codecs.end() || !bytes) continue;
    const auto* port_member = event.as_object().if_contains("fPort");
    const int port = port_member == nullptr ? 0 : static_cast<int>(port_member->as_int64());
    all.push_back({vector.name, device->second, *bytes, port, vector.expect == "decoded"});
  }
  return all;
}

bool raises(const lorawan::Decoded& decoded) {
  return std::any_of(
      decoded.observations.begin(), decoded.observations.end(), [](const auto& each) {
        const auto c = each.as_c();
        return c.history == 0 && (c.state == WATCHPOST_ALARM || c.state == WATCHPOST_SUSPECTED);
      });
}

// Decodes and checks what holds of every answer. True: it declares an alarm.
bool decode(const Sample& sample, std::string_view bytes) {
  lorawan::Decoded decoded;
  const bool good = sample.codec({bytes, sample.port}, decoded);
  if (!good && (decoded.why.empty() || !decoded.observations.empty())) FAIL(sample.name);
  if (!is_utf8(decoded.why) || !is_utf8(decoded.unread)) FAIL(sample.name);
  for (const auto& observation : decoded.observations) {
    const auto c = observation.as_c();
    for (std::size_t i = 0; i < c.reading_count; ++i) {
      if (!std::isfinite(c.readings[i].number)) FAIL(sample.name);
    }
  }
  return raises(decoded);
}

std::string noise(std::mt19937& random, std::size_t length) {
  std::string bytes(length, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() & 0xFF);
  return bytes;
}

}  // namespace

TEST_CASE("a payload that is cut raises no alarm that the whole one does not raise",
          "[decode][contract]") {
  const auto all = samples();
  REQUIRE(all.size() > 100);
  for (const Sample& sample : all) {
    INFO(sample.name);
    const bool whole = decode(sample, sample.bytes);
    for (std::size_t length = 0; length < sample.bytes.size(); ++length) {
      if (decode(sample, std::string_view(sample.bytes).substr(0, length)) && !whole) {
        FAIL("cut to " << length << " bytes it raises an alarm");
      }
    }
  }
}

TEST_CASE("no payload with flipped bits breaks its codec", "[decode][contract][fuzz]") {
  std::mt19937 random(kLorawanSeed);
  for (const Sample& sample : samples()) {
    for (int i = 0; i < 300 && !sample.bytes.empty(); ++i) {
      std::string flipped = sample.bytes;
      for (std::size_t k = 0; k <= random() % 4; ++k) {
        auto& byte = flipped[random() % flipped.size()];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << random() % 8));
      }
      decode(sample, flipped);
    }
  }
}

TEST_CASE(
    "noise breaks no codec, and hardly raises anything where items or a checksum tell it apart",
    "[decode][contract][fuzz]") {
  const std::set<std::string_view> no_way_to_tell{"dragino_", "netvox_",  "browan_", "hager_",
                                                  "lansitec", "abeeway_", "digitalm"};
  std::mt19937 random(kLorawanSeed);
  for (const auto name : lorawan::codec_names()) {
    const bool tells =
        std::none_of(no_way_to_tell.begin(), no_way_to_tell.end(),
                     [name](std::string_view maker) { return name.starts_with(maker); });
    const Sample sample{std::string(name), lorawan::find_codec(name), {}, 6, false};
    int raised = 0;
    for (int i = 0; i < 2'000; ++i) {
      raised += decode(sample, noise(random, random() % 50)) ? 1 : 0;
    }
    INFO(name);
    // An item's channel and type come up by chance, once in 65,536 pairs of bytes.
    if (tells) CHECK(raised <= 1);
  }
}

TEST_CASE("every codec has a sample that it reads", "[decode][contract]") {
  std::set<lorawan::Codec> read;
  for (const Sample& sample : samples()) {
    if (sample.reads) read.insert(sample.codec);
  }
  for (const auto& file : {vector_file("chirpstack3"), vector_file("things_stack")}) {
    for (const auto& device : file.devices) read.insert(lorawan::find_codec(device.profile));
  }
  for (const auto name : lorawan::codec_names()) {
    INFO(name);
    CHECK(read.contains(lorawan::find_codec(name)));
  }
}

TEST_CASE("of a profile that does not exist the nearest are named, the nearest first",
          "[decode][contract]") {
  const auto sentence = lorawan::no_codec_called("milesight-em500-ud");
  CHECK(sentence.find("near are \"milesight-em500-udl\", ") != std::string::npos);
  CHECK(std::count(sentence.begin(), sentence.end(), ',') <= 3);
  CHECK(lorawan::no_codec_called("nothing of the kind").find("near") == std::string::npos);
}

}  // namespace watchpost::test
