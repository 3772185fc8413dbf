#include "main/key_holder.hpp"

#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/digest.hpp"

namespace cruddur {
namespace {

constexpr std::chrono::milliseconds look_again{500};
constexpr std::chrono::milliseconds longest_release{500};

// The same only for processes that open the same file since this machine was started: of these one
// at a time has it.
uuid holder_of(const std::filesystem::path& file) {
  std::string boot;
  std::getline(std::ifstream{"/proc/sys/kernel/random/boot_id"}, boot);
  struct stat status{};
  if (boot.empty() || ::stat(file.c_str(), &status) != 0) return make_uuid_v4();
  const auto digest = sha256(fmt::format("{} {} {}", boot, status.st_dev, status.st_ino));
  uuid out;
  std::copy_n(digest.begin(), out.bytes.size(), out.bytes.begin());
  return out;
}

}  // namespace

result<std::unique_ptr<sql::key_lease>> hold_keys(process& process, sql::database& database,
                                                  patience patience) {
  if (process.settings.uses_sqlite() || !process.settings.keeps_keys_in_file()) return nullptr;
  auto lease = std::make_unique<sql::key_lease>(database, holder_of(process.settings.key_file()));
  std::optional<std::int64_t> first_seen;
  while (true) {
    const auto held = process.wait_for(lease->take());
    if (!held) return std::unexpected(held.error());
    if (!*held) return lease;
    if (patience == patience::none || (first_seen && *first_seen != **held)) {
      return start_fault(
          "Another server has the key file of this database, or a copy of it: only one may run. "
          "KEYS_URL=database: is for several.");
    }
    if (!first_seen) {
      process.log.write(log_level::warning,
                        "another server had the key file of this database or a copy of it; waiting "
                        "to see whether it still lives");
    }
    first_seen = *held;
    std::this_thread::sleep_for(look_again);
  }
}

result<std::unique_ptr<key_holding>> key_holding::begin(process& process, sql::database& database) {
  std::unique_ptr<key_holding> out{new key_holding{process}};
  auto lease = hold_keys(process, database, patience::none);
  if (!lease) return std::unexpected(std::move(lease.error()));
  out->lease_ = std::move(*lease);
  if (!out->lease_) return out;
  out->renewals_ = std::make_unique<runtime::scheduler>(process.loops.executors().front(),
                                                        [](std::string_view, std::string_view) {});
  out->renewals_->add("key lease", sql::key_lease::renewal, renewal_job(*out->lease_, [] {}));
  return out;
}

key_holding::~key_holding() {
  if (!lease_) return;
  renewals_->stop();
  (void)process_.wait_for(lease_->release());
}

void release_lease(process& process, sql::key_lease& lease) {
  if (!lease.is_good()) return;
  auto released =
      boost::asio::co_spawn(process.loops.loop(0), lease.release(), boost::asio::use_future);
  released.wait_for(longest_release);
}

runtime::scheduler::job renewal_job(sql::key_lease& lease, std::function<void()> on_lost) {
  return [&lease, on_lost = std::move(on_lost),
          is_lost = false]() mutable -> task<std::chrono::milliseconds> {
    if (!is_lost) {
      const auto renewed = co_await lease.renew();
      is_lost = renewed && !*renewed;
      if (is_lost) on_lost();
    }
    co_return sql::key_lease::renewal;
  };
}

}  // namespace cruddur
