// The keys of [[output]] and [[escalation]].
#include <algorithm>

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
        "Only these alarms: kinds, or fault, tamper, low_battery, silent, implausible, "
        "clock_suspect.",
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
    Key{"name", output<&O::name>, "Names this output in troubles and logs.", {}, Form::label, true},
    Key{"kind", output<&O::kind>,
        "How it is told: mqtt (a siren, by messages), command (a program is run), webhook (a post "
        "to an HTTP service)."},
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
    Key { "topic", output<&O::topic>, "Topic on which the siren takes commands; never retained." },
    Key {
      "on", output<&O::on>, "The command by which it sounds, and ends by itself after `lasts`."
    },
    Key { "off", output<&O::off>, "The command by which it is silent." },
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
    Key{"command",
        output<&O::command>,
        "The program that is run, with its arguments; without a shell.",
        {},
        Form::command},
    Key{"url",
        output<&O::url>,
        "Where it is posted: http://host/path or https://host/path; never shown.",
        {},
        Form::secret},
    Key{"url_file",
        output<&O::url_file>,
        "File whose first line is the url, where that holds a key.",
        {},
        Form::file},
    Key{"format", output<&O::format>,
        "What is posted: json (all that is known), text (the sentence), or the message of a robot: "
        "wecom, dingtalk, feishu."},
    Key{"ca_file",
        output<&O::ca_file>,
        "PEM file of the authorities that its certificate may come from; those of the system when "
        "absent.",
        {},
        Form::file},
    Key{"authorization_file",
        output<&O::authorization_file>,
        "File whose first line is the header Authorization.",
        {},
        Form::file},
    Key{"secret_file",
        output<&O::secret_file>,
        "File whose first line is the secret of a robot of DingTalk or Feishu that checks "
        "signatures.",
        {},
        Form::file},
    Key{"timeout", output<&O::timeout>, "How long one attempt may take.", {kSecond, kMinute}},
    Key{"per_minute",
        output<&O::per_minute>,
        "Messages in a minute at most; what is beyond them is told in one digest.",
        {3, 600}},
    Key{"language", output<&O::language>, "Language of the sentence for people."},
};

constexpr std::array<std::string_view, 8> kSirenKeys{
    "broker", "topic", "on", "off", "lasts", "state_topic", "state_on", "state_off"};
constexpr std::array<std::string_view, 6> kWebhookKeys{
    "url", "url_file", "format", "ca_file", "authorization_file", "secret_file"};
constexpr std::array<std::string_view, 3> kChannelKeys{"timeout", "per_minute", "language"};
template <class List>
bool is_in(const List& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

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

bool fits_output(std::string_view key, OutputKind kind) {
  if (is_in(kSirenKeys, key)) return kind == OutputKind::mqtt;
  if (is_in(kWebhookKeys, key)) return kind == OutputKind::webhook;
  if (key == "command") return kind == OutputKind::command;
  return !is_in(kChannelKeys, key) || kind != OutputKind::mqtt;
}

std::span<const Key> output_keys() {
  return kOutput;
}

std::span<const Key> escalation_keys() {
  return kEscalation;
}

}  // namespace watchpost::settings
