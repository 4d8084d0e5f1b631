// SPDX-License-Identifier: Apache-2.0
// System calls, and which of their errors count.
#include "cli/descriptor.hpp"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace tlsdoctor::cli {

void wait_until_writable(int descriptor) {
    pollfd waited{.fd = descriptor, .events = POLLOUT, .revents = 0};
    poll(&waited, 1, -1);
}

int close_synchronised(int descriptor) {
    // Devices and pipes cannot be synchronised, and say so.
    const bool synchronised = fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS;
    const int error = synchronised ? 0 : errno;
    const bool closed = close(descriptor) == 0;
    return error != 0 || closed ? error : errno;
}

} // namespace tlsdoctor::cli
