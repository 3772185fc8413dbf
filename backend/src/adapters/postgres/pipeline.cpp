#include "adapters/postgres/pipeline.hpp"

#include "adapters/postgres/wire_types.hpp"

namespace cruddur::postgres {
namespace {

using wait_type = boost::asio::posix::stream_descriptor::wait_type;

// Makes its transaction wait for the disk when it commits, as the server's own setting asks (see
// session_settings). A commit makes durable all that other transactions have committed before it.
// The message is there because only a transaction that wrote to the log waits: a write that found
// its change made already writes nothing, and must still wait for the transaction that made it.
constexpr auto make_durable =
    "SELECT set_config('synchronous_commit', current_setting('cruddur.durable_commit'), true),"
    " pg_logical_emit_message(true, 'cruddur', '')";

}  // namespace

// synchronous_commit is off, so that a write in a batch does not wait alone. What the server had
// set is kept in cruddur.durable_commit for make_durable; "off" counts as "on".
const char* const session_settings =
    "SELECT set_config('cruddur.durable_commit', CASE current_setting('synchronous_commit')"
    " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),"
    " set_config('synchronous_commit', 'off', false),"
    " set_config('statement_timeout', '10s', false),"
    // Every query has an index. A plan that was made while the table was small would scan it, and
    // is kept when the table has grown.
    " set_config('enable_seqscan', 'off', false),"
    // Nothing here runs for long enough to be worth compiling. Without this PostgreSQL would
    // compile whatever reads a table of one row, since a scan counts as very dear.
    " set_config('jit', 'off', false),"
    " set_config('idle_in_transaction_session_timeout', '10s', false)";

pipeline::pipeline(std::unique_ptr<session> connected, std::function<void(request_ptr)> on_done)
    : session_{std::move(connected)}, on_done_{std::move(on_done)} {
  PQenterPipelineMode(session_->handle());
}

void pipeline::send(std::vector<request_ptr> requests) {
  batches_.push_back(std::make_unique<batch>());
  batch& sent = *batches_.back();
  sent.requests = std::move(requests);
  // What is prepared here serves later batches too, so it gets a Sync of its own: after an error
  // the server skips everything up to the next Sync.
  const auto steps_before = expected_.size();
  for (auto& each : sent.requests) prepare(sent, *each);
  if (expected_.size() != steps_before) sync(sent, nullptr, step_kind::sync);

  const bool is_write = sent.requests.front()->kind == request_kind::write;
  if (is_write) ++write_batches_;
  const bool is_alone = sent.requests.size() == 1;
  if (is_write && is_alone) wait_for_disk(sent);
  for (auto& each : sent.requests) {
    execute(sent, *each);
    sync(sent, each.get(), is_alone ? step_kind::last_sync : step_kind::sync);
  }
  if (!is_alone) {
    wait_for_disk(sent);
    sync(sent, nullptr, step_kind::last_sync);
  }
  flush();
}

// Notes the step whose results come next. `is_sent`: what libpq's sending function returned.
void pipeline::expect(bool is_sent, step next) {
  if (is_sent) {
    expected_.push_back(next);
  } else {
    is_broken_ = true;
    session_->cancel();
  }
}

const pipeline::prepared* pipeline::find(const sql::statement& text,
                                         const std::vector<Oid>& types) const {
  const auto known = statements_.find(&text);
  if (known == statements_.end()) return nullptr;
  const auto match = std::ranges::find(known->second, types, &prepared::types);
  return match == known->second.end() ? nullptr : &*match;
}

void pipeline::prepare(batch& owner, request& subject) {
  for (const auto& command : subject.commands) {
    auto types = parameter_types(command.values);
    const sql::statement& text = *command.text;
    if (find(text, types)) continue;
    prepared made{std::move(types), "s" + std::to_string(++last_name_)};
    expect(PQsendPrepare(session_->handle(), made.name.c_str(), text.postgres().c_str(),
                         static_cast<int>(made.types.size()), made.types.data()) == 1,
           {step_kind::prepare, &owner, &subject, &text});
    statements_[&text].push_back(std::move(made));
  }
}

void pipeline::execute(batch& owner, request& subject) {
  for (const auto& command : subject.commands) {
    const prepared* known = find(*command.text, parameter_types(command.values));
    const encoded_parameters values{command.values};
    expect(PQsendQueryPrepared(session_->handle(), known->name.c_str(), values.count(),
                               values.pointers(), values.lengths(), values.formats(), 1) == 1,
           {step_kind::execute, &owner, &subject, command.text});
  }
}

void pipeline::wait_for_disk(batch& owner) {
  expect(PQsendQueryParams(session_->handle(), make_durable, 0, nullptr, nullptr, nullptr, nullptr,
                           0) == 1,
         {step_kind::durability, &owner, nullptr, nullptr});
}

void pipeline::sync(batch& owner, request* subject, step_kind kind) {
  expect(PQpipelineSync(session_->handle()) == 1, {kind, &owner, subject, nullptr});
}

void pipeline::flush() {
  const int unsent = PQflush(session_->handle());
  if (unsent < 0) {
    is_broken_ = true;
    session_->cancel();
  }
  if (unsent <= 0 || std::exchange(is_waiting_to_write_, true)) return;
  session_->stream().async_wait(wait_type::wait_write,
                                [self = shared_from_this()](boost::system::error_code error) {
                                  self->is_waiting_to_write_ = false;
                                  if (!error) self->flush();
                                });
}

task<std::string> pipeline::receive() {
  const auto self = shared_from_this();
  while (!is_broken_) {
    const bool ready = co_await session_->wait(wait_type::wait_read);
    if (!ready || !PQconsumeInput(session_->handle())) break;
    drain();
    flush();
  }
  co_return last_error(session_->handle());
}

void pipeline::drain() {
  while (!expected_.empty() && !is_broken_ && !PQisBusy(session_->handle())) {
    take(PQgetResult(session_->handle()));
  }
}

// Takes the next result for the first expected step. The results of a command end with a null;
// those of a Sync are one result, without a null after it.
void pipeline::take(PGresult* result) {
  const result_handle owned{result};
  const step expected = expected_.front();
  const bool is_sync = expected.kind == step_kind::sync || expected.kind == step_kind::last_sync;
  if (!result) {
    if (!is_sync) expected_.pop_front();
    return;
  }
  if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
    if (!is_sync) {
      is_broken_ = true;
      return;
    }
    expected_.pop_front();
    if (expected.kind == step_kind::last_sync) finish_batch();
    return;
  }
  record(expected, result);
}

