#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hello_server.hpp"
#include "support/raw_client.hpp"

namespace cruddur::http {
namespace {

using cruddur::testing::hello_server;
using cruddur::testing::raw_client;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(http_server, answers) {
  hello_server running;
  raw_client client{running.port()};
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto answer = client.read_answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nhello"));
}

}  // namespace
}  // namespace cruddur::http
