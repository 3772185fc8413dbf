// What handlers work with. main/compose.cpp fills it; everything in it outlives the server.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "api/home_feed.hpp"
#include "app/likes.hpp"
#include "app/posting.hpp"
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
};

// A dependency's health: "ok", or a word for what is wrong.
struct health_check {
  std::string name;
  std::function<task<std::string>()> check;
};

// What the server tells about itself.
struct about {
  std::string version;
  std::string config_json;  // the body of /config.json
  std::vector<health_check> checks;
  std::function<std::string()> metrics_text;
  const bool* shutting_down = nullptr;
};

}  // namespace cruddur::api
