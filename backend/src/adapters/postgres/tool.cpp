#include "adapters/postgres/tool.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX

namespace cruddur::postgres {
namespace {

constexpr std::size_t longest_output = std::size_t{4} << 20;

std::unexpected<fault> failure(std::string sentence) {
  return fail(fault_kind::unavailable, "tool_failed", std::move(sentence));
}

struct option_list_deleter {
  void operator()(PQconninfoOption* list) const { PQconninfoFree(list); }
};

struct address {
  // Words of libpq without the password.
  std::string words;
  std::string password;
};

std::string quoted(std::string_view value) {
  std::string out = "'";
  for (const char each : value) {
    if (each == '\'' || each == '\\') out += '\\';
    out += each;
  }
  return out += '\'';
}

result<address> take_apart(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, option_list_deleter> options{
      PQconninfoParse(url.c_str(), nullptr)};
  if (!options) return failure("DATABASE_URL can't be read.");
  address out;
  for (auto* each = options.get(); each->keyword != nullptr; ++each) {
    const std::string_view keyword = each->keyword;
    if (each->val == nullptr) continue;
    if (keyword == "password") {
      out.password = each->val;
    } else if (keyword == "sslpassword") {
      return failure(
          "DATABASE_URL has an sslpassword, which can't be handed to PostgreSQL's programs "
          "unseen: use a client key without one.");
    } else {
      out.words.append(out.words.empty() ? "" : " ").append(keyword).append("=");
      out.words += quoted(each->val);
    }
  }
  return out;
}

std::vector<std::string> environment(const std::string& password) {
  std::vector<std::string> out;
  for (char** each = environ; *each != nullptr; ++each) {
    if (!std::string_view{*each}.starts_with("PGPASSWORD=")) out.emplace_back(*each);
  }
  if (!password.empty()) out.push_back("PGPASSWORD=" + password);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& each : words) out.push_back(each.data());
  out.push_back(nullptr);
  return out;
}

// The first line that says what is wrong, or else the last.
std::string complaint_of(std::string_view printed) {
  std::string_view found;
  while (!printed.empty()) {
    const auto end = std::min(printed.find('\n'), printed.size());
    const std::string_view line = printed.substr(0, end);
    printed.remove_prefix(std::min(printed.size(), end + 1));
    if (!line.empty()) found = line;
    if (line.contains("error:")) break;
  }
  return std::string{found};
}

class pipe_pair {
 public:
  pipe_pair() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  pipe_pair(const pipe_pair&) = delete;
  pipe_pair& operator=(const pipe_pair&) = delete;
  ~pipe_pair() {
    for (const int each : ends_) {
      if (each >= 0) ::close(each);
    }
  }
  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void close_writing() { ::close(std::exchange(ends_[1], -1)); }

 private:
  std::array<int, 2> ends_{};
};

// Reads both until the program closes them.
void read_both(const pipe_pair& output, const pipe_pair& errors, std::string& printed,
               std::string& complaints) {
  std::array<pollfd, 2> ends{{{output.reading(), POLLIN, 0}, {errors.reading(), POLLIN, 0}}};
  std::array<char, 4096> piece{};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (::poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) return;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd < 0 || ends[i].revents == 0) continue;
      const ssize_t count = ::read(ends[i].fd, piece.data(), piece.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        ends[i].fd = -1;
        continue;
      }
      std::string& heard = i == 0 ? printed : complaints;
      if (heard.size() < longest_output) {
        heard.append(piece.data(), static_cast<std::size_t>(count));
      }
    }
  }
}

}  // namespace

result<std::string> run_tool(const std::string& program, std::vector<std::string> arguments,
                             const std::string& url) {
  arguments.insert(arguments.begin(), program);
  address found;
  if (!url.empty()) {
    auto taken = take_apart(url);
    if (!taken) return std::unexpected(std::move(taken.error()));
    found = std::move(*taken);
    arguments.push_back("--no-password");
    arguments.push_back("--dbname=" + found.words);
  }
  auto variables = environment(found.password);

  pipe_pair output;
  pipe_pair errors;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output.writing(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.writing(), STDERR_FILENO);
  pid_t child = 0;
  const int spawned = ::posix_spawnp(&child, program.c_str(), &actions, nullptr,
                                     pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (spawned == ENOENT) {
    return failure(program +
                   " is not installed: on Debian it is in postgresql-client, in the version of "
                   "the server or a newer one.");
  }
  if (spawned != 0) return failure(program + " can't be run: " + std::strerror(spawned));
  output.close_writing();
  errors.close_writing();
  std::string printed;
  std::string complaints;
  read_both(output, errors, printed, complaints);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return printed;
  if (WIFSIGNALED(status)) return failure(program + " was killed: " + strsignal(WTERMSIG(status)));
  std::string sentence = complaint_of(complaints);
  if (!sentence.starts_with(program)) sentence = program + ": " + sentence;
  return failure(std::move(sentence));
}

}  // namespace cruddur::postgres
