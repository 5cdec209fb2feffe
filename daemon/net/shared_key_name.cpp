#include "net/shared_key_name.hpp"

namespace watchpost::net {
namespace {

int place_of_name() {
  static const int place = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return place;
}

}  // namespace

void keep_shared_key_name(SSL& connection, std::string& name) {
  SSL_set_ex_data(&connection, place_of_name(), &name);
}

void set_shared_key_name(SSL& connection, const std::string& identity) {
  auto* const name = static_cast<std::string*>(SSL_get_ex_data(&connection, place_of_name()));
  if (name != nullptr) *name = identity;
}

}  // namespace watchpost::net
