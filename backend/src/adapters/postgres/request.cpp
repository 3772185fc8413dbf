#include "adapters/postgres/request.hpp"

#include <boost/asio/post.hpp>

namespace cruddur::postgres {

void answer(request_ptr finished, sql::outcome outcome) {
  auto target = finished->executor;
  boost::asio::post(target,
                    [completion = std::move(finished->completion),
                     outcome = std::move(outcome)]() mutable { completion(std::move(outcome)); });
}

}  // namespace cruddur::postgres
