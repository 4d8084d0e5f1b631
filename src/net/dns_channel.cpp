// SPDX-License-Identifier: Apache-2.0
// The plumbing between c-ares and Asio. Any call into c-ares may answer lookups, open sockets and
// close them before it returns; so nothing here keeps an iterator or a reference across one.
#include "net/dns_channel.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <utility>

namespace tlsdoctor::net {
namespace {

// Between two looks at c-ares' time-outs. ares_timeout would walk all questions under way each
// time.
constexpr milliseconds k_tick{50};

using Infos = std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)>;

std::string text_of(const sockaddr& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (address.sa_family == AF_INET) {
        bytes = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
    } else {
        bytes = &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
    }
    const auto size = static_cast<socklen_t>(text.size());
    return ares_inet_ntop(address.sa_family, bytes, text.data(), size) != nullptr ? text.data()
                                                                                  : "";
}

std::vector<std::string> addresses_in(const ares_addrinfo* result, int family) {
    std::vector<std::string> addresses;
    for (auto* node = result ? result->nodes : nullptr; node != nullptr; node = node->ai_next) {
        if (node->ai_family != family) {
            continue;
        }
        const std::string text = text_of(*node->ai_addr);
        if (std::ranges::find(addresses, text) == addresses.end()) {
            addresses.push_back(text);
        }
    }
    return addresses;
}

void on_hosts_entry(void* entry, int status, int, ares_addrinfo* result) {
    const Infos owned(result, ares_freeaddrinfo);
    auto& found = *static_cast<HostsEntry*>(entry);
    found.found = status == ARES_SUCCESS;
    found.v4 = addresses_in(result, AF_INET);
    found.v6 = addresses_in(result, AF_INET6);
}

} // namespace

void Lookup::cut(Cut reason) {
    why = reason;
    progress.set();
}

bool Lookup::finished() const {
    return why != Cut::none ||
           std::ranges::all_of(questions, [](const Question& q) { return !q.asked || q.answered; });
}

bool Lookup::has_addresses() const {
    return std::ranges::any_of(questions, [](const Question& q) { return !q.addresses.empty(); });
}

/// A socket of c-ares in Asio's eyes. Only c-ares closes it.
struct Resolver::Channel::Socket {
    Socket(Loop& loop, const Line& of, ares_socket_t fd) : line(of), descriptor(loop.context()) {
        boost::system::error_code ignored; // unwatched, its questions time out
        descriptor.assign(fd, ignored);
    }

    const Line& line;
    asio::posix::stream_descriptor descriptor;
    bool wants_read{};
    bool wants_write{};
    bool reading{};
    bool writing{};
};

int Resolver::Channel::open() {
    if (candid_.handle != nullptr) {
        return ARES_SUCCESS;
    }
    char hosts_only[] = "f";
    ares_options with{};
    with.lookups = hosts_only;
    int status = ares_init_options(&hosts_, &with, ARES_OPT_LOOKUPS);
    if (status == ARES_SUCCESS) {
        status = open_line(thorough_, 0);
    }
    if (status == ARES_SUCCESS) {
        status = open_line(candid_, ARES_FLAG_NOCHECKRESP);
    }
    if (status != ARES_SUCCESS) {
        shut();
    }
    return status;
}

int Resolver::Channel::open_line(Line& line, int flags) {
    char dns_only[] = "b";
    ares_options with{};
    with.lookups = dns_only;
    with.timeout = static_cast<int>(options.attempt.count());
    with.tries = options.attempts;
    with.sock_state_cb = on_socket;
    with.sock_state_cb_data = &line;
    // With servers of the caller's own, this machine's search domains have no say either.
    with.flags = flags | (options.servers.empty() ? 0 : ARES_FLAG_NOSEARCH);
    const int status = ares_init_options(
        &line.handle, &with,
        ARES_OPT_LOOKUPS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB |
            ARES_OPT_FLAGS
    );
    if (status != ARES_SUCCESS || options.servers.empty()) {
        return status;
    }
    return ares_set_servers_ports_csv(line.handle, options.servers.c_str());
}

void Resolver::Channel::shut() {
    tick_.reset();
    for (ares_channel* channel : {&hosts_, &thorough_.handle, &candid_.handle}) {
        if (*channel != nullptr) {
            ares_destroy(*channel); // answers what is owed with ARES_EDESTRUCTION
            *channel = nullptr;
        }
    }
}

