// Cross-origin sharing (the Fetch standard) by exact origin. Header blocks are made once.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cruddur::http {

class cors_policy {
 public:
  explicit cors_policy(const std::vector<std::string>& origins);
  cors_policy(const cors_policy&) = delete;
  cors_policy& operator=(const cors_policy&) = delete;

  bool allows(std::string_view origin) const;

  // Header lines for an answer to `origin` ("" for none): whole lines, each with CR LF.
  std::string_view answer_lines(std::string_view origin) const;

  // The values of a preflight's answer, besides the methods.
  static constexpr std::string_view allow_headers =
      "authorization, content-type, idempotency-key, x-requested-with, x-amz-target, "
      "x-amz-user-agent, amz-sdk-invocation-id, amz-sdk-request, cache-control";
  static constexpr std::string_view max_age_seconds = "7200";

 private:
  std::unordered_map<std::string_view, std::string> lines_;  // by origin
  std::vector<std::string> origins_;
  std::string without_origin_;
};

}  // namespace cruddur::http
