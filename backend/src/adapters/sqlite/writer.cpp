#include "adapters/sqlite/writer.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace cruddur::sqlite {
namespace {

using steady = std::chrono::steady_clock;

// Size of the write-ahead log from which the checkpointer copies it: 8 MB.
constexpr int checkpoint_pages = 2000;

// Size beyond which the writer copies the log itself, so that it can't grow without bound: 128 MB.
constexpr int log_limit_pages = 16 * 2000;

const sql::statement begin_batch{"begin_batch", "BEGIN IMMEDIATE"};
const sql::statement commit{"commit", "COMMIT"};
const sql::statement rollback{"rollback", "ROLLBACK"};
const sql::statement begin_unit{"begin_unit", "SAVEPOINT unit"};
const sql::statement keep_unit{"keep_unit", "RELEASE unit"};
const sql::statement undo_unit{"undo_unit", "ROLLBACK TO unit"};

// The answers to callers on one executor, posted there as one function. When a completion throws,
// the answers after it are posted once more, so that every caller gets one; the exception leaves
// through the executor.
struct answer_group {
  boost::asio::any_io_executor executor;
  std::vector<std::pair<std::move_only_function<void(outcome)>, outcome>> answers;
  std::size_t next = 0;

  void operator()() {
    while (next < answers.size()) {
      auto& [completion, value] = answers[next++];
      try {
        std::exchange(completion, nullptr)(std::move(value));
      } catch (...) {
        auto target = executor;
        boost::asio::post(target, std::move(*this));
        throw;
      }
    }
  }
};

}  // namespace

writer::writer(const options& settings)
    : settings_{settings},
      connection_{std::make_unique<connection>(settings.path, access::read_write)},
      checkpointer_{settings.path, settings.on_error},
      thread_{[this] { run(); }} {}

writer::~writer() {
  close();
}

bool writer::submit(unit& work) {
  const std::lock_guard lock{mutex_};
  if (is_closing_ || units_.size() >= settings_.write_queue_limit) return false;
  units_.push_back(std::move(work));
  arrived_.notify_one();
  return true;
}

bool writer::submit(exclusive_job job) {
  const std::lock_guard lock{mutex_};
  if (is_closing_) return false;
  jobs_.push_back(std::move(job));
  arrived_.notify_one();
  return true;
}

