#include "adapters/sqlite/writer.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace cruddur::sqlite {
namespace {

using steady = std::chrono::steady_clock;

constexpr int checkpoint_pages = 2000;      // the log is copied from this size on: 8 MB
constexpr int log_limit_pages = 16 * 2000;  // commits wait for the copying beyond this: 128 MB

constexpr auto begin_batch = "BEGIN IMMEDIATE";
constexpr auto commit = "COMMIT";
constexpr auto rollback = "ROLLBACK";
constexpr auto begin_unit = "SAVEPOINT unit";
constexpr auto keep_unit = "RELEASE unit";
constexpr auto undo_unit = "ROLLBACK TO unit";

// Callers that go on together on one executor. One that throws doesn't keep the rest from it.
struct callers {
  boost::asio::any_io_executor executor;
  std::vector<std::pair<std::move_only_function<void(outcome)>, outcome>> waiting;
  std::size_t next = 0;

  void operator()() {
    while (next < waiting.size()) {
      auto& [done, what] = waiting[next++];
      try {
        std::exchange(done, nullptr)(std::move(what));
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
  if (closing_ || units_.size() >= settings_.write_queue_limit) return false;
  units_.push_back(std::move(work));
  arrived_.notify_one();
  return true;
}

bool writer::submit(exclusive_job job) {
  const std::lock_guard lock{mutex_};
  if (closing_) return false;
  jobs_.push_back(std::move(job));
  arrived_.notify_one();
  return true;
}

void writer::finish() {
  {
    const std::lock_guard lock{mutex_};
    closing_ = true;
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
    arrived_.wait(lock, [this] { return !units_.empty() || !jobs_.empty() || closing_; });
    // By turns, so that neither kind waits for all of the other.
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
    give_up(error);
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
    must(begin_batch);
    for (unit next; take(next, units.size());) {
      units.push_back(std::move(next));
      outcomes.push_back(execute(units.back().commands));
    }
    started = steady::now();
    const auto before = connection_->log_commits();
    must(commit);
    reached_disk = connection_->log_commits() != before;
  } catch (const engine_error& error) {
    give_up(error);
    if (units.empty()) units = take_all();
    outcomes.clear();
    for (std::size_t i = 0; i < units.size(); ++i) {
      outcomes.push_back({nullptr, sql::refused(error.kind())});
    }
    deliver(std::move(units), std::move(outcomes));
    return;
  }
  const auto took = steady::now() - started;
  const std::size_t covered = units.size();
  {
    const std::lock_guard lock{mutex_};
    counts_.writes += covered;
    count(units, outcomes);
    if (reached_disk) ++counts_.commits;
    pace_.committed(covered, units_.size(), took);
  }
  deliver(std::move(units), std::move(outcomes));
  if (std::exchange(failing_, false) && settings_.on_error) {
    settings_.on_error("The database takes writes again.");
  }
  if (settings_.on_commit) settings_.on_commit(covered);
  bound_log();
}

void writer::count(const std::vector<unit>& units, const std::vector<outcome>& outcomes) {
  for (const unit& each : units) counts_.statements += each.commands.size();
  for (const outcome& each : outcomes) {
    if (!each.value) continue;
    for (const auto& one : *each.value) {
      counts_.rows += static_cast<std::uint64_t>(one.affected_rows);
    }
  }
}

// The next unit for a batch that has `taken` already; false when it is time to commit.
bool writer::take(unit& next, std::size_t taken) {
  std::unique_lock lock{mutex_};
  if (taken == 0) waited_ = {};
  if (units_.empty() && taken > 0 && pace_.wants_more(taken) && waited_ < pace_.patience()) {
    const auto from = steady::now();
    arrived_.wait_for(lock, pace_.lull(), [this] { return !units_.empty() || closing_; });
    waited_ += steady::now() - from;
  }
  if (units_.empty() || taken >= commit_pace::largest_batch) return false;
  next = std::move(units_.front());
  units_.pop_front();
  return true;
}

std::vector<unit> writer::take_all() {
  const std::lock_guard lock{mutex_};
  std::vector<unit> all(std::make_move_iterator(units_.begin()),
                        std::make_move_iterator(units_.end()));
  units_.clear();
  return all;
}

// Runs one of the writer's own statements. A fault there is as bad as a failure of the engine:
// nobody can say what the transaction holds.
void writer::must(const char* text) {
  const auto done = connection_->run(text, {});
  if (!done)
    throw engine_error(
        0, std::string{text} + " was refused (" + std::string{name_of(done.error().kind)} + ")");
}

// Runs the unit's commands in a savepoint. Throws engine_error when the whole batch is in doubt.
outcome writer::execute(const std::vector<sql::command>& commands) {
  outcome out;
  out.value.emplace();
  must(begin_unit);
  try {
    for (const auto& command : commands) {
      auto got = connection_->run(command.text.sqlite, command.values);
      if (!got) {
        out.value = std::unexpected(std::move(got.error()));
        break;
      }
      out.value->push_back(std::move(*got));
    }
    if (out.value && connection_->breaks_deferred_key()) {
      out.value = sql::refused(sql::driver_fault::foreign_key_violation);
    }
  } catch (const engine_error&) {
    throw;
  } catch (...) {
    out.bug = std::current_exception();
  }
  if (!connection_->in_transaction()) {
    throw engine_error(0, "the engine gave up a transaction");
  }
  if (out.bug || !out.value) must(undo_unit);
  must(keep_unit);
  return out;
}

void writer::deliver(std::vector<unit> units, std::vector<outcome> outcomes) {
  std::vector<callers> groups;
  for (std::size_t i = 0; i < units.size(); ++i) {
    auto group = std::ranges::find_if(
        groups, [&](const callers& each) { return each.executor == units[i].executor; });
    if (group == groups.end()) group = groups.insert(group, callers{units[i].executor, {}});
    group->waiting.emplace_back(std::move(units[i].done), std::move(outcomes[i]));
  }
  for (auto& group : groups) {
    auto target = group.executor;
    boost::asio::post(target, std::move(group));
  }
}

void writer::ensure_open() {
  if (!connection_) connection_ = std::make_unique<connection>(settings_.path, access::read_write);
}

// Undoes the transaction. A connection that can't even do that is dropped; the next batch opens a
// new one.
void writer::give_up(const engine_error& error) {
  try {
    if (connection_ && connection_->in_transaction()) must(rollback);
  } catch (const std::exception&) {
    // Told below by the error that led here.
    connection_->abandon();
    connection_.reset();
  }
  if (!std::exchange(failing_, true) && settings_.on_error) {
    settings_.on_error("The database can't write (" + std::string{error.what()} +
                       "). Writes are refused until it can; nothing acknowledged is lost.");
  }
}

void writer::bound_log() {
  try {
    if (checkpointer_.finished_round() || connection_->log_pages() > log_limit_pages) {
      connection_->checkpoint();
    } else if (connection_->log_pages() > checkpoint_pages) {
      checkpointer_.start_round();
    }
  } catch (const engine_error& error) {
    give_up(error);
  }
}

}  // namespace cruddur::sqlite
