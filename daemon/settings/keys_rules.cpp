// The keys of [[rule]].
#include "settings/slots.hpp"

namespace watchpost::settings {
namespace {

using R = RuleConfig;
template <auto... Members>
constexpr auto rule = &slot_of<R, Members...>;

Slot kind_of(AnySection any) {
  std::optional<Kind>& kind = std::get<R*>(any)->kind;
  std::optional<std::size_t> current;
  if (kind) current = static_cast<std::size_t>(*kind);
  return Choice{kind_names(), current,
                [&kind](std::size_t index) { kind = static_cast<Kind>(index); }};
}

// Grey is of tests and drills alone.
Slot level_of(AnySection any) {
  static constexpr std::array<std::string_view, 4> kLevels{"blue", "yellow", "orange", "red"};
  std::optional<AlarmLevel>& level = std::get<R*>(any)->level;
  std::optional<std::size_t> current;
  if (level) current = static_cast<std::size_t>(*level) - 1;
  return Choice{kLevels, current,
                [&level](std::size_t index) { level = static_cast<AlarmLevel>(index + 1); }};
}

constexpr Limits kDelay{0, kDay};
constexpr Limits kLong{0, 366 * kDay};

constexpr std::array kRule{
    Key{"name", rule<&R::name>, "Names the rule in alarms and logs.", {}, Form::label, true},
    Key{"devices",
        rule<&R::devices>,
        "The devices it is about; all that fit `place`, `kind` and `quantity` when absent.",
        {},
        Form::names},
    Key{"place", rule<&R::place>,
        "Only devices that are entered at this place, or within it: \"3/2\" has \"3/2/301\"."},
    Key{"kind", &kind_of, "Only messages of this kind; its alarms are of it too."},
    Key{"quantity", rule<&R::quantity>, "What is measured, as the decoder names it."},
    Key{"unit", rule<&R::unit>,
        "Unit of the numbers of this rule; readings in another one are converted."},
    Key{"above", rule<&R::above>, "An alarm where this is reached or passed."},
    Key{"below", rule<&R::below>, "An alarm where this is reached from above."},
    Key{"equals", rule<&R::equals>, "An alarm where it is exactly this."},
    Key{"rise", rule<&R::rise>, "An alarm where it rises by so much `within` a time."},
    Key{"jump", rule<&R::jump>,
        "An alarm where two readings one after the other are so far apart."},
    Key{"no_data", rule<&R::no_data>, "An alarm where nothing is heard for so long.", kLong},
    Key{"two_of",
        rule<&R::two_of>,
        "An alarm where so many detectors of one place say alarm `within` a time; 0 for none.",
        {0, 64}},
    Key{"deadband", rule<&R::deadband>,
        "It is over only where the value is so far on the other side of the limit."},
    Key{"on_delay", rule<&R::on_delay>, "The limit must be passed for so long.", kDelay},
    Key{"off_delay", rule<&R::off_delay>, "It must be over for so long.", kDelay},
    Key{"within", rule<&R::within>,
        "Time for `rise` and `two_of`; of `jump` the longest gap between the readings.", kDelay},
    Key{"readings",
        rule<&R::readings>,
        "Of `rise`: least number of readings within the time.",
        {2, 100}},
    Key{"level",
        &level_of,
        "How bad it is: red and orange sound the siren and escalate, yellow and blue ask for a "
        "look.",
        {},
        Form::any,
        true},
    Key{"latching", rule<&R::latching>,
        "Whether it stays until somebody takes it when it is over; as its kind does when absent."},
    Key{"text", rule<&R::text>, "What people are told, in English."},
    Key{"text_zh", rule<&R::text_zh>, "The same in Chinese."},
};

}  // namespace

std::span<const Key> rule_keys() {
  return kRule;
}

}  // namespace watchpost::settings