HostsEntry Resolver::Channel::look_in_hosts(const std::string& host) {
    HostsEntry entry;
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_flags = ARES_AI_NOSORT;
    ares_getaddrinfo(hosts_, host.c_str(), nullptr, &hints, on_hosts_entry, &entry); // in place
    return entry;
}

void Resolver::Channel::ask(
    const std::shared_ptr<Lookup>& lookup, Question& question, const std::string& host,
    Manner manner
) {
    const Line& line = manner == Manner::candid ? candid_ : thorough_;
    auto call = std::make_unique<Call>(Call{this, lookup, &question});
    Call* const key = call.get();
    calls_.emplace(key, std::move(call));
    question.asked = true;
    question.answered = false;
    ares_addrinfo_hints hints{};
    hints.ai_family = question.family;
    hints.ai_flags = ARES_AI_NOSORT; // sorting by RFC 6724 opens a socket for each address
    ares_getaddrinfo(line.handle, host.c_str(), nullptr, &hints, on_answer, key);
    tick();
}

void Resolver::Channel::ask_why(const std::shared_ptr<Lookup>& lookup, const std::string& host) {
    for (Question& question : lookup->questions) {
        if (question.asked && question.status == ARES_ECONNREFUSED && candid_.handle != nullptr) {
            ask(lookup, question, host, Manner::candid);
        }
    }
}

void Resolver::Channel::on_answer(void* key, int status, int, ares_addrinfo* result) {
    const Infos owned(result, ares_freeaddrinfo);
    auto& call = *static_cast<Call*>(key);
    const std::shared_ptr<Lookup> lookup = call.lookup;
    call.question->answered = true;
    call.question->status = status;
    call.question->addresses = addresses_in(result, call.question->family);
    call.channel->calls_.erase(&call);
    lookup->progress.set();
}

void Resolver::Channel::on_socket(void* owner, ares_socket_t fd, int readable, int writable) {
    auto& line = *static_cast<Line*>(owner);
    Channel& self = *line.channel;
    auto& socket = self.sockets_[fd];
    if (readable == 0 && writable == 0) {
        if (socket) {
            socket->descriptor.release(); // c-ares closes it next
        }
        self.sockets_.erase(fd);
        return;
    }
    if (!socket) {
        socket = std::make_shared<Socket>(self.loop, line, fd);
    }
    socket->wants_read = readable != 0;
    socket->wants_write = writable != 0;
    self.watch(socket);
}

void Resolver::Channel::watch(const std::shared_ptr<Socket>& socket) {
    using Descriptor = asio::posix::stream_descriptor;
    const auto wait = [this, &socket](Descriptor::wait_type what, bool& waiting, bool readable) {
        waiting = true;
        socket->descriptor.async_wait(
            what,
            [weak = weak_from_this(), socket, &waiting, readable](boost::system::error_code error) {
                waiting = false;
                const auto self = weak.lock();
                if (self && !error) {
                    self->ready(socket, readable);
                }
            }
        );
    };
    if (socket->wants_read && !socket->reading) {
        wait(Descriptor::wait_read, socket->reading, true);
    }
    if (socket->wants_write && !socket->writing) {
        wait(Descriptor::wait_write, socket->writing, false);
    }
}

void Resolver::Channel::ready(const std::shared_ptr<Socket>& socket, bool readable) {
    // The event may be older than the end of its socket, whose number may already be another's.
    const auto is_open = [this, &socket] {
        return std::ranges::any_of(sockets_, [&](const auto& s) { return s.second == socket; });
    };
    if (!is_open()) {
        return;
    }
    const ares_socket_t fd = socket->descriptor.native_handle();
    const ares_socket_t to_read = readable ? fd : ARES_SOCKET_BAD;
    const ares_socket_t to_write = readable ? ARES_SOCKET_BAD : fd;
    ares_process_fd(socket->line.handle, to_read, to_write);
    if (is_open()) {
        watch(socket);
    }
}

void Resolver::Channel::tick() {
    if (!tick_ && !calls_.empty()) {
        tick_.emplace(loop, Clock::now() + k_tick, weak_from_this());
    }
}

void Resolver::Channel::cut(Cut why) {
    tick_.reset();
    for (const Line& line : {thorough_, candid_}) {
        if (why == Cut::cancelled) {
            ares_cancel(line.handle);
        } else {
            ares_process_fd(line.handle, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
        }
    }
    tick();
}

} // namespace tlsdoctor::net
