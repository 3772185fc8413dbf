// What the server tells of itself: health, metrics and the client's configuration.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "http/message.hpp"
#include "ports/mailer.hpp"

namespace cruddur::api {

// What /config.json tells the web client.
struct client_settings {
  std::string version;
  bool production = true;
  // Origin of this server.
  std::string backend_url;
  // Origin of the web client, "" when that is here.
  std::string frontend_url;
  // "REGION_NAME"
  std::string user_pool_id;
  std::string user_pool_client_id;
  // "" = this server's own pool, at /cognito-idp/.
  std::string user_pool_endpoint;
};

struct health_check {
  std::string name;  // "database"
  std::function<task<bool>()> is_healthy;
};

struct system_services {
  client_settings client;
  std::vector<health_check> checks;
  std::function<std::string()> metrics_text;
  // Who bears it reads /metrics; "" for nobody.
  std::string metrics_token;
  std::function<bool()> is_stopping;
  // Newest first; empty but in development.
  std::function<std::vector<sent_mail>()> outbox;
  // Null where it may not be moved.
  movable_clock* clock = nullptr;
};

using system_endpoint = task<http::response> (*)(system_services&, http::request&);

task<http::response> show_health(system_services&, http::request&);
task<http::response> show_config(system_services&, http::request&);

// For who bears the token and, in development, for this machine; else it is not there.
task<http::response> show_metrics(system_services&, http::request&);

// For whoever asks: for a listener of its own.
task<http::response> show_metrics_to_anybody(system_services&, http::request&);

}  // namespace cruddur::api
