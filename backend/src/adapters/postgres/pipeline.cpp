#include "adapters/postgres/pipeline.hpp"

#include "adapters/postgres/wire_types.hpp"

namespace cruddur::postgres {
namespace {

using wait_type = boost::asio::posix::stream_descriptor::wait_type;

// The server's own setting, unless that is "off", is what a commit must wait for.
// Writes to the log, because only a transaction that did waits for the disk: one that found its
// change made already must wait for whoever made it.
constexpr auto make_durable =
    "SELECT set_config('synchronous_commit', current_setting('cruddur.durable_commit'), true),"
    " pg_logical_emit_message(true, 'cruddur', '')";

}  // namespace

const char* const session_settings =
    "SELECT set_config('cruddur.durable_commit', CASE current_setting('synchronous_commit')"
    " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),"
    " set_config('synchronous_commit', 'off', false),"
    " set_config('statement_timeout', '10s', false),"
    // Every query has an index. A plan made while its table was small would scan it, and is kept.
    " set_config('enable_seqscan', 'off', false),"
    " set_config('idle_in_transaction_session_timeout', '10s', false)";

pipeline::pipeline(std::unique_ptr<session> connected, std::function<void(request_ptr)> on_done)
    : session_{std::move(connected)}, on_done_{std::move(on_done)} {
  PQenterPipelineMode(session_->handle());
}

void pipeline::send(std::vector<request_ptr> requests) {
  batches_.push_back(std::make_unique<batch>());
  batch& sent = *batches_.back();
  sent.requests = std::move(requests);
  // In a transaction of its own, so that a request's failure doesn't undo what others rely on.
  const auto steps = expected_.size();
  for (auto& each : sent.requests) prepare(sent, *each);
  if (expected_.size() != steps) sync(sent, nullptr, step::sync);

  const bool writes = sent.requests.front()->kind == request_kind::write;
  if (writes) ++writes_;
  const bool alone = sent.requests.size() == 1;
  if (writes && alone) wait_for_disk(sent, make_durable);
  for (auto& each : sent.requests) {
    execute(sent, *each);
    sync(sent, each.get(), alone ? step::last_sync : step::sync);
  }
  if (!alone) {
    wait_for_disk(sent, make_durable);
    sync(sent, nullptr, step::last_sync);
  }
  flush();
}

void pipeline::expect(int sent, expectation next) {
  if (sent == 1) {
    expected_.push_back(next);
  } else {
    broken_ = true;
    session_->cancel();
  }
}

const pipeline::prepared* pipeline::find(const char* text, const std::vector<Oid>& types) const {
  const auto known = statements_.find(text);
  if (known == statements_.end()) return nullptr;
  const auto match = std::ranges::find(known->second, types, &prepared::types);
  return match == known->second.end() ? nullptr : &*match;
}

void pipeline::prepare(batch& owner, request& subject) {
  for (const auto& command : subject.commands) {
    auto types = parameter_types(command.values);
    const char* text = command.text.postgres;
    if (find(text, types)) continue;
    prepared made{std::move(types), "s" + std::to_string(++last_name_)};
    expect(PQsendPrepare(session_->handle(), made.name.c_str(), text,
                         static_cast<int>(made.types.size()), made.types.data()),
           {step::prepare, &owner, &subject, text});
    statements_[text].push_back(std::move(made));
  }
}

void pipeline::execute(batch& owner, request& subject) {
  for (const auto& command : subject.commands) {
    const prepared* known = find(command.text.postgres, parameter_types(command.values));
    const encoded_parameters values{command.values};
    expect(PQsendQueryPrepared(session_->handle(), known->name.c_str(), values.count(),
                               values.pointers(), values.lengths(), values.formats(), 1),
           {step::execute, &owner, &subject, nullptr});
  }
}

void pipeline::wait_for_disk(batch& owner, const char* how) {
  expect(PQsendQueryParams(session_->handle(), how, 0, nullptr, nullptr, nullptr, nullptr, 0),
         {step::durability, &owner, nullptr, nullptr});
}

void pipeline::sync(batch& owner, request* subject, step what) {
  expect(PQpipelineSync(session_->handle()), {what, &owner, subject, nullptr});
}

void pipeline::flush() {
  const int unsent = PQflush(session_->handle());
  if (unsent < 0) {
    broken_ = true;
    session_->cancel();
  }
  if (unsent <= 0 || std::exchange(writing_, true)) return;
  session_->stream().async_wait(wait_type::wait_write,
                                [self = shared_from_this()](boost::system::error_code error) {
                                  self->writing_ = false;
                                  if (!error) self->flush();
                                });
}

task<std::string> pipeline::receive() {
  const auto self = shared_from_this();
  while (!broken_) {
    const bool ready = co_await session_->wait(wait_type::wait_read);
    if (!ready || !PQconsumeInput(session_->handle())) break;
    drain();
    flush();
  }
  co_return last_error(session_->handle());
}

void pipeline::drain() {
  while (!expected_.empty() && !broken_ && !PQisBusy(session_->handle())) {
    take(PQgetResult(session_->handle()));
  }
}

// A command's results end with a null; a Sync is one result without it.
void pipeline::take(PGresult* got) {
  const result_handle owned{got};
  const expectation about = expected_.front();
  const bool is_sync = about.what == step::sync || about.what == step::last_sync;
  if (!got) {
    if (!is_sync) expected_.pop_front();
    return;
  }
  if (PQresultStatus(got) == PGRES_PIPELINE_SYNC) {
    if (!is_sync) {
      broken_ = true;
      return;
    }
    expected_.pop_front();
    if (about.what == step::last_sync) finish_batch();
    return;
  }
  record(about, got);
}

void pipeline::record(const expectation& about, PGresult* got) {
  const auto status = PQresultStatus(got);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
    if (about.what != step::execute) return;
    try {
      about.subject->results.push_back(decode(got));
    } catch (const std::logic_error&) {
      about.subject->bug = std::current_exception();
    }
    return;
  }
  if (about.what == step::durability) about.owner->durable = false;
  if (about.what == step::prepare) statements_.erase(about.text);
  if (status == PGRES_PIPELINE_ABORTED) return;
  auto error = interpret(got);
  const bool misplaced = !about.subject && about.what != step::durability;
  if (misplaced || error.means == verdict::disconnect) {
    broken_ = true;
    if (is_refusal(error.what.kind)) loss_ = error.what.kind;
  }
  if (broken_ || !about.subject) return;
  if (error.means == verdict::prepare_again) {
    for (const auto& each : about.subject->commands) statements_.erase(each.text.postgres);
  }
  if (!about.subject->error) about.subject->error = std::move(error);
}

void pipeline::finish_batch() {
  const auto done = std::move(batches_.front());
  batches_.pop_front();
  if (done->requests.front()->kind == request_kind::write) --writes_;
  for (auto& each : done->requests) {
    if (!done->durable && !each->error) {
      each->error = server_error{verdict::fault, {}, "a commit was not confirmed"};
    }
    on_done_(std::move(each));
  }
}

std::vector<request_ptr> pipeline::take_unfinished() {
  std::vector<request_ptr> out;
  for (auto& each : batches_) std::ranges::move(each->requests, std::back_inserter(out));
  batches_.clear();
  writes_ = 0;
  expected_.clear();
  return out;
}

}  // namespace cruddur::postgres
