// What was lost with a store that vanished is known to the next process of the service.
#include "app/lost_store.hpp"

#include "unit/settings/sample.hpp"

using namespace watchpost::app;
using watchpost::settings::testing::Folder;

TEST_CASE("a loss is handed to the next process until it is removed", "[app][unit]") {
  const Folder folder;
  CHECK_FALSE(LostStoreFile(folder.path()).read());
  LostStoreFile(folder.path()).write({5, 3});
  const auto lost = LostStoreFile(folder.path()).read();
  REQUIRE(lost.has_value());
  CHECK(lost->events == 5);
  CHECK(lost->alarms == 3);
  LostStoreFile(folder.path()).remove();
  CHECK_FALSE(LostStoreFile(folder.path()).read());
}

TEST_CASE("without a runtime directory a loss is kept nowhere, and a damaged file says nothing",
          "[app][unit]") {
  const LostStoreFile nowhere(std::nullopt);
  nowhere.write({5, 3});
  CHECK_FALSE(nowhere.read());
  nowhere.remove();
  const Folder folder;
  folder.write("lost-store", "5");
  CHECK_FALSE(LostStoreFile(folder.path()).read());
}
