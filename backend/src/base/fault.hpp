// Expected failures are values: a use case returns result<T>, and api/ turns a fault into a
// problem+json answer.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cruddur {

enum class fault_kind {
  invalid,          // the request's content breaks a rule; the codes name which (422)
  malformed,        // the request can't be read at all (400)
  unauthenticated,  // no token, or one that is not good (401)
  forbidden,        // known, but not allowed (403)
  not_found,        // there never was such a thing, or the caller must not know (404)
  gone,             // there was, and its time is over (410)
  conflict,         // another change came first (409)
  rate_limited,     // too many attempts (429)
  unavailable,      // a dependency is away or full; trying again later may work (503)
};

struct fault {
  fault_kind kind;
  std::vector<std::string> codes;  // stable, snake_case, for programs: "message_blank"
  std::string detail;              // one sentence for people; never holds private data
  std::string field;               // the input's name where one is at fault, else empty
  std::optional<std::chrono::seconds> retry_after;
};

template <class T = void>
using result = std::expected<T, fault>;

// A fault with one code. `field` names the input that is at fault, where one is.
inline fault make_fault(fault_kind kind, std::string code, std::string detail,
                        std::string field = {}) {
  return {kind, {std::move(code)}, std::move(detail), std::move(field), std::nullopt};
}

// One that is over after `retry_after`.
inline fault make_fault(fault_kind kind, std::string code, std::string detail,
                        std::chrono::seconds retry_after) {
  return {kind, {std::move(code)}, std::move(detail), {}, retry_after};
}

// What a function that gives a result<T> returns: a fault of make_fault(), by the same parameters.
template <class... Parameters>
std::unexpected<fault> fail(fault_kind kind, Parameters&&... parameters) {
  return std::unexpected(make_fault(kind, std::forward<Parameters>(parameters)...));
}

}  // namespace cruddur
