// The keys of [[output]].
#include "settings/slots.hpp"

namespace watchpost::settings {
namespace {

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
        "From which step of an alarm's escalation it sounds: 0 at once, 1 to 3 when nobody has "
        "taken it for 60, 180, 300 s, or somebody escalates it.",
        {0, 3}},
    Key{"topic",
        output<&O::topic>,
        "Topic on which the siren takes commands; never retained.",
        {},
        Form::any,
        true},
    Key{"on",
        output<&O::on>,
        "The command by which it sounds, and ends by itself after `lasts`.",
        {},
        Form::any,
        true},
    Key{"off", output<&O::off>, "The command by which it is silent.", {}, Form::any, true},
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

}  // namespace

std::span<const Key> output_keys() {
  return kOutput;
}

}  // namespace watchpost::settings
