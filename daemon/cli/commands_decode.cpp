// decode: what a payload becomes, without a daemon.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/commands.hpp"
#include "cli/decode/decode.hpp"
#include "cli/ending.hpp"

namespace watchpost::cli {

Subcommand add_decode(CLI::App& app) {
  CLI::App* decode = app.add_subcommand(
      "decode", "what a payload becomes: class, readings, reason; needs no daemon");
  const auto options = std::make_shared<DecodeOptions>();
  auto* vectors = decode->add_option("--vectors", options->vectors,
                                     "decode the samples of a vectors.json, in order");
  auto* topic = decode->add_option("--topic", options->topic, "the topic of the message");
  auto* text = decode->add_option("--text", options->text, "its payload as text");
  auto* hex = decode->add_option("--hex", options->hex, "its payload as hexadecimal digits");
  auto* file = decode->add_option("--file", options->file, "its payload from a file, - for input");
  decode->add_option("--device", options->device,
                     "a device that no configuration names, as ID or ID=PROFILE");
  decode->add_option("--config", options->config,
                     "bindings and devices of this watchpost.toml, besides what is built in");
  decode->add_flag("--retained", options->retained, "as a broker's stored copy");
  add_language(*decode, options->language);
  text->excludes(hex)->excludes(file);
  hex->excludes(file);
  vectors->excludes(topic)->excludes(text)->excludes(hex)->excludes(file);
  return {decode,
          [options, topic, vectors] {
            if (topic->count() + vectors->count() > 0) return run_decode(*options);
            return fail({"decode", language_for(options->language)},
                        {Failure::Kind::invalid_input, "there is nothing to decode",
                         "Give --topic with --text, --hex or --file, or --vectors"},
                        kCouldNotLook);
          },
          kCouldNotLook};
}

}  // namespace watchpost::cli
