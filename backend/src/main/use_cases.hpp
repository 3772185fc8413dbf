// What the program does, whoever asks for it: the use cases over the stores, the home feed that
// they keep up to date, and the other servers that they tell.
#pragma once

#include <memory>

#include "api/feed_json.hpp"
#include "app/activity_writer.hpp"
#include "app/expiry_sweeper.hpp"
#include "app/feed.hpp"
#include "app/key_destroyer.hpp"
#include "app/likes.hpp"
#include "app/profile_ids.hpp"
#include "app/write_budgets.hpp"
#include "main/process.hpp"
#include "main/storage.hpp"
#include "realtime/feed_sync.hpp"
#include "realtime/peers.hpp"

namespace cruddur {

struct use_cases {
  std::unique_ptr<api::feed_json> feed_format;
  std::unique_ptr<cruddur::feed> feed;
  // Null where no other process can share the database. The feed's sync hears of changes like the
  // feed itself.
  std::unique_ptr<realtime::peers> peers;
  std::unique_ptr<realtime::feed_sync> feed_sync;
  std::unique_ptr<activity_observers> observers;

  std::unique_ptr<expiry_sweeper> sweeper;
  std::unique_ptr<cruddur::key_destroyer> key_destroyer;
  std::unique_ptr<activity_writer> writer;
  std::unique_ptr<cruddur::likes> likes;
  std::unique_ptr<write_budgets> budgets;
  std::unique_ptr<profile_ids> viewers;
  std::shared_ptr<profile_store> profiles;

  // Removes the profile of an account that ends, with all that it wrote; succeeds where there is
  // none. Fault: unavailable.
  task<result<>> remove_person(uuid account_id, time_point now);
};

// `process` and `storage` outlive it. peers->start() is still to be called, when all who hear of
// them have subscribed.
use_cases make_use_cases(process& process, storage& storage);

}  // namespace cruddur
