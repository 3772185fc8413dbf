// One connection in libpq's pipeline mode, carrying many requests at once
// (https://www.postgresql.org/docs/15/libpq-pipeline-mode.html). Lives on one event loop.
//
// - Each request ends with a Sync of its own, which makes it an implicit transaction: one that
//   fails does not undo the others.
// - Writes that are sent together are a batch. Each commits without waiting for the disk
//   (synchronous_commit=off); one more transaction after them waits for the log of all of them, and
//   only then are their callers answered: one fsync for many. A write that is alone waits in its
//   own transaction.
// - libpq gives results in the order of what was sent, without saying what they belong to. So every
//   step that is sent leaves an entry in a queue of expectations, and every result goes to the
//   first.
// - Statements that a batch needs and the session does not know yet are prepared before it, in a
//   transaction of their own.
// - When the connection is lost, take_unfinished() gives back all requests that got no answer.
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
  // `on_done` gets each request when it has run, with its results or its error.
  pipeline(std::unique_ptr<session> connected, std::function<void(request_ptr)> on_done);

  // How many batches are under way: all, or those of one kind.
  std::size_t load() const { return batches_.size(); }
  std::size_t load(request_kind kind) const {
    return kind == request_kind::write ? write_batches_ : batches_.size() - write_batches_;
  }

  // Sends the requests as one batch: one read, or writes to be made durable together.
  void send(std::vector<request_ptr> requests);

  // Receives results until the connection is lost or cancelled, and returns the reason.
  task<std::string> receive();

  void cancel() { session_->cancel(); }

  // What requests under way are to be refused with after a loss: what the server itself said, else
  // unreachable.
  sql::driver_fault loss() const { return loss_; }

  // The requests that were under way when the connection was lost.
  std::vector<request_ptr> take_unfinished();

 private:
  struct batch {
    std::vector<request_ptr> requests;
    // False once the wait for the disk has failed.
    bool is_durable = true;
  };

  // What was sent and whose results are still to come. `last_sync` ends its batch.
  enum class step_kind { prepare, execute, durability, sync, last_sync };
  struct step {
    step_kind kind;
    batch* owner;
    // Null for a step of the batch as a whole.
    request* subject;
    // Of a `prepare` or an `execute`; else null.
    const sql::statement* text;
  };

  struct prepared {
    std::vector<Oid> types;
    std::string name;
  };

  void prepare(batch& owner, request& subject);
  void execute(batch& owner, request& subject);
  void wait_for_disk(batch& owner);
  void sync(batch& owner, request* subject, step_kind kind);
  void expect(bool is_sent, step next);
  const prepared* find(const sql::statement& text, const std::vector<Oid>& types) const;
  void flush();
  void drain();
  void take(PGresult* result);
  void record(const step& expected, PGresult* result);
  void finish_batch();

  std::unique_ptr<session> session_;
  const std::function<void(request_ptr)> on_done_;
  // What the session has prepared. One statement can be prepared several times, for parameters of
  // different types.
  std::unordered_map<const sql::statement*, std::vector<prepared>> statements_;
  std::uint64_t last_name_ = 0;
  std::deque<std::unique_ptr<batch>> batches_;
  // How many of the batches are writes.
  std::size_t write_batches_ = 0;
  std::deque<step> expected_;
  // A wait for the socket to take more is under way.
  bool is_waiting_to_write_ = false;
  // The connection must not be used any more.
  bool is_broken_ = false;
  sql::driver_fault loss_ = sql::driver_fault::unreachable;
};

// The settings of a session that carries requests. To be executed once, before pipeline mode.
extern const char* const session_settings;

}  // namespace cruddur::postgres
