#include "adapters/postgres/request.hpp"

#include <boost/asio/post.hpp>

namespace cruddur::postgres {

void answer(request_ptr done, sql::outcome with) {
  auto target = done->executor;
  boost::asio::post(target, [call = std::move(done->done), with = std::move(with)]() mutable {
    call(std::move(with));
  });
}

}  // namespace cruddur::postgres
