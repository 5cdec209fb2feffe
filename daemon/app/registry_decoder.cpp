#include "app/registry_decoder.hpp"

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

}  // namespace watchpost::app
