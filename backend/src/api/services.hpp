// What handlers work with. main/web.cpp fills it; everything in it outlives the server.
#pragma once

#include "api/home_feed.hpp"
#include "app/likes.hpp"
#include "app/posting.hpp"
#include "app/profile_ids.hpp"
#include "app/write_budgets.hpp"
#include "base/clock.hpp"
#include "ports/activity_store.hpp"
#include "ports/profile_store.hpp"
#include "ports/token_verifier.hpp"

namespace cruddur::api {

struct services {
  const clock& time;
  token_verifier& tokens;
  activity_store& activities;
  profile_store& profiles;
  posting& posts;
  likes& like;
  home_feed& home;
  write_budgets& budgets;
  profile_ids& viewers;  // from a token's subject to the profile's id
};

}  // namespace cruddur::api
