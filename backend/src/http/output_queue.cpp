#include "http/output_queue.hpp"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>

namespace cruddur::http {
namespace {

constexpr std::size_t kept_text_bytes = 4 * 1024;
constexpr std::size_t kept_bodies = 4;

// The parts of the output, without the first `skip` bytes.
class part_list {
 public:
  explicit part_list(std::size_t skip) : skip_{skip} {}

  bool full() const { return count_ == parts_.size(); }
  void add(std::string_view bytes) {
    if (bytes.size() <= skip_) {
      skip_ -= bytes.size();
      return;
    }
    bytes.remove_prefix(skip_);
    skip_ = 0;
    parts_[count_++] = {const_cast<char*>(bytes.data()), bytes.size()};
    total_ += bytes.size();
  }

  ssize_t send(int socket) {
    msghdr message{};
    message.msg_iov = parts_.data();
    message.msg_iovlen = count_;
    return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  std::size_t total() const { return total_; }

 private:
  std::array<iovec, 64> parts_;
  std::size_t count_ = 0;
  std::size_t skip_;
  std::size_t total_ = 0;
};

}  // namespace

void output_queue::add_body(response answer) {
  const std::string_view body = answer.body_view();
  if (body.size() <= small_body_bytes) {
    text_ += body;
    return;
  }
  body_bytes_ += body.size();
  bodies_.push_back({text_.size(), std::move(answer)});
}

output_queue::progress output_queue::write_to(int socket) {
  const std::size_t all = bytes();
  while (written_ < all) {
    part_list parts{written_};
    std::size_t start = 0;
    for (const large_body& each : bodies_) {
      if (parts.full()) break;
      parts.add(std::string_view{text_}.substr(start, each.text_end - start));
      start = each.text_end;
      if (parts.full()) break;
      parts.add(each.answer.body_view());
    }
    if (!parts.full()) parts.add(std::string_view{text_}.substr(start));

    const ssize_t sent = parts.send(socket);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? progress::blocked : progress::failed;
    }
    written_ += static_cast<std::size_t>(sent);
    if (static_cast<std::size_t>(sent) < parts.total()) return progress::blocked;
  }
  clear();
  return progress::done;
}

void output_queue::clear() {
  text_.clear();
  if (text_.capacity() > kept_text_bytes) text_.shrink_to_fit();
  bodies_.clear();
  if (bodies_.capacity() > kept_bodies) bodies_.shrink_to_fit();
  body_bytes_ = answers_ = written_ = 0;
}

}  // namespace cruddur::http
