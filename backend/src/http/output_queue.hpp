// Answers that are ready to be sent: heads and small bodies in one string, large bodies where they
// are, all handed to the kernel in one gathered write.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace cruddur::http {

class output_queue {
 public:
  // Up to this size a body is copied behind its head.
  static constexpr std::size_t small_body_bytes = 2 * 1024;

  // Where heads are written to; follow with add_body() before the next one.
  std::string& text() { return text_; }
  void add_body(response answer);

  bool empty() const { return text_.empty(); }
  std::size_t answers() const { return answers_; }
  std::size_t bytes() const { return text_.size() + body_bytes_; }
  void count_answer() { ++answers_; }

  enum class progress { done, blocked, failed };
  // Writes what the socket takes now. After `done` the queue is empty.
  progress write_to(int socket);

 private:
  struct large_body {
    std::size_t text_end;  // of what comes before it in text_
    response answer;
  };
  void clear();

  std::string text_;
  std::vector<large_body> bodies_;
  std::size_t body_bytes_ = 0;
  std::size_t answers_ = 0;
  std::size_t written_ = 0;
};

}  // namespace cruddur::http
