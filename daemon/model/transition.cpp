#include "model/transition.hpp"

#include "model/names.hpp"

namespace watchpost {
namespace {

constexpr names::Table<Origin, kOriginCount> kOriginNames{{
    {Origin::device, "device"},
    {Origin::gateway, "gateway"},
    {Origin::cli, "cli"},
    {Origin::api, "api"},
    {Origin::page, "page"},
    {Origin::upstream, "upstream"},
}};

}  // namespace

std::string_view to_string(Origin origin) {
  return names::name_of(kOriginNames, origin);
}

std::size_t memory_of(const Actor& actor) {
  return sizeof actor + actor.who.size() + actor.from.size();
}

}  // namespace watchpost
