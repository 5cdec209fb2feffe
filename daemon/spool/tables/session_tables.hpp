// session, session_packet_id: persistent MQTT sessions, and the QoS 2 packet ids they have received
// and not yet released.
// Promise: only what SQLite itself would read is believed: a packet id that was released long ago
// would make the gateway take a new message for a repeat and lose it. The facts of both tables are
// SessionChange; the table `session` opens them for both.
#pragma once

#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& session_table();
[[nodiscard]] const Table& packet_id_table();

}  // namespace watchpost::spool
