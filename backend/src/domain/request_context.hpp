#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/uuid.hpp"

namespace cruddur {

// Who asks, and when: what use cases and stores need to know of a request. Made once for each
// request and handed on by value. The texts belong to the request and last as long; work that no
// request asked for has none.
struct request_context {
  // The caller's profile; nothing for a visitor.
  std::optional<uuid> viewer = {};
  // What has expired by then is not there.
  time_point now = {};
  // The session of the caller's token, which ends when the caller signs out; empty for a visitor,
  // and where the issuer names none.
  std::string_view session = {};
  // By which the logs know the request.
  std::string_view request_id = {};
  // The caller's `traceparent` (W3C Trace Context, version 00), empty when there is none or it is
  // not one.
  std::string_view trace = {};
};

}  // namespace cruddur