// Puts a command's result, or its error, into the request or the batch that it belongs to.
void pipeline::record(const step& expected, PGresult* result) {
  const auto status = PQresultStatus(result);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
    if (expected.kind != step_kind::execute) return;
    try {
      expected.subject->results.push_back(decode(result));
    } catch (const std::logic_error& error) {
      expected.subject->bug =
          std::make_exception_ptr(std::logic_error(expected.text->explain(error.what())));
    }
    return;
  }
  if (expected.kind == step_kind::durability) expected.owner->is_durable = false;
  if (expected.kind == step_kind::prepare) statements_.erase(expected.text);
  if (status == PGRES_PIPELINE_ABORTED) return;
  auto error = interpret(result);
  if (expected.text) error.sentence = expected.text->explain(error.sentence);
  // An error in place of a Sync of the whole batch belongs to no request.
  const bool is_misplaced = !expected.subject && expected.kind != step_kind::durability;
  if (is_misplaced || error.action == error_action::disconnect) {
    is_broken_ = true;
    if (is_refusal(error.error.kind)) loss_ = error.error.kind;
  }
  if (is_broken_ || !expected.subject) return;
  if (error.action == error_action::prepare_again) {
    for (const auto& each : expected.subject->commands) statements_.erase(each.text);
  }
  if (!expected.subject->error) expected.subject->error = std::move(error);
}

void pipeline::finish_batch() {
  const auto finished = std::move(batches_.front());
  batches_.pop_front();
  if (finished->requests.front()->kind == request_kind::write) --write_batches_;
  for (auto& each : finished->requests) {
    if (!finished->is_durable && !each->error) {
      each->error = server_error{error_action::report_fault, {}, "a commit was not confirmed"};
    }
    on_done_(std::move(each));
  }
}

std::vector<request_ptr> pipeline::take_unfinished() {
  std::vector<request_ptr> out;
  for (auto& each : batches_) std::ranges::move(each->requests, std::back_inserter(out));
  batches_.clear();
  write_batches_ = 0;
  expected_.clear();
  return out;
}

}  // namespace cruddur::postgres
