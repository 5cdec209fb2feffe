// The keys of [[device]].
#include "settings/slots.hpp"

namespace watchpost::settings {
namespace {

using V = DeviceConfig;
template <auto... Members>
constexpr auto device = &slot_of<V, Members...>;

constexpr std::array kDevice{
    Key{"id",
        device<&V::id>,
        "Identifier that the device or its network uses: EUI, IEEE address, name.",
        {},
        Form::any,
        true},
    Key{"profile",
        device<&V::profile>,
        "Which payload the device speaks, or the mapping that reads it.",
        {},
        Form::profile},
    Key{"name", device<&V::name>, "Name for people: where the device hangs, or who wears it."},
    Key{"group", device<&V::group>, "Group of devices to which it belongs, as people call it."},
    Key{"household", device<&V::household>, "Household or station where it hangs, for people."},
    Key{"contact", device<&V::contact>,
        "Whom to call when it says something: name and telephone. It stands with the alarm on this "
        "gateway alone."},
    Key{"domain", device<&V::domain>,
        "What the device watches, where its readings do not show that."},
    Key{"expected_interval",
        device<&V::expected_interval>,
        "How often it is heard at least; it is silent after [supervision] silent_after times as "
        "long. 0 s: as entered, or learnt.",
        {0, 366 * kDay}},
    Key{"options", device<&V::options>, "Options for the decoder."},
    Key{"station_mode", device<&V::station_mode>,
        "Transmission mode of a hydrology station (SL 651): m1 is never answered, the others are."},
    Key{"station_ending", device<&V::station_ending>,
        "How a confirmation to a hydrology station ends: eot lets it go, esc keeps it online."},
    Key{"warning_level", device<&V::water, &WaterConfig::warning_level>,
        "Warning level of the water in metres: an orange alarm where it is reached."},
    Key{"guarantee_level", device<&V::water, &WaterConfig::guarantee_level>,
        "Level in metres up to which the dyke is guaranteed: a red alarm where it is reached."},
    Key{"datum", device<&V::water, &WaterConfig::datum>,
        "Name of the zero from which the levels and the elevation are counted."},
    Key{"mount_elevation", device<&V::water, &WaterConfig::mount_elevation>,
        "Elevation of the sensor in metres above the datum, for readings of a distance or a depth; "
        "without it a depth is the level."},
    Key{"surveyed", device<&V::water, &WaterConfig::surveyed>,
        "When the elevation was surveyed, for people."},
    Key{"level_reading", device<&V::water, &WaterConfig::level_reading>,
        "What the device calls a level: its elevation above the datum, or the depth above the "
        "sensor."},
    Key{"level_deadband", device<&V::water, &WaterConfig::deadband>,
        "A level is over only where the water is so many metres below it; 0.03 when absent."},
};

}  // namespace

std::span<const Key> device_keys() {
  return kDevice;
}

}  // namespace watchpost::settings