void writer::finish() {
  {
    const std::lock_guard lock{mutex_};
    is_closing_ = true;
    arrived_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void writer::close() {
  finish();
  checkpointer_.close();
  connection_.reset();
}

sql::statistics writer::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

void writer::run() {
  for (std::unique_lock lock{mutex_};; lock.lock()) {
    arrived_.wait(lock, [this] { return !units_.empty() || !jobs_.empty() || is_closing_; });
    // Jobs and batches take turns, so that a long queue of one kind does not hold up the other.
    const bool job_is_next = !jobs_.empty() && (units_.empty() || !job_was_last_);
    job_was_last_ = job_is_next;
    if (job_is_next) {
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      run_job(std::move(job));
    } else if (!units_.empty()) {
      lock.unlock();
      commit_batch();
    } else {
      return;
    }
  }
}

void writer::run_job(exclusive_job job) {
  try {
    ensure_open();
    job(connection_.get());
  } catch (const engine_error& error) {
    recover(error);
    job(nullptr);
  }
}

void writer::commit_batch() {
  std::vector<unit> units;
  std::vector<outcome> outcomes;
  steady::time_point started;
  bool reached_disk = false;
  try {
    ensure_open();
    run_control(begin_batch);
    for (unit next; take_unit(next, units.size());) {
      units.push_back(std::move(next));
      outcomes.push_back(execute(units.back().commands));
    }
    started = steady::now();
    const auto commits_before = connection_->log_commits();
    run_control(commit);
    reached_disk = connection_->log_commits() != commits_before;
  } catch (const engine_error& error) {
    recover(error);
    if (units.empty()) units = take_all_units();
    outcomes.clear();
    for (std::size_t i = 0; i < units.size(); ++i) {
      outcomes.push_back({nullptr, sql::refused(error.kind())});
    }
    deliver(std::move(units), std::move(outcomes));
    return;
  }
  const auto commit_time = steady::now() - started;
  const std::size_t covered = units.size();
  {
    const std::lock_guard lock{mutex_};
    counts_.writes += covered;
    count(units, outcomes);
    if (reached_disk) ++counts_.commits;
    pace_.record_commit(covered, units_.size(), commit_time);
  }
  deliver(std::move(units), std::move(outcomes));
  if (std::exchange(is_failing_, false) && settings_.on_error) {
    settings_.on_error("The database takes writes again.");
  }
  if (settings_.on_commit) settings_.on_commit(covered);
  limit_log();
}

void writer::count(const std::vector<unit>& units, const std::vector<outcome>& outcomes) {
  for (const unit& each : units) counts_.statements += each.commands.size();
  for (const outcome& each : outcomes) {
    if (!each.value) continue;
    for (const auto& result : *each.value) {
      counts_.rows += static_cast<std::uint64_t>(result.affected_rows);
    }
  }
}

// Takes the next unit for a batch that holds `taken` units; false when it is time to commit. A
// batch that is not empty may wait for company, within the limits of commit_pace.
bool writer::take_unit(unit& next, std::size_t taken) {
  std::unique_lock lock{mutex_};
  if (taken == 0) waited_ = {};
  if (units_.empty() && taken > 0 && pace_.wants_more(taken) && waited_ < pace_.wait_limit()) {
    const auto wait_started = steady::now();
    arrived_.wait_for(lock, pace_.gap_limit(), [this] { return !units_.empty() || is_closing_; });
    waited_ += steady::now() - wait_started;
  }
  if (units_.empty() || taken >= commit_pace::largest_batch) return false;
  next = std::move(units_.front());
  units_.pop_front();
  return true;
}

std::vector<unit> writer::take_all_units() {
  const std::lock_guard lock{mutex_};
  std::vector<unit> all(std::make_move_iterator(units_.begin()),
                        std::make_move_iterator(units_.end()));
  units_.clear();
  return all;
}

// Runs a statement that controls the transaction. One that is refused is treated as a failure of
// the engine, because nobody can say what the transaction then holds.
void writer::run_control(const sql::statement& text) {
  const auto result = connection_->run(text, {});
  if (!result)
    throw engine_error(0,
                       text.explain("refused (" + std::string{name_of(result.error().kind)} + ")"));
}

// Runs the unit's commands in a savepoint, which is undone after a fault or a bug. Throws
// engine_error when the whole batch is in doubt.
outcome writer::execute(const std::vector<sql::command>& commands) {
  outcome answer;
  answer.value.emplace();
  run_control(begin_unit);
  try {
    for (const auto& command : commands) {
      auto found = connection_->run(*command.text, command.values);
      if (!found) {
        answer.value = std::unexpected(std::move(found.error()));
        break;
      }
      answer.value->push_back(std::move(*found));
    }
    if (answer.value && connection_->breaks_deferred_key()) {
      answer.value = sql::refused(sql::driver_fault::foreign_key_violation);
    }
  } catch (const engine_error&) {
    throw;
  } catch (...) {
    answer.bug = std::current_exception();
  }
  if (!connection_->in_transaction()) {
    throw engine_error(0, "the engine gave up a transaction");
  }
  if (answer.bug || !answer.value) run_control(undo_unit);
  run_control(keep_unit);
  return answer;
}

void writer::deliver(std::vector<unit> units, std::vector<outcome> outcomes) {
  std::vector<answer_group> groups;
  for (std::size_t i = 0; i < units.size(); ++i) {
    auto group = std::ranges::find_if(
        groups, [&](const answer_group& each) { return each.executor == units[i].executor; });
    if (group == groups.end()) group = groups.insert(group, answer_group{units[i].executor, {}});
    group->answers.emplace_back(std::move(units[i].completion), std::move(outcomes[i]));
  }
  for (auto& group : groups) {
    auto target = group.executor;
    boost::asio::post(target, std::move(group));
  }
}

void writer::ensure_open() {
  if (!connection_) connection_ = std::make_unique<connection>(settings_.path, access::read_write);
}

// Undoes the transaction after a failure, and tells the log of the first failure in a row. A
// connection that can't even roll back is dropped; the next batch opens a new one.
void writer::recover(const engine_error& error) {
  try {
    if (connection_ && connection_->in_transaction()) run_control(rollback);
  } catch (const std::exception&) {
    // The log is told below of the failure that led here; this second one says nothing more.
    connection_->abandon();
    connection_.reset();
  }
  if (!std::exchange(is_failing_, true) && settings_.on_error) {
    settings_.on_error("The database can't write (" + std::string{error.what()} +
                       "). Writes are refused until it can; nothing acknowledged is lost.");
  }
}

// Keeps the write-ahead log small. The checkpointer copies most of it while commits go on; what is
// left after its round is copied here, between two commits, and SQLite then starts the log again at
// its beginning. A log that outgrew its limit is copied here too, and commits wait for that.
void writer::limit_log() {
  try {
    if (checkpointer_.finished_round() || connection_->log_pages() > log_limit_pages) {
      connection_->checkpoint();
    } else if (connection_->log_pages() > checkpoint_pages) {
      checkpointer_.start_round();
    }
  } catch (const engine_error& error) {
    recover(error);
  }
}

}  // namespace cruddur::sqlite
