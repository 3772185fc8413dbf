// A socket that a handler took over from its connection (response::take_over), to speak another
// protocol on it. All of it belongs to the socket's loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/intrusive/list_hook.hpp>

#include "http/address_counts.hpp"
#include "http/stream_socket.hpp"

namespace cruddur::http {

class loop_listener;
struct server_core;

// While it lives, the socket counts as one connection of the server and of the client's address,
// and the server's shutdown waits for it until the deadline. Destroy it when the socket is closed.
class socket_registration : public boost::intrusive::list_base_hook<
                                boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // Follows the connection in the server's count of open ones, and in `place` among those of its
  // client's address.
  socket_registration(std::shared_ptr<server_core> core, std::shared_ptr<loop_listener> listener,
                      address_counts::place place);
  ~socket_registration();

  // `action` is called once, when the server begins to shut down: within this call when it has
  // begun already. It may destroy the registration.
  void on_drain(std::move_only_function<void()> action);

  void drain();  // for the listener

 private:
  std::shared_ptr<server_core> core_;
  std::shared_ptr<loop_listener> listener_;
  address_counts::place place_;
  std::move_only_function<void()> on_drain_;
};

// No deadline of the server applies to it any more.
struct upgraded_connection {
  stream_socket socket;
  std::string already_read;  // what the client sent behind its request
  std::unique_ptr<socket_registration> registration;
};

}  // namespace cruddur::http
