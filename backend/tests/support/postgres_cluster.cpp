#include "support/postgres_cluster.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace cruddur::test {
namespace {

constexpr auto binaries = "/usr/lib/postgresql/15/bin/";

// Outlives this process by the moment that it takes to stop the server and remove the folder.
constexpr auto guardian_script = R"(
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
fi
rm -rf "$1"
)";

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

// Runs a command line as the user who owns the server; throws with what it printed when it fails.
void run_as_owner(const std::string& command) {
  const std::string as = ::geteuid() == 0 ? "runuser -u postgres -- " : "";
  const std::string line = "cd / && " + as + binaries + command + " 2>&1";
  FILE* output = ::popen(line.c_str(), "r");
  if (!output) throw std::runtime_error("can't start a shell");
  std::string text;
  std::array<char, 4096> part{};
  while (std::fgets(part.data(), part.size(), output)) text += part.data();
  const int status = ::pclose(output);
  if (status != 0) throw std::runtime_error(command + ": " + text);
}

}  // namespace

postgres_cluster& postgres_cluster::instance() {
  static postgres_cluster only;
  return only;
}

postgres_cluster::postgres_cluster() {
  std::string name = "/tmp/cruddur-postgres-XXXXXX";
  if (!::mkdtemp(name.data())) throw std::runtime_error("can't make a folder in /tmp");
  folder_ = name;
  if (::geteuid() == 0) {
    const passwd* owner = ::getpwnam("postgres");
    if (!owner || ::chown(folder_.c_str(), owner->pw_uid, owner->pw_gid) != 0) {
      throw std::runtime_error("there is no user `postgres`: install Debian's postgresql-15");
    }
  }
  make_guardian();
  run_as_owner("initdb -D " + quoted(folder_ + "/data") +
               " -U cruddur -A trust -E UTF8 --locale=C.UTF-8 --no-sync");
  start();
}

postgres_cluster::~postgres_cluster() {
  ::close(guardian_pipe_);
  ::waitpid(guardian_, nullptr, 0);
}

void postgres_cluster::make_guardian() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("can't make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  posix_spawnattr_init(&attributes);
  // A session of its own, so that an interrupt from the terminal doesn't reach it.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  std::vector<std::string> words{"sh", "-c", guardian_script, "guardian", folder_};
  std::vector<char*> arguments;
  for (auto& each : words) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  const int failed =
      ::posix_spawn(&guardian_, "/bin/sh", &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[0]);
  guardian_pipe_ = ends[1];
  if (failed) throw std::runtime_error("can't start /bin/sh");
}

void postgres_cluster::start() {
  run_as_owner("pg_ctl -w -s -D " + quoted(folder_ + "/data") + " -l " + quoted(folder_ + "/log") +
               " -o \"-k " + folder_ +
               " -c listen_addresses= -c max_connections=200 -c deadlock_timeout=100ms"
               " -c fsync=off -c autovacuum=off\" start");
}

void postgres_cluster::stop(stop_mode mode) {
  run_as_owner("pg_ctl -w -s -D " + quoted(folder_ + "/data") + " -m " +
               (mode == stop_mode::fast ? "fast" : "immediate") + " stop");
}

std::string postgres_cluster::url(const std::string& database) const {
  return "postgresql:///" + database + "?host=" + folder_ + "&user=cruddur";
}

std::string postgres_cluster::name_in(const std::string& url) {
  const auto start = url.rfind('/', url.find('?')) + 1;
  return url.substr(start, url.find('?') - start);
}

std::string postgres_cluster::create_database(const std::string& copy_of) {
  const std::string name = "test" + std::to_string(++databases_);
  const std::unique_ptr<PGconn, void (*)(PGconn*)> own{PQconnectdb(url("postgres").c_str()),
                                                       &PQfinish};
  const std::unique_ptr<PGresult, void (*)(PGresult*)> made{
      PQexec(own.get(), ("CREATE DATABASE " + name + " TEMPLATE " + copy_of).c_str()), &PQclear};
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) {
    throw std::runtime_error(PQerrorMessage(own.get()));
  }
  return url(name);
}

}  // namespace cruddur::test
