// What sealing costs: prints microseconds as JSON, medians of rounds.
//
// {"sizes": {"100": {"seal": …, "open": …}, …}, "page": …}: one record of so many bytes, and the
// keys and texts of a page of twenty records of 280 bytes through the vault, keys in a file.
#include "base/sealing.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include "adapters/key_file/file_content_keys.hpp"
#include "adapters/sql/content_vault.hpp"
#include "base/random.hpp"

namespace {

using namespace cruddur;

constexpr int rounds = 15;
constexpr int times = 5'000;
constexpr std::size_t page = 20;

double elapsed(std::chrono::steady_clock::time_point start, int count) {
  const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
  return took.count() / count;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

template <class F>
double measure(F work) {
  std::vector<double> all;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) work();
    all.push_back(elapsed(start, times));
  }
  return median(std::move(all));
}

std::string of_one_record(std::size_t size) {
  const std::string key = random_bytes(sealing_key_bytes);
  const std::string context(17, 'c');
  const std::string text(size, 'x');
  const std::string sealed = seal(key, context, text);
  std::size_t used = 0;
  const double sealing = measure([&] { used += seal(key, context, text).size(); });
  const double opening = measure([&] { used += unseal(key, context, sealed)->size(); });
  if (used == 0) throw std::logic_error("nothing was sealed");
  return fmt::format(R"("{}": {{"seal": {:.3f}, "open": {:.3f}}})", size, sealing, opening);
}

task<double> of_a_page(sql::content_vault& vault) {
  auto keys = co_await vault.take(page, key_term::hours);
  if (!keys) throw std::runtime_error(keys.error().detail);
  const uuid id{};
  std::vector<std::string> sealed;
  for (auto& each : *keys) {
    sealed.push_back(each.seal(sql::content_kind::activity, id, std::string(280, 'x')));
    each.keep();
  }
  std::vector<double> all;
  for (int round = 0; round < rounds; ++round) {
    constexpr int pages = 500;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < pages; ++i) {
      std::vector<sql::sealed_record> records;
      for (std::size_t at = 0; at < page; ++at) {
        records.push_back(
            {(*keys)[at].slot(), sql::content_kind::activity, id, sealed[at], std::nullopt});
      }
      const auto opened = co_await vault.open(std::move(records));
      if (!opened || !opened->back()) throw std::runtime_error("a record did not open");
    }
    all.push_back(elapsed(start, pages));
  }
  co_return median(std::move(all));
}

double measure_page(const std::filesystem::path& folder) {
  const auto path = folder / "keys" / "content.keys";
  if (!key_file::key_file::create(path)) throw std::runtime_error("the key file can't be made");
  const auto file = key_file::key_file::open(path);
  if (!file) throw std::runtime_error(file.error().detail);
  runtime::blocking_pool pool{1, 64};
  const auto keys = key_file::create_content_keys(**file, pool);
  sql::content_vault vault{*keys};
  boost::asio::io_context loop;
  auto measured = boost::asio::co_spawn(loop, of_a_page(vault), boost::asio::use_future);
  loop.run();
  return measured.get();
}

int run() {
  char name[] = "/tmp/cruddur-sealing-XXXXXX";
  if (::mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
  const std::filesystem::path folder{name};
  const double page_time = measure_page(folder);
  std::filesystem::remove_all(folder);
  std::cout << fmt::format(R"({{"sizes": {{{}, {}, {}}}, "page": {:.2f}}})", of_one_record(100),
                           of_one_record(280), of_one_record(1000), page_time)
            << '\n';
  return 0;
}

}  // namespace

int main() {
  try {
    return run();
  } catch (const std::exception& error) {
    std::cerr << "bench_sealing: " << error.what() << '\n';
    return 1;
  }
}
