// SPDX-License-Identifier: Apache-2.0
// c-ares on our loop; private to this module. c-ares owns its sockets and says which to watch; we
// watch them with Asio and call it back, and a tick lets it notice its own time-outs.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ares.h>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "net/dns.hpp"
#include "net/event.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::net {

/// One question to the DNS: the addresses of one family.
struct Question {
    int family{};
    bool asked{};
    bool answered{};
    int status{}; ///< of c-ares
    std::vector<std::string> addresses{};
};

/// The questions about one name, and who waits for the answers.
struct Lookup final : Waiter {
    explicit Lookup(Loop& loop) : progress(loop) {}

    void cut(Cut reason) override;

    /// Tells whether there is nothing left to wait for.
    bool finished() const;
    bool has_addresses() const;

    Event progress;
    Cut why{};
    std::array<Question, 2> questions{Question{.family = AF_INET}, Question{.family = AF_INET6}};
};

/// What the hosts file says of a name; it is never asked for one family alone, because a name that
/// it gives one address only must not get others from the DNS.
struct HostsEntry {
    bool found{};
    std::vector<std::string> v4{};
    std::vector<std::string> v6{};
};

/// The channel of one Resolver, opened at the first name that is looked up.
struct Resolver::Channel final : Waiter, std::enable_shared_from_this<Channel> {
    Channel(Loop& on, ResolverOptions with) : loop(on), options(std::move(with)) {}
    ~Channel() override { shut(); }

    /// The tick: lets c-ares send again what was not answered, or give up.
    void cut(Cut why) override;

    /// Opens what is not open yet. Returns c-ares' status.
    int open();

    /// Ends all lookups and closes all sockets.
    void shut();

    HostsEntry look_in_hosts(const std::string& host);

    /// Whom c-ares' word is taken for. It tries the next server after SERVFAIL or REFUSED, which is
    /// right, and where no server is left it reports that none could be reached, which is wrong; a
    /// candid question takes the first answer as it is.
    enum class Manner : std::uint8_t { thorough, candid };

    void
    ask(const std::shared_ptr<Lookup>& lookup, Question& question, const std::string& host,
        Manner manner);

    /// Asks again, candidly, what no server could answer.
    void ask_why(const std::shared_ptr<Lookup>& lookup, const std::string& host);

    Loop& loop;
    ResolverOptions options;

private:
    struct Socket;

    /// A channel of c-ares, as its callbacks know it.
    struct Line {
        Channel* channel{};
        ares_channel handle{};
    };

    static void on_answer(void* call, int status, int timeouts, ares_addrinfo* result);
    static void on_socket(void* line, ares_socket_t socket, int readable, int writable);
    void watch(const std::shared_ptr<Socket>& socket);
    void ready(const std::shared_ptr<Socket>& socket, bool readable);
    void tick();

    /// An answer that c-ares owes us; it keeps the lookup alive, which may have been given up
    /// meanwhile.
    struct Call {
        Channel* channel{};
        std::shared_ptr<Lookup> lookup{};
        Question* question{};
    };

    int open_line(Line& line, int flags);

    ares_channel hosts_{};
    Line thorough_{.channel = this};
    Line candid_{.channel = this};
    std::map<ares_socket_t, std::shared_ptr<Socket>> sockets_{};
    std::map<Call*, std::unique_ptr<Call>> calls_{};
    std::optional<Watch> tick_{};
};

} // namespace tlsdoctor::net
