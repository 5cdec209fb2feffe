// Bridge: the functions of the C ABI, each a call of a decoder's class.
// Promise: no exception crosses them. What leaves decode() is told as malformed, what leaves
// recall() or not_kept() by last_fault(). Of decoder.hpp alone.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "abi/watchpost_decoder.h"
#include "sdk/abi_members.hpp"
#include "sdk/observation.hpp"
#include "sdk/options.hpp"
#include "sdk/sink.hpp"
#include "sdk/text.hpp"

namespace watchpost::sdk {

struct Frame {
  std::string_view topic;
  std::string_view payload;
  bool retained = false;
  std::int64_t received_unix_ns = 0;
  bool repeated = false;  // the sender says that it may have sent it before
};

template <class D>
struct Bridge {
  struct State {
    explicit State(const Options& options) : decoder(options) {}
    D decoder;
    std::string fault{};  // of the last recall() or not_kept()
  };

  static void* open(watchpost_text options, const watchpost_sink* sink) noexcept {
    try {
      return std::make_unique<State>(Options::parse(view(options))).release();
    } catch (const std::exception& error) {
      sink->explain(sink->context, view(std::string_view(error.what())));
    } catch (...) {
      sink->explain(sink->context, view(std::string_view("the decoder threw while opening")));
    }
    return nullptr;
  }
  static void close(void* state) noexcept { delete static_cast<State*>(state); }
  static std::uint32_t decode(void* state, const watchpost_frame* frame,
                              const watchpost_sink* c_sink) noexcept {
    Sink sink(c_sink);
    try {
      const Frame in{view(frame->topic),
                     std::string_view(reinterpret_cast<const char*>(frame->payload.bytes),
                                      frame->payload.size),
                     frame->retained != 0, frame->received_unix_ns,
                     has_member(*frame, frame->repeated) && frame->repeated != 0};
      switch (static_cast<State*>(state)->decoder.decode(in, sink)) {
        case Verdict::decoded:
          return WATCHPOST_DECODED;
        case Verdict::not_mine:
          return WATCHPOST_NOT_MINE;
        case Verdict::malformed:
          return WATCHPOST_MALFORMED;
      }
      sink.malformed("decode() gave no answer: it ended without a return, or with another number");
    } catch (const std::exception& error) {
      sink.malformed(error.what());
    } catch (...) {
      sink.malformed("the decoder threw something that is no std::exception");
    }
    return WATCHPOST_MALFORMED;
  }
  static void recall(void* state, watchpost_text key, watchpost_text value) noexcept {
    if constexpr (requires(D & decoder, Remembered learnt) { decoder.recall(learnt); })
      hear(state, [&](D& decoder) { decoder.recall({.key = view(key), .value = view(value)}); });
  }
  static void not_kept(void* state, watchpost_text key, watchpost_text value) noexcept {
    if constexpr (requires(D & decoder, Remembered learnt) { decoder.not_kept(learnt); })
      hear(state, [&](D& decoder) { decoder.not_kept({.key = view(key), .value = view(value)}); });
  }
  static watchpost_text last_fault(void* state) noexcept {
    return view(std::string_view(static_cast<State*>(state)->fault));
  }

 private:
  // What throws is as if it had not been said; the daemon tells of it.
  template <class Call>
  static void hear(void* state, Call call) noexcept {
    auto& own = *static_cast<State*>(state);
    own.fault.clear();
    try {
      call(own.decoder);
    } catch (const std::exception& error) {
      note(own, error.what());
    } catch (...) {
      note(own, "it threw something that is no std::exception");
    }
  }
  static void note(State& own, const char* fault) noexcept try {
    own.fault = *fault == '\0' ? "it gives no reason" : fault;
  } catch (...) {
    own.fault.clear();  // no memory
  }
};

}  // namespace watchpost::sdk
