#pragma once

#include <exception>
#include <memory>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cruddur::runtime {
namespace detail {

fault pool_full();

// What the pool thread leaves for the caller.
template <class T>
struct pool_outcome {
  std::exception_ptr error;
  result<T> value = std::unexpected(fault{});
};

template <class F, class T>
void fill_outcome(F& work, pool_outcome<T>& out) {
  try {
    if constexpr (std::is_void_v<T>) {
      work();
      out.value = {};
    } else {
      out.value = work();
    }
  } catch (...) {
    out.error = std::current_exception();
  }
}

}  // namespace detail

template <class F>
auto blocking_pool::run(F work) -> task<result<std::invoke_result_t<F&>>> {
  namespace asio = boost::asio;
  using value_type = std::invoke_result_t<F&>;
  using outcome = detail::pool_outcome<value_type>;

  const auto out = std::make_shared<outcome>();
  const auto executor = co_await asio::this_coro::executor;
  auto start = [this, executor, out](auto handler, F job_work) {
    // The work guard keeps the loop's pending count right while the job is elsewhere.
    auto shared_handler = std::make_shared<decltype(handler)>(std::move(handler));
    auto job = [this, executor, out, shared_handler, job_work = std::move(job_work),
                guard = asio::make_work_guard(executor)]() mutable {
      if (closing()) {
        out->value = std::unexpected(detail::pool_full());
      } else {
        detail::fill_outcome(job_work, *out);
      }
      // The guard goes along: once the caller goes on, its loop may end before this thread gets
      // here.
      asio::post(executor, [handler = std::move(*shared_handler),
                            guard = std::move(guard)]() mutable { std::move(handler)(); });
    };
    if (post(std::move(job))) return;
    out->value = std::unexpected(detail::pool_full());
    asio::post(executor, [shared_handler] { std::move (*shared_handler)(); });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      std::move(start), asio::use_awaitable, std::move(work));
  if (out->error) std::rethrow_exception(out->error);
  co_return std::move(out->value);
}

}  // namespace cruddur::runtime
