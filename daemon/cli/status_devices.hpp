// The devices of the status page. Pure.
#pragma once

#include <boost/json/object.hpp>

#include "cli/status_page.hpp"
#include "cli/status_text.hpp"

namespace watchpost::cli {

void add_alarms(StatusText& page, const boost::json::object& status);
// False where a device is asked for and none, heard or entered, has that in its name or id.
[[nodiscard]] bool knows_device(const boost::json::object& status, const DeviceFilter& filter);
void add_devices(StatusText& page, const boost::json::object& status, const DeviceFilter& filter);
// Devices whose dangers were never seen to be declared; nothing where there is none.
void add_not_proven(StatusText& page, const boost::json::object& status,
                    const DeviceFilter& filter);

}  // namespace watchpost::cli
