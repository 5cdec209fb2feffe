// The SDK: a decoder as a C++ class, offered to the host over the C ABI.
// Promise: the same class is built into the daemon or into a shared object; an exception that
// leaves decode() becomes WATCHPOST_MALFORMED with its text, one that leaves the constructor a
// refusal, one that leaves recall() or not_kept() a line of the daemon's log. The class:
//                          struct D { explicit D(const sdk::Options&);
//                                     sdk::Verdict decode(const sdk::Frame&, sdk::Sink&); };
// and, where it remembers something,  void recall(const sdk::Remembered&);
// and perhaps                         void not_kept(const sdk::Remembered&);
// where it calls Sink::hand_over(),   static constexpr bool kUnwraps = true;
// and at namespace scope, once:  WATCHPOST_DECODER(D, "name", "1.0")
#pragma once

#include <cstdint>

#include "abi/watchpost_decoder.h"
#include "sdk/bridge.hpp"
#include "sdk/observation.hpp"
#include "sdk/options.hpp"
#include "sdk/sink.hpp"

namespace watchpost::sdk {

template <class D>
constexpr bool unwraps() {
  if constexpr (requires { D::kUnwraps; }) return D::kUnwraps;
  return false;
}

// Of a method with other parameters nobody would say that it is never called.
template <class D>
constexpr bool knows_recalled() {
  if constexpr (requires { &D::recall; }) return requires(D & decoder, Remembered learnt) {
      decoder.recall(learnt);
    };
  return true;
}

template <class D>
constexpr bool knows_not_kept() {
  if constexpr (requires { &D::not_kept; }) return requires(D & decoder, Remembered learnt) {
      decoder.not_kept(learnt);
    };
  return true;
}

template <class D>
constexpr watchpost_decoder make_decoder(const char* name, const char* version) {
  static_assert(knows_recalled<D>(), "recall() takes a const sdk::Remembered&");
  static_assert(knows_not_kept<D>(), "not_kept() takes a const sdk::Remembered&");
  return watchpost_decoder{WATCHPOST_DECODER_ABI,
                           sizeof(watchpost_decoder),
                           name,
                           version,
                           &Bridge<D>::open,
                           &Bridge<D>::close,
                           &Bridge<D>::decode,
                           &Bridge<D>::recall,
                           &Bridge<D>::not_kept,
                           unwraps<D>() ? 1U : 0U,
                           &Bridge<D>::last_fault};
}

}  // namespace watchpost::sdk

// Built in, each decoder's entry has a name of its own (set by watchpost_add_decoder); a shared
// object has the one name the host looks for.
#ifndef WATCHPOST_DECODER_ENTRY_NAME
#define WATCHPOST_DECODER_ENTRY_NAME watchpost_decoder_entry
#endif
#define WATCHPOST_DECODER(Type, name, version)                                      \
  extern "C" __attribute__((visibility("default"))) const watchpost_decoder*        \
  WATCHPOST_DECODER_ENTRY_NAME(std::uint32_t host_abi);                             \
  extern "C" const watchpost_decoder* WATCHPOST_DECODER_ENTRY_NAME(std::uint32_t) { \
    static constexpr watchpost_decoder decoder =                                    \
        ::watchpost::sdk::make_decoder<Type>(name, version);                        \
    return &decoder;                                                                \
  }
