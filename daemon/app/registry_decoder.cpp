#include "app/registry_decoder.hpp"

#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::app {

decode::Decoding RegistryDecoder::decode(const decode::Frame& frame) {
  auto decoding = registry_.decode(frame);
  for (const Remembered& one : decoding.remembered) learn(one);
  return decoding;
}

void RegistryDecoder::learn(const Remembered& remembered) {
  Learnt& learnt = learnt_[{remembered.decoder, remembered.key}];
  learnt.before = std::exchange(learnt.value, remembered.value);
}

void RegistryDecoder::not_kept(const Remembered& remembered) {
  registry_.not_kept(remembered);
  const auto found = learnt_.find({remembered.decoder, remembered.key});
  if (found == learnt_.end() || found->second.value != remembered.value) return;
  found->second.value = found->second.before;
}

void RegistryDecoder::recall(const std::vector<Remembered>& all) {
  for (const Remembered& remembered : all) {
    registry_.recall(remembered);
    // The pipeline's own are no decoder's (model/remembered.hpp).
    if (remembered.decoder.find(':') == std::string::npos) learn(remembered);
  }
}

void RegistryDecoder::use(decode::Registry registry) {
  registry_ = std::move(registry);
  for (const auto& [name, learnt] : learnt_) {
    if (!learnt.value.empty()) registry_.recall({name.first, name.second, learnt.value});
  }
}

std::vector<Trouble> RegistryDecoder::troubles() const {
  std::vector<Trouble> troubles;
  if (!mark_) return troubles;
  for (const auto& crashed : mark_->crashed()) {
    auto file = arg<"file">(crashed.plugin);
    auto topic = arg<"topic">(crashed.topic);
    troubles.push_back(
        crashed.rests
            ? trouble<TroubleCode::plugin_rests>(std::move(file), std::move(topic),
                                                 arg<"times">(std::uint64_t{crashed.times}))
            : trouble<TroubleCode::plugin_crashed>(std::move(file), std::move(topic)));
  }
  return troubles;
}

}  // namespace watchpost::app
