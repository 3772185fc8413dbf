// The bytes that a connection has received and not yet used: one flat, growing buffer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace cruddur::http {

class input_buffer {
 public:
  static constexpr std::size_t first_bytes = 2 * 1024;

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  std::span<char> bytes() { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  // Room to read into; never empty. Moves what is there, so no view may be in use.
  std::span<char> prepare() {
    if (begin_ == end_) {
      begin_ = end_ = 0;
    } else if (begin_ > 0 && capacity_ - end_ < capacity_ / 2) {
      std::memmove(data_.get(), data_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == capacity_) grow(std::max(first_bytes, capacity_ * 2));
    return {data_.get() + end_, capacity_ - end_};
  }

  void commit(std::size_t count) { end_ += count; }
  void consume(std::size_t count) { begin_ += count; }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    if (capacity_ - end_ < bytes.size()) grow(end_ + bytes.size());
    std::memcpy(data_.get() + end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }

  // Gives memory back after an unusually large request.
  void shrink_if_empty() {
    if (!empty() || capacity_ <= first_bytes * 2) return;
    data_.reset();
    begin_ = end_ = capacity_ = 0;
  }

 private:
  void grow(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > 0) std::memcpy(larger.get(), data_.get(), end_);
    data_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace cruddur::http
