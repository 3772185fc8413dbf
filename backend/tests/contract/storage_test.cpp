// The first part of the program by itself, as a command has it: stores without a server.
#include "main/storage.hpp"

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace cruddur {
namespace {

TEST(storage, serves_a_command_without_a_server) {
  const test::temporary_folder folder;
  config::settings settings;
  settings.event_loops = 1;
  settings.keys_url = "file:";
  settings.data_dir = folder.path();
  settings.database_url = "sqlite:" + (folder.path() / "cruddur.db").string();
  null_logger log;
  process process{std::move(settings), log};
  {
    auto storage = open_storage(process);
    ASSERT_TRUE(storage) << storage.error().detail;
    const auto people = process.wait_for(storage->profiles->any());
    ASSERT_TRUE(people);
    EXPECT_FALSE(*people);
    const auto next = process.wait_for(storage->retention->next_expiry());
    ASSERT_TRUE(next);
    EXPECT_FALSE(*next);
    process.loops.stop();
    storage->database->close();
  }
}

}  // namespace
}  // namespace cruddur
