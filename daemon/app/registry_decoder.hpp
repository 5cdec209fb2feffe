// RegistryDecoder: the registry of decoders behind the pipeline's own interface.
// Promise: the registry can be replaced between two messages: the new one is told what its decoders
// had learnt, as after a restart. I/O thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "decode/crash_mark.hpp"
#include "decode/registry.hpp"
#include "model/trouble.hpp"
#include "pipeline/pipeline.hpp"

namespace watchpost::app {

class RegistryDecoder final : public pipeline::MessageDecoder {
 public:
  // `mark`: the one that the registry was built with; null: none.
  explicit RegistryDecoder(decode::Registry registry,
                           std::shared_ptr<decode::CrashMark> mark = nullptr)
      : registry_(std::move(registry)), mark_(std::move(mark)) {}

  decode::Decoding decode(const decode::Frame& frame) override;
  void not_kept(const Remembered& remembered) override;
  void recall(const std::vector<Remembered>& all);
  void use(decode::Registry registry);
  // Of plugins that ended the process while they decoded.
  [[nodiscard]] std::vector<Trouble> troubles() const;
  [[nodiscard]] const std::shared_ptr<decode::CrashMark>& mark() const { return mark_; }

 private:
  struct Learnt {
    std::string value;
    std::string before;  // what is on disk where `value` was not kept
  };
  void learn(const Remembered& remembered);

  decode::Registry registry_;
  std::shared_ptr<decode::CrashMark> mark_;
  std::map<std::pair<std::string, std::string>, Learnt> learnt_;  // by decoder and key
};

}  // namespace watchpost::app
