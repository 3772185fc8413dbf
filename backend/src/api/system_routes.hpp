// The paths about the server itself: health, metrics, the client's configuration, the API's
// description and, in development, the outbox and the clock.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "http/router.hpp"
#include "ports/mailer.hpp"

namespace cruddur::api {

// What /config.json tells the web client.
struct client_settings {
  std::string version;
  bool production = true;
  std::string backend_url;   // origin of this server
  std::string frontend_url;  // origin of the web client, "" when that is here
  std::string user_pool_id;  // "REGION_NAME"
  std::string user_pool_client_id;
  std::string user_pool_endpoint;  // "" = this server's own pool, at /cognito-idp/
};

struct health_check {
  std::string name;  // "database"
  std::function<task<bool>()> is_healthy;
};

struct system_services {
  client_settings client;
  std::vector<health_check> checks;
  std::function<std::string()> metrics_text;
  std::string metrics_token;  // who bears it reads /metrics; "" for nobody
  std::function<bool()> is_stopping;
  std::function<std::vector<sent_mail>()> outbox;  // development only, else empty; newest first
  movable_clock* clock = nullptr;                  // where it may be moved, else null
};

// `with` must outlive the routes. /metrics is for who bears the token and, in development, for this
// machine; else it is not there. /dev/… is for requests that name this server by its own host.
std::vector<http::route> system_routes(system_services& with);

// /metrics for whoever reaches it: for a listener of its own.
std::vector<http::route> metrics_routes(system_services& with);

}  // namespace cruddur::api
