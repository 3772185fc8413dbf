// What handlers work with. main/web.cpp fills it; everything in it outlives the server.
#pragma once

#include "app/activity_writer.hpp"
#include "app/feed.hpp"
#include "app/likes.hpp"
#include "app/profile_ids.hpp"
#include "app/write_budgets.hpp"
#include "base/clock.hpp"
#include "ports/activity_store.hpp"
#include "ports/profile_store.hpp"
#include "ports/threads.hpp"
#include "ports/timelines.hpp"
#include "ports/token_verifier.hpp"

namespace cruddur::api {

struct services {
  const cruddur::clock& clock;
  token_verifier& tokens;
  activity_store& activities;
  cruddur::timelines& timelines;
  cruddur::threads& threads;
  profile_store& profiles;
  activity_writer& writer;
  cruddur::likes& likes;
  feed& home;
  write_budgets& budgets;
  profile_ids& viewers;  // from a token's subject to the profile's id
};

}  // namespace cruddur::api
