// Once: a function that is called at most once, and may own what cannot be copied, such as the rest
// of a coroutine that waits for the call.
// Promise: what the function owns is gone before the call returns. One thread at a time.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace watchpost::net {

template <class... Args>
class Once {
 public:
  Once() = default;
  template <class Function>
  requires(!std::is_same_v<std::remove_cvref_t<Function>, Once> &&
           std::is_invocable_v<Function&, Args...>)
      Once(Function function)  // NOLINT(google-explicit-constructor): any function may stand for it
      : held_(std::make_unique<Held<Function>>(std::move(function))) {}

  void operator()(Args... args) {
    const std::unique_ptr<Callable> held = std::exchange(held_, nullptr);
    held->call(std::move(args)...);
  }
  explicit operator bool() const { return held_ != nullptr; }

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual void call(Args... args) = 0;
  };
  template <class Function>
  struct Held final : Callable {
    explicit Held(Function given) : function(std::move(given)) {}
    void call(Args... args) override { std::move(function)(std::move(args)...); }
    Function function;
  };

  std::unique_ptr<Callable> held_;
};

}  // namespace watchpost::net
