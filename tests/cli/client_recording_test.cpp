// SPDX-License-Identifier: Apache-2.0
// Recording programs: shells of this machine stand for clients, no TLS library is needed.
#include "cli/client_recording.hpp"

#include <doctest/doctest.h>

#include "process/interruption.hpp"

namespace tlsdoctor::cli {

namespace {

using Words = std::vector<std::string>;

evidence::HeardHello named_hello(std::optional<std::string> sni) {
    return {
        .id = "e1", .kind = wire::OpeningKind::hello, .lists = evidence::HelloLists{.sni = sni}
    };
}

evidence::ClientVisit recorded(const Words& command, milliseconds deadline = milliseconds{20'000}) {
    const process::Interruption interruption;
    auto visit = record_program({.command = command, .deadline = deadline}, interruption);
    REQUIRE_MESSAGE(visit.has_value(), visit.error());
    return std::move(*visit);
}

} // namespace

TEST_CASE("the target stands where the command wants it") {
    const Words command = {"curl", "https://{}/", "{host}", "{port}", "{other}", "{}{}"};
    const Words filled = {"curl",    "https://localhost:8443/",     "localhost", "8443",
                          "{other}", "localhost:8443localhost:8443"};
    CHECK(filled_command(command, "localhost", 8443) == filled);
    CHECK(names_host(command));
    CHECK(names_host(Words{"x", "a{host}"}));
    CHECK_FALSE(names_host(Words{"x", "127.0.0.1:{port}"}));
}

TEST_CASE("clients are told apart by the first label of the name, else by the port") {
    CHECK(label_of(named_hello("shop.localhost"), 8443) == "shop");
    CHECK(label_of(named_hello("shop"), 8443) == "shop");
    CHECK(label_of(named_hello("localhost"), 8443) == "8443");
    CHECK(label_of(named_hello(std::nullopt), 8443) == "8443");
    CHECK(label_of(named_hello(std::string(200, 'x')), 8443) == "8443");
    CHECK(label_of({.kind = wire::OpeningKind::clear_text}, 8443) == "8443");
    evidence::ClientVisit visit{.port = 8443};
    for (const char* const name : {"a.x", "b.x", "a.y"}) {
        visit.hellos.push_back(named_hello(name));
    }
    const auto parts = by_label(visit);
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].label == "a");
    CHECK(parts[0].hellos.size() == 2);
    CHECK(parts[1].label == "b");
}

TEST_CASE("a program is run with its target, and what it says and does is kept") {
    const evidence::ClientVisit visit = recorded(
        {"bash", "-c", "exec 3<>/dev/tcp/{host}/{port}; echo 'EHLO me' >&3; cat <&3; exit 7"}
    );
    REQUIRE(visit.hellos.size() == 1);
    CHECK(visit.hellos[0].kind == wire::OpeningKind::clear_text);
    CHECK(visit.hellos[0].protocol == "smtp");
    CHECK(visit.connections == 1);
    CHECK(visit.host == "localhost");
    REQUIRE(visit.program);
    CHECK(visit.program->exit_code == 7);
    CHECK(visit.program->command[2].find("{port}") != std::string::npos);
}

TEST_CASE("a program that cannot be started or does not end is data") {
    CHECK(recorded({"/nonexistent/client", "{}"}).program->ending == "not_started");
    const evidence::ClientVisit endless = recorded({"tail", "-f", "/dev/null"}, milliseconds{200});
    CHECK(endless.program->ending == "timed_out");
    CHECK(endless.hellos.empty());
    CHECK(endless.host.empty());
}

TEST_CASE("listening ends with its deadline, and says when the port is taken") {
    const process::Interruption interruption;
    std::uint16_t port = 0;
    std::string error;
    const auto on_open = [&](std::uint16_t open) {
        port = open;
        const auto second = listen_for_clients(
            {.listen_port = open}, interruption, [](std::uint16_t) {},
            [](const auto&, const auto&) { return false; }
        );
        error = second ? "" : second.error();
    };
    const auto listened = listen_for_clients(
        {.deadline = milliseconds{100}}, interruption, on_open,
        [](const auto&, const auto&) { return true; }
    );
    REQUIRE(listened);
    CHECK(port != 0);
    CHECK(listened->visit.port == port);
    CHECK(error.find("cannot listen on localhost:") == 0);
}

TEST_CASE("the count is reached by connections that were dropped, too") {
    const process::Interruption interruption;
    std::uint16_t port = 0;
    const auto come = [&](const char* times) {
        const process::Result result = process::run(
            {.argv =
                 {"bash", "-c",
                  "for i in $(seq $1); do exec 3<>/dev/tcp/127.0.0.1/$2; echo EHLO me >&3; cat "
                  "<&3; "
                  "done",
                  "come", times, std::to_string(port)},
             .deadline = milliseconds{20'000}},
            nullptr
        );
        CHECK(result.exit_code == 0);
    };
    const auto on_open = [&](std::uint16_t open) {
        port = open;
        come("1");
    };
    std::size_t heard = 0;
    const auto on_heard = [&](const auto&, const auto&) {
        if (++heard == 1) {
            come("5"); // nobody takes them meanwhile: one is kept, four are not
        }
        return true;
    };
    const auto listened = listen_for_clients(
        {.count = 6, .deadline = milliseconds{60'000}}, interruption, on_open, on_heard, {.kept = 1}
    );
    REQUIRE(listened);
    CHECK(listened->visit.connections == 6);
    CHECK(heard == 2);
    CHECK(listened->dropped == 4);
    CHECK(listened->visit.elapsed_ms < 50'000);
}

} // namespace tlsdoctor::cli
