// One connection in libpq's pipeline mode, carrying many requests at once
// (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html). Lives on one event loop.
//
// Each request ends with a Sync of its own, which makes it an implicit transaction. Writes that are
// sent together commit without waiting for the disk (synchronous_commit=off); one more transaction
// after them waits for all their log, and only then are their callers answered: one fsync for many.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/postgres/request.hpp"
#include "adapters/postgres/session.hpp"

namespace cruddur::postgres {

class pipeline : public std::enable_shared_from_this<pipeline> {
 public:
  // `on_done` gets each request when it has run, well or not.
  pipeline(std::unique_ptr<session> connected, std::function<void(request_ptr)> on_done);

  // How many batches it carries, of all and of one kind.
  std::size_t load() const { return batches_.size(); }
  std::size_t load(request_kind kind) const {
    return kind == request_kind::write ? writes_ : batches_.size() - writes_;
  }

  // Sends the requests as one batch: one read, or writes to be made durable together.
  void send(std::vector<request_ptr> requests);

  // Receives until the connection is lost or cancelled, and gives the reason.
  task<std::string> receive();

  void cancel() { session_->cancel(); }

  // Why: unreachable unless the server itself said otherwise.
  sql::driver_fault loss() const { return loss_; }

  // What was under way when the connection was lost.
  std::vector<request_ptr> take_unfinished();

 private:
  struct batch {
    std::vector<request_ptr> requests;
    bool durable = true;  // false once the wait for the disk has failed
  };

  // What libpq's next results are about.
  enum class step { prepare, execute, durability, sync, last_sync };
  struct expectation {
    step what;
    batch* owner;
    request* subject;  // null for the batch's own steps
    const char* text;  // of a prepare
  };

  struct prepared {
    std::vector<Oid> types;
    std::string name;
  };

  void prepare(batch& owner, request& subject);
  void execute(batch& owner, request& subject);
  void wait_for_disk(batch& owner, const char* how);
  void sync(batch& owner, request* subject, step what);
  void expect(int sent, expectation next);
  const prepared* find(const char* text, const std::vector<Oid>& types) const;
  void flush();
  void drain();
  void take(PGresult* got);
  void record(const expectation& about, PGresult* got);
  void finish_batch();

  std::unique_ptr<session> session_;
  const std::function<void(request_ptr)> on_done_;
  std::unordered_map<const char*, std::vector<prepared>> statements_;  // by the text's address
  std::uint64_t last_name_ = 0;
  std::deque<std::unique_ptr<batch>> batches_;
  std::size_t writes_ = 0;  // of the batches
  std::deque<expectation> expected_;
  bool writing_ = false;  // waits for the socket to take more
  bool broken_ = false;
  sql::driver_fault loss_ = sql::driver_fault::unreachable;
};

// Readies a new connection: run once, before pipeline mode.
extern const char* const session_settings;

}  // namespace cruddur::postgres
