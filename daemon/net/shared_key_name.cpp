#include "net/shared_key_name.hpp"

#include <memory>

namespace watchpost::net {
namespace {

void free_name(void* /*parent*/, void* name, CRYPTO_EX_DATA* /*data*/, int /*index*/,
               long /*unused*/, void* /*unused*/) {
  delete static_cast<std::string*>(name);
}

int place_of_name() {
  static const int place = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, &free_name);
  return place;
}

}  // namespace

void set_shared_key_name(SSL& connection, const std::string& identity) {
  auto* const known = static_cast<std::string*>(SSL_get_ex_data(&connection, place_of_name()));
  if (known != nullptr) {
    *known = identity;
    return;
  }
  auto name = std::make_unique<std::string>(identity);
  if (SSL_set_ex_data(&connection, place_of_name(), name.get()) == 1) (void)name.release();
}

std::string shared_key_name(const SSL& connection) {
  const auto* const name =
      static_cast<const std::string*>(SSL_get_ex_data(&connection, place_of_name()));
  return name == nullptr ? std::string() : *name;
}

}  // namespace watchpost::net
