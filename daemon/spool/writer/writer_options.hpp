// WriterOptions: where the store is, how large it may grow, and for whom it is kept.
// Promise: plain values, checked by the configuration. Read when the store is opened.
#pragma once

#include <filesystem>
#include <functional>

#include "spool/room/space.hpp"
#include "spool/spool_defaults.hpp"
#include "spool/tables/epoch.hpp"
#include "spool/tables/gateway_record.hpp"
#include "spool/writer/checkpointer.hpp"
#include "spool/writer/kept_for.hpp"

namespace watchpost::spool {

struct WriterOptions {
  std::filesystem::path directory;
  KeptFor kept_for;
  SpaceLimits space;
  ByteCount disk_reserve =
      kDefaultDiskReserve;  // taken on the disk, for alarms when others fill it
  CheckpointLimits checkpoint;
  bool new_epoch = false;  // begin the epoch of this start at once, not with its first record
  // When something is noted; the system's clock.
  std::function<Moment()> now;
  // Names the epoch of a start, and of a new store.
  std::function<Epoch()> draw_epoch = spool::draw_epoch;
  // Called now and then while opening takes long (a salvage), so that nobody takes it for stuck.
  std::function<void()> still_opening;
};

}  // namespace watchpost::spool
