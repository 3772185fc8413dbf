// A PostgreSQL server of the test program's own: in a temporary folder, reached by a Unix socket
// only. It does without fsync: tests kill processes, not the machine, and what was written survives
// that. It is stopped and removed with its object, and when the program ends in any way.
#pragma once

#include <string>

namespace cruddur::test {

class postgres_cluster {
 public:
  // Starts one, as user `postgres` when the tests run as root. Throws std::runtime_error, with the
  // server's own words, when it can't.
  postgres_cluster();
  ~postgres_cluster();

  // The one that all tests of the program share; leave it running. A test that stops its server
  // needs its own, which also starts faster after a crash, because it has few files.
  static postgres_cluster& instance();

  // Makes a database with a name of its own, empty or a copy of one that nobody is connected to;
  // gives its URL.
  std::string create_database(const std::string& copy_of = "template1");

  // What a URL of this server calls its database.
  static std::string name_in(const std::string& url);

  enum class stop_mode { fast, immediate };  // as pg_ctl has them
  void stop(stop_mode mode);
  void start();

  postgres_cluster(const postgres_cluster&) = delete;
  postgres_cluster& operator=(const postgres_cluster&) = delete;

 private:
  void make_guardian();
  std::string url(const std::string& database) const;

  std::string folder_;
  int guardian_pipe_ = -1;  // its other end sees when this process is gone
  int guardian_ = -1;       // process id
  int databases_ = 0;
};

}  // namespace cruddur::test
