// RegistryDecoder: the registry of decoders behind the pipeline's own interface.
// Promise: the registry can be replaced between two messages: the new one is told what its decoders
// had learnt, as after a restart. I/O thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "decode/registry.hpp"
#include "pipeline/pipeline.hpp"

namespace watchpost::app {

class RegistryDecoder final : public pipeline::MessageDecoder {
 public:
  explicit RegistryDecoder(decode::Registry registry) : registry_(std::move(registry)) {}

  decode::Decoding decode(const decode::Frame& frame) override;
  void not_kept(const Remembered& remembered) override;
  void recall(const std::vector<Remembered>& all);
  void use(decode::Registry registry);

 private:
  struct Learnt {
    std::string value;
    std::string before;  // what is on disk where `value` was not kept
  };
  void learn(const Remembered& remembered);

  decode::Registry registry_;
  std::map<std::pair<std::string, std::string>, Learnt> learnt_;  // by decoder and key
};

}  // namespace watchpost::app
