// control_service: starts and stops the service watchpostd by systemctl.
// Promise: waits until systemd has done it. Only root on a machine that runs systemd may ask.
// Called by setup and restore, on the main thread, before any other thread.
#pragma once

#include <string>

namespace watchpost::cli {

[[nodiscard]] bool may_control_service();
// `verb`: start, stop, restart. False: it did not come about; the journal says why.
[[nodiscard]] bool control_service(const std::string& verb);

}  // namespace watchpost::cli
