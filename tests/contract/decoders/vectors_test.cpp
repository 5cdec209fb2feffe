#include "vectors.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "decoding_text.hpp"
#include "support/catch.hpp"

namespace watchpost::test {
namespace {

decode::Decoding decode(decode::Registry& registry, const Vector& vector) {
  const auto topic = Topic::parse(vector.topic).value();
  return registry.decode({topic, vector.payload, vector.retained, vector.received_at,
                          vector.content_type, vector.content_encoding});
}

// The vectors go through one decoder in their order, so that its memory between samples is tested
// too.
void check_vectors(const VectorFile& file, const std::string& use) {
  auto registry = registry_for(file, use);
  for (const auto& vector : file.vectors) {
    const auto decoding = decode(registry, vector);
    INFO(file.folder << ": " << vector.name << "\n" << describe(decoding));
    CHECK(cli::difference(vector, decoding) == "");
    if (vector.expect == "relayed") continue;
    CHECK_FALSE(decoding.relayed.has_value());
    if (vector.expect == "decoded") continue;
    CHECK(decoding.observations.empty());
    // What nobody is asked about but the last has no reason: no decoder is bound to its topic.
    const bool asked_last = file.decoder == "by_name" && vector.expect == "not_mine";
    CHECK((asked_last || !decoding.why.empty()));
  }
}

}  // namespace

TEST_CASE("every decoder turns its samples into what its vectors say", "[decode][contract]") {
  for (const auto& file : all_vector_files()) check_vectors(file, file.use);
}

TEST_CASE("a vector that cannot be read is named, with what to write instead",
          "[decode][contract]") {
  struct Mistake {
    std::string members;
    std::string says;
  };
  const std::string good = R"("name":"door","topic":"a/b","expect":"decoded",)";
  for (const auto& [members, says] :
       {Mistake{good + R"("hex":"0A1")", "odd number of digits (3)"},
        Mistake{good + R"("hex":"0G")", "no hexadecimal digit"},
        Mistake{good + R"("text":"x","hex":"0A")", "either \"text\" or \"hex\""},
        Mistake{R"("name":"door","topic":"a/b","expect":"decoded")", "either"},
        Mistake{good + R"("text":5)", "must be a text"},
        Mistake{good + R"("text":"x","received":"noon")", "2026-11-23T12:00:00Z"},
        Mistake{good + R"("text":"x","retained":"yes")", "must be of the type bool"},
        Mistake{good + R"("text":"x","observations":{})", "must be of the type array"},
        Mistake{good + R"("text":"x","observations":[1])", "an object in braces"},
        Mistake{R"("name":"door","topic":"a/b","expect":"fine","text":"x")", "not_mine"},
        Mistake{R"("name":"door","topic":"a/#","expect":"decoded","text":"x")", "\"topic\""}}) {
    const std::string text = R"({"decoder":"x","vectors":[{)" + members + "}]}";
    const auto parsed = cli::parse_vectors({.text = text, .file = "x/vectors.json"});
    REQUIRE_FALSE(parsed.has_value());
    CHECK_THAT(parsed.error().what,
               Catch::Matchers::StartsWith("x/vectors.json: vector \"door\": ") &&
                   Catch::Matchers::Contains(says));
  }
}

TEST_CASE("every built-in decoder has vectors with a source and a malformed one",
          "[decode][contract]") {
  const auto files = all_vector_files();
  for (const auto name : decode::builtin_names()) {
    INFO(name);
    const auto file = std::find_if(files.begin(), files.end(),
                                   [&](const VectorFile& each) { return each.decoder == name; });
    REQUIRE(file != files.end());
    CHECK(std::any_of(file->vectors.begin(), file->vectors.end(),
                      [](const Vector& vector) { return vector.expect == "malformed"; }));
    for (const auto& vector : file->vectors) CHECK_FALSE(vector.source.empty());
  }
}

TEST_CASE("the template answers the same built in and as a shared object", "[decode][contract]") {
  const auto file = vector_file("template");
  check_vectors(file, WATCHPOST_TEMPLATE_MODULE);
  auto built_in = registry_for(file, file.use);
  auto shared = registry_for(file, WATCHPOST_TEMPLATE_MODULE);

  for (const auto& vector : file.vectors) {
    for (std::size_t length = 0; length <= vector.payload.size(); ++length) {
      Vector cut = vector;
      cut.payload.resize(length);
      CHECK(describe(decode(built_in, cut)) == describe(decode(shared, cut)));
    }
  }
}

}  // namespace watchpost::test
