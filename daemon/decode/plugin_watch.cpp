#include "decode/plugin_watch.hpp"

#include <utility>

namespace watchpost::decode {
namespace {

class Watched final : public Decoder {
 public:
  Watched(std::unique_ptr<Decoder> decoder, std::string file, std::shared_ptr<CrashMark> mark)
      : decoder_(std::move(decoder)), file_(std::move(file)), mark_(std::move(mark)) {}

  [[nodiscard]] std::string_view name() const override { return decoder_->name(); }
  Decoding decode(const Frame& frame) override {
    const CrashMark::AtWork at_work(mark_.get(), {file_, frame.topic.text()});
    return decoder_->decode(frame);
  }
  void recall(const Remembered& remembered) override {
    const CrashMark::AtWork at_work(mark_.get(), {file_, remembered.key});
    decoder_->recall(remembered);
  }
  void not_kept(const Remembered& remembered) override {
    const CrashMark::AtWork at_work(mark_.get(), {file_, remembered.key});
    decoder_->not_kept(remembered);
  }
  [[nodiscard]] bool unwraps() const override { return decoder_->unwraps(); }

 private:
  std::unique_ptr<Decoder> decoder_;
  std::string file_;
  std::shared_ptr<CrashMark> mark_;
};

class Resting final : public Decoder {
 public:
  explicit Resting(std::string file) : file_(std::move(file)) {}

  [[nodiscard]] std::string_view name() const override { return file_; }
  Decoding decode(const Frame& /*frame*/) override {
    Decoding decoding;
    decoding.why = "the plugin " + file_ + " ended the daemon while it decoded, and is not opened";
    return decoding;
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Decoder> watched(std::unique_ptr<Decoder> decoder, std::string file,
                                 std::shared_ptr<CrashMark> mark) {
  return std::make_unique<Watched>(std::move(decoder), std::move(file), std::move(mark));
}

std::unique_ptr<Decoder> resting(std::string file) {
  return std::make_unique<Resting>(std::move(file));
}

}  // namespace watchpost::decode
