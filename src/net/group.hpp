// SPDX-License-Identifier: Apache-2.0
// Several coroutines side by side, and one that waits for all of them: a round of probes. Here
// because Asio's own operators for it cost more than the probes do.
#pragma once

#include <memory>

#include "net/awaitable.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::net {

/// A set of coroutines under way. Wait for it before it goes out of scope: the members usually
/// borrow from the frame that it stands in.
class Group final {
public:
    explicit Group(Loop& loop);
    ~Group();
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;

    /// Starts a coroutine; the same rules as for `Loop::spawn`.
    void spawn(asio::awaitable<void> work);

    /// Returns when all have ended. Has no deadline of its own: each member has.
    asio::awaitable<void> wait();

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace tlsdoctor::net
