#include "model/event_class.hpp"

#include "model/names.hpp"

namespace watchpost {
namespace {

constexpr names::Table<EventClass, kEventClassCount> kClassNames{{
    {EventClass::alarm, "alarm"},
    {EventClass::patrol, "patrol"},
    {EventClass::status, "status"},
    {EventClass::telemetry, "telemetry"},
}};

constexpr names::Table<EventClass, kEventClassCount> kChineseClassWords{{
    {EventClass::alarm, "报警"},
    {EventClass::patrol, "巡更"},
    {EventClass::status, "状态"},
    {EventClass::telemetry, "测量"},
}};

constexpr names::Table<Domain, 7> kDomainNames{{
    {Domain::fire, "fire"},
    {Domain::water, "water"},
    {Domain::fall, "fall"},
    {Domain::patrol, "patrol"},
    {Domain::device, "device"},
    {Domain::gateway, "gateway"},
    {Domain::other, "other"},
}};

}  // namespace

std::string_view to_string(EventClass event_class) {
  return names::name_of(kClassNames, event_class);
}

std::string_view class_word(EventClass event_class, Language language) {
  return language == Language::chinese ? names::name_of(kChineseClassWords, event_class)
                                       : to_string(event_class);
}

char letter_of(EventClass event_class) {
  return to_string(event_class).front();
}

std::optional<EventClass> event_class_from(std::string_view name) {
  return names::value_of(kClassNames, name);
}

std::string_view to_string(Domain domain) {
  return names::name_of(kDomainNames, domain);
}

std::optional<Domain> domain_from(std::string_view name) {
  return names::value_of(kDomainNames, name);
}

}  // namespace watchpost
