// What nobody else reads: by the names of its topic and its members (danger/stranger.hpp). Asked
// last, about every topic. No options.
#include "danger/stranger.hpp"

namespace watchpost::by_name {
namespace {

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : reader_(options) { options.refuse_unknown({}); }

  sdk::Verdict decode(const sdk::Frame& frame, sdk::Sink& sink) {
    return reader_.read(frame, sink, json_);
  }

 private:
  danger::StrangerReader reader_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::by_name

WATCHPOST_DECODER(watchpost::by_name::Decoder, "by_name", "1.0")
