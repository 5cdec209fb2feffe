// watchpost decode: what one payload becomes: class, readings, reason, which decoder took it and
// why the others did not. Offline: no daemon and no store are needed.
// Promise: the same decoders, bindings and judgement as the daemon's, with the same configuration.
// The exit code: 0 = decoded, 1 = not, or a sample became something else than its file says, 2 =
// could not look. Called once, from main, on the main thread.
#pragma once

#include <string>

#include "base/result.hpp"

namespace watchpost::cli {

struct DecodeOptions {
  std::string topic;
  std::string text;      // --text
  std::string hex;       // --hex
  std::string file;      // --file: "-" is standard input
  std::string vectors;   // --vectors: a vectors.json, whose samples are decoded in order
  std::string device;    // --device ID, or ID=PROFILE
  std::string config;    // --config; empty: what is built in
  std::string language;  // --lang
  bool retained = false;
};

[[nodiscard]] int run_decode(const DecodeOptions& options);
// The page for `options`, and whether all is as it should be.
struct DecodePage {
  std::string text;
  bool good = true;
};
[[nodiscard]] Result<DecodePage> decode_page(const DecodeOptions& options);

}  // namespace watchpost::cli
