#include "main/metrics.hpp"

namespace cruddur {
namespace {

void add_database_metrics(telemetry::metrics& metrics, process& process) {
  metrics.add_counter("cruddur_database_commits_total",
                      "Transactions made durable, each by one fsync.",
                      [&process] { return static_cast<double>(process.counts.commits.load()); });
  metrics.add_counter("cruddur_database_writes_total", "Writes that those transactions covered.",
                      [&process] { return static_cast<double>(process.counts.writes.load()); });
  metrics.add_counters(
      "cruddur_refused_database_work_total", "Reads and writes that the database refused.",
      "reason", [&refused = process.refused_work] {
        telemetry::metrics::labelled_values out;
        for (std::size_t i = 0; i < refused.reasons().size(); ++i) {
          if (!is_refusal(static_cast<sql::driver_fault>(i))) continue;
          out.emplace_back(refused.reasons()[i], static_cast<double>(refused.count(i)));
        }
        return out;
      });
}

void add_process_metrics(telemetry::metrics& metrics, process& process) {
  metrics.add_counter("cruddur_expired_posts_total", "Posts deleted because their time was over.",
                      [&process] { return static_cast<double>(process.counts.expired.load()); });
  metrics.add_gauge(
      "expiry_lag_seconds", "How long after its expiry the last post was deleted.",
      [&process] { return static_cast<double>(process.counts.expiry_lag_ms.load()) / 1e3; });
  metrics.add_counter("cruddur_failed_key_work_total",
                      "Times that the store of content keys failed.",
                      [&process] { return static_cast<double>(process.refused_keys.count(0)); });
  metrics.add_counter(
      "cruddur_destroyed_keys_total", "Keys of ended contents that were destroyed.",
      [&process] { return static_cast<double>(process.counts.destroyed_keys.load()); });
  metrics.add_gauge(
      "key_destruction_lag_seconds",
      "How long after their contents' end the last keys were destroyed, at most.",
      [&process] { return static_cast<double>(process.counts.key_lag_ms.load()) / 1e3; });
  metrics.add_histogram("cruddur_end_announcement_seconds",
                        "From the end of a post's time to the word that it is gone.",
                        process.announcements);
  metrics.add_histogram("cruddur_key_destruction_seconds",
                        "From a content's end to the end of its key.", process.key_ends);
  metrics.add_counter(
      "cruddur_failed_key_fetches_total", "Fetches of the identity provider's keys that failed.",
      [&process] { return static_cast<double>(process.failed_key_fetches.count(0)); });
  metrics.add_counter("cruddur_lost_log_lines_total", "Log lines lost because nobody read them.",
                      [&process] { return static_cast<double>(process.log.lost_lines()); });
}

// The contents that were sealed, and the keys of those that have ended.
void add_content_metrics(telemetry::metrics& metrics, const storage& storage,
                         const key_destroyer& destroyer) {
  metrics.add_gauge("cruddur_key_destruction_backlog_seconds",
                    "For how long the first of the ended contents whose key is not destroyed has "
                    "ended; 0 when there is none.",
                    [&destroyer] {
                      const auto age = destroyer.backlog().value_or(std::chrono::milliseconds{0});
                      return static_cast<double>(age.count()) / 1e3;
                    });
  metrics.add_gauge("cruddur_key_destruction_backlog_keys",
                    "How many of those keys there are, counted up to 1,000.",
                    [&destroyer] { return static_cast<double>(destroyer.waiting()); });
  metrics.add_counter("cruddur_unreadable_records_total",
                      "Sealed records of living contents that did not open: their key is lost, or "
                      "they are damaged.",
                      [&vault = *storage.keys.vault] { return static_cast<double>(vault.lost()); });
}

void add_identity_metrics(telemetry::metrics& metrics, identity& identity) {
  metrics.add_counter(
      "cruddur_password_hashes_total", "Passwords hashed, and steps of sign-ins that cost as much.",
      [pool = identity.pool.get()] { return pool ? static_cast<double>(pool->hashes()) : 0.0; });
  const auto refusals = [](const std::shared_ptr<runtime::blocking_pool>& pool) {
    return [pool] { return pool ? static_cast<double>(pool->refused()) : 0.0; };
  };
  metrics.add_counter("cruddur_refused_password_work_total",
                      "Password checks refused because too many waited.",
                      refusals(identity.password_pool));
  metrics.add_counter("cruddur_refused_mail_total", "Mails refused because too many waited.",
                      refusals(identity.mail_pool));
}

void add_server_metrics(telemetry::metrics& metrics, const std::atomic<http::server*>& listening) {
  metrics.add_counter("cruddur_refused_connections_total", "Connections beyond a limit.",
                      [&listening] {
                        const http::server* server = listening.load();
                        return server ? static_cast<double>(server->turned_away()) : 0.0;
                      });
  metrics.add_gauge("cruddur_open_connections", "Connections open now.", [&listening] {
    const http::server* server = listening.load();
    return server ? static_cast<double>(server->open_connections()) : 0.0;
  });
}

void add_feed_metrics(telemetry::metrics& metrics, cruddur::feed& feed) {
  using usage = cruddur::feed::usage;
  const auto add = [&](const char* name, const char* help, std::size_t usage::* value) {
    metrics.add_gauge(name, help,
                      [&feed, value] { return static_cast<double>(feed.used().*value); });
  };
  add("cruddur_home_feed_loaded", "1 while home pages come from memory, else 0.", &usage::loaded);
  add("cruddur_home_feed_bytes", "Memory that the home feed holds, about.", &usage::bytes);
  add("cruddur_home_feed_posts", "Posts that the home feed holds.", &usage::posts);
  add("cruddur_home_feed_viewers", "Readers whose likes the home feed holds.", &usage::viewers);
  add("cruddur_home_feed_marks", "Likes that the home feed has room for.", &usage::marks);
}

}  // namespace

void add_metrics(telemetry::metrics& metrics, process& process, const storage& storage,
                 use_cases& use_cases, identity& identity,
                 const std::atomic<http::server*>& server) {
  add_database_metrics(metrics, process);
  add_process_metrics(metrics, process);
  add_content_metrics(metrics, storage, *use_cases.key_destroyer);
  add_identity_metrics(metrics, identity);
  add_server_metrics(metrics, server);
  add_feed_metrics(metrics, *use_cases.feed);
}

}  // namespace cruddur
