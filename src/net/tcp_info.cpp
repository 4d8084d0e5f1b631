// SPDX-License-Identifier: Apache-2.0
// TCP_INFO [tcp(7)].
#include "net/tcp_info.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace tlsdoctor::net {

bool nothing_acknowledged(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    const int result = ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size);
    return result == 0 && info.tcpi_unacked > 0 && info.tcpi_bytes_acked <= 1; // one for the SYN
}

} // namespace tlsdoctor::net
