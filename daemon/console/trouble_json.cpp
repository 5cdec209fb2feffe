#include "console/trouble_json.hpp"

#include <boost/json.hpp>

#include "model/trouble_catalogue.hpp"

namespace watchpost::console {
namespace {

namespace json = boost::json;

struct AsJson {
  json::value operator()(const std::string& text) const { return json::string(text); }
  json::value operator()(std::uint64_t count) const { return count; }
  json::value operator()(EventClass event_class) const {
    return json::string(to_string(event_class));
  }
  json::value operator()(const PerClass<std::uint64_t>& counts) const {
    json::object object;
    for (const EventClass event_class : kEventClasses) {
      object[to_string(event_class)] = counts[index_of(event_class)];
    }
    return object;
  }
  json::value operator()(ByteCount bytes) const { return bytes.value; }
  json::value operator()(std::chrono::seconds span) const { return span.count(); }
  json::value operator()(const HowTold& told) const {
    return json::string(told.detail.empty() ? to_string(told.how) : told.detail);
  }
};

}  // namespace

json::object trouble_json(const Trouble& trouble) {
  json::object object;
  object["code"] = shape_of(trouble.code).name;
  object["severity"] = to_string(entry_of(trouble.code).severity);
  json::object args;
  for (const TroubleArgument& argument : trouble.arguments) {
    args[argument.name] = std::visit(AsJson{}, argument.value);
  }
  object["args"] = std::move(args);
  json::object text;
  json::object next;
  for (const Language language : kLanguages) {
    text[to_string(language)] = what_of(trouble, language);
    next[to_string(language)] = next_of(trouble, language);
  }
  object["text"] = std::move(text);
  object["next"] = std::move(next);
  if (trouble.cause) object["cause"] = trouble_json(*trouble.cause);
  return object;
}

}  // namespace watchpost::console
