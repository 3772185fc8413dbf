// A server from start to end.
#pragma once

#include <cstdint>
#include <memory>

#include "base/fault.hpp"
#include "base/logger.hpp"
#include "config/settings.hpp"

namespace cruddur {

// A running server with all that it needs. Destroying it stops it gracefully.
class application {
 public:
  // Opens, migrates (SQLite always, PostgreSQL in development), carries out what should have ended
  // while no server ran, seeds in development, and serves.
  // Fault: in words for the operator.
  static result<std::unique_ptr<application>> start(const config::settings& settings, logger& log);

  // Fills the database with the demonstration community and ends. Fault: conflict when it was there
  // already.
  static result<> seed(const config::settings& settings, logger& log);

  ~application();

  std::uint16_t port() const;

  // Stops accepting, drains, and closes the database. Blocks, at most a little longer than the
  // deadline in the settings.
  void stop();

 private:
  struct parts;
  explicit application(std::unique_ptr<parts> made);
  std::unique_ptr<parts> parts_;
};

}  // namespace cruddur
