// The SQL of StoreVerifier and StoreView: small tables in steps, each by its key.
#pragma once

namespace watchpost::spool::sql {

inline constexpr const char* kQuickCheck = "PRAGMA quick_check(20)";
inline constexpr const char* kReadTogether = "BEGIN";
inline constexpr const char* kDropsAfter =
    "SELECT id, class, epoch, first, last, reason, dropped_at, clock, sum FROM drop_ledger"
    " WHERE id > ?1 ORDER BY id LIMIT ?2";
inline constexpr const char* kSetAsideAfter =
    "SELECT id, reason_code, class, seq, epoch, domain, severity, decoded, clock, received_at,"
    " observed_at, device, topic, payload, annotation, sum, set_aside_at, upstream FROM set_aside"
    " WHERE id > ?1 ORDER BY id LIMIT ?2";
inline constexpr const char* kSessionsAfter =
    "SELECT client_id, expiry_s, sum FROM session WHERE client_id > ?1 ORDER BY client_id LIMIT ?2";
inline constexpr const char* kPacketIdsAfter =
    "SELECT client_id, packet_id, sum FROM session_packet_id WHERE (client_id, packet_id) > (?1, "
    "?3)"
    " ORDER BY client_id, packet_id LIMIT ?2";

}  // namespace watchpost::spool::sql
