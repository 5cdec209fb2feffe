// The keys of [[output]] and [[escalation]].
#include "settings/slots.hpp"

namespace watchpost::settings {
namespace {

// Of which alarms an output or an escalation is.
template <class Section>
constexpr std::array kChoice{
    Key{"levels",
        &slot_of<Section, &Section::which, &ChoiceConfig::levels>,
        "Only alarms of these levels; blue is of faults.",
        {},
        Form::levels},
    Key{"alarms",
        &slot_of<Section, &Section::which, &ChoiceConfig::alarms>,
        "Only these alarms: kinds, or fault, tamper, low_battery, silent.",
        {},
        Form::alarms},
    Key{"places",
        &slot_of<Section, &Section::which, &ChoiceConfig::places>,
        "Only devices whose place begins so.",
        {},
        Form::places},
};

using O = OutputConfig;
template <auto... Members>
constexpr auto output = &slot_of<O, Members...>;

constexpr std::array kOutput{
    Key{"name", output<&O::name>, "Names this siren in troubles and logs.", {}, Form::label, true},
    Key{"kind", output<&O::kind>, "How it is told: mqtt (by messages)."},
    Key{"broker",
        output<&O::broker>,
        "Name of the [[broker]] to which the siren is connected; a client of our own [[listener]] "
        "when absent.",
        {},
        Form::label},
    Key{"step",
        output<&O::step>,
        "From which step of an alarm's escalation it sounds, where no [[escalation]] names it: 0 "
        "at once, 1 to 3 when nobody has taken it for 60, 180, 300 s, or somebody escalates it.",
        {0, 3}},
    kChoice<O>[0],
    kChoice<O>[1],
    kChoice<O>[2],
    Key {
      "topic", output<&O::topic>, "Topic on which the siren takes commands; never retained.", {},
          Form::any, true
    },
    Key {
      "on", output<&O::on>, "The command by which it sounds, and ends by itself after `lasts`.", {},
          Form::any, true
    },
    Key { "off", output<&O::off>, "The command by which it is silent.", {}, Form::any, true },
    Key{"lasts",
        output<&O::lasts>,
        "How long it sounds by one command; that is sent again after two thirds of it while an "
        "alarm waits for somebody.",
        {3 * kSecond, 10 * kMinute}},
    Key{"state_topic", output<&O::state_topic>,
        "Topic on which the siren tells its state, where it does."},
    Key{"state_on", output<&O::state_on>,
        "What it says there when it sounds: the whole text, or a part of a JSON object."},
    Key{"state_off", output<&O::state_off>, "What it says there when it is silent."},
};

using E = EscalationConfig;
constexpr Key told(std::string_view name, Slot (*slot)(AnySection), std::string_view sentence) {
  return {name, slot, sentence, {}, Form::outputs};
}
constexpr Key after(std::string_view name, Slot (*slot)(AnySection), std::string_view sentence) {
  return {name, slot, sentence, {kSecond, kDay}};
}
constexpr std::array kEscalation{
    kChoice<E>[0],
    kChoice<E>[1],
    kChoice<E>[2],
    told("at_once", &slot_of<E, &E::at_once>, "Which outputs are told at once."),
    after("step_1_after", &slot_of<E, &E::step_1_after>,
          "How long nobody has taken the alarm before the first step."),
    told("step_1", &slot_of<E, &E::step_1>, "Which outputs are told at the first step."),
    after("step_2_after", &slot_of<E, &E::step_2_after>,
          "The same, before the second step; longer."),
    told("step_2", &slot_of<E, &E::step_2>, "Which outputs are told at the second step."),
    after("step_3_after", &slot_of<E, &E::step_3_after>,
          "The same, before the third step; longer."),
    told("step_3", &slot_of<E, &E::step_3>, "Which outputs are told at the third step."),
};

}  // namespace

std::span<const Key> output_keys() {
  return kOutput;
}

std::span<const Key> escalation_keys() {
  return kEscalation;
}

}  // namespace watchpost::settings
