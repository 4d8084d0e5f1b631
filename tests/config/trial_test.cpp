// SPDX-License-Identifier: Apache-2.0
// The parts of a trial that need no server; lab/config_check.py starts the real ones.
#include "config/trial_plan.hpp"

#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "cli/folder.hpp"
#include "config/mend.hpp"
#include "config/trial.hpp"

using namespace tlsdoctor;
using namespace tlsdoctor::config;
using test::content;

namespace fs = std::filesystem;

namespace {

/// Ports are free ones: tests know them by their order.
std::string
with_ports_named(std::string text, TrialPorts& ports, const std::vector<std::string>& old) {
    for (const std::string& port : old) {
        const std::string now = ports.port(port);
        for (std::size_t at = text.find(now); at != text.npos; at = text.find(now, at)) {
            text.replace(at, now.size(), "P" + port);
        }
    }
    return text;
}

/// Returns what a server's file becomes on trial, its own folder called `T`.
std::string
on_trial(const std::string& server, const std::string& text, process::Command& command) {
    MemoryFiles files;
    files.add("/etc/x/main", text);
    const Knowledge knowledge;
    const Input input{.files = files, .knowledge = knowledge, .main = "/etc/x/main"};
    Examination examination{.server = find_server(server)};
    const FileId file = examination.reading.sources.add("/etc/x/main", text);
    examination.reading.server_version = std::string{examination.server->version};
    examination.reading.services = {{.address = "0.0.0.0:443"}, {.address = "10.0.0.1:443"}};
    TrialFolder folder{"/nowhere"};
    TrialPorts ports{{"0.0.0.0:443", "10.0.0.1:443"}};
    TrialPlan plan{.examination = examination, .input = input, .folder = folder, .ports = ports};
    trial_of(server)(plan);
    command = plan.command;
    const std::string result = spliced(text, plan.edits[file]);
    return with_ports_named(result, ports, {"443", "80", "8443"});
}

} // namespace

TEST_CASE("host_port_in reads what servers write for an address") {
    struct Case {
        const char* text;
        const char* host;
        const char* port;
    };
    const Case cases[] = {
        {"443", "0.0.0.0", "443"},
        {"*:443", "0.0.0.0", "443"},
        {":443", "0.0.0.0", "443"},
        {"[::]:443", "[::]", "443"},
        {":::443", "[::]", "443"},
        {"::1:443", "[::1]", "443"},
        {"10.0.0.1", "10.0.0.1", ""},
        {"localhost:25", "127.0.0.1", "25"},
        {"[::1]", "[::1]", ""},
        {"${IP}:443", "${IP}", "443"},
        {"_default_:443", "0.0.0.0", "443"},
        {"", "0.0.0.0", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(host_port_in(c.text).host == c.host);
        CHECK(host_port_in(c.text).port == c.port);
    }
}

TEST_CASE("what were two sockets stay two, and what was one stays one") {
    TrialPorts ports{{"0.0.0.0:443", "127.0.0.1:443", "10.0.0.1:443", "[::]:443"}};
    const auto places = ports.addresses();
    CHECK(places.at("127.0.0.1:443") == ports.at({"127.0.0.1", "443"}));
    CHECK(places.at("0.0.0.0:443").starts_with("127.77."));
    CHECK(places.at("10.0.0.1:443").starts_with("127.77."));
    CHECK(places.at("0.0.0.0:443") != places.at("10.0.0.1:443"));
    CHECK(places.at("[::]:443").starts_with("[::1]:"));
    CHECK(ports.problem().empty());
    CHECK(ports.at({"${IP}", "443"}) == "${IP}:" + ports.port("443"));
    CHECK(ports.known("443") == ports.port("443"));
    CHECK(ports.known("10.0.0.1:443") == places.at("10.0.0.1:443"));
    CHECK_FALSE(ports.known("10.0.0.1:80").has_value());
    CHECK_FALSE(ports.known("*").has_value());
    CHECK(ports.all_at({"0.0.0.0", "443"}).size() == 4);
    ports.host("[2001:db8::1]");
    CHECK_FALSE(ports.problem().empty());
}

TEST_CASE("paths of mirrored folders are led into the mirror, whole paths only") {
    TrialFolder folder{"/nowhere/t"};
    folder.mirror("/nowhere/nginx");
    folder.mirror("/nowhere/nginx/conf.d");
    struct Case {
        const char* text;
        const char* led;
    };
    const Case cases[] = {
        {"include /nowhere/nginx/a.conf;", "include /nowhere/t/nowhere/nginx/a.conf;"},
        {"\"/nowhere/nginx\"", "\"/nowhere/t/nowhere/nginx\""},
        {"/nowhere/nginx/conf.d/*", "/nowhere/t/nowhere/nginx/conf.d/*"},
        {"/nowhere/nginx2/a", "/nowhere/nginx2/a"},
        {"/srv/nowhere/nginx/a", "/srv/nowhere/nginx/a"},
        {"--c=/nowhere/nginx/a", "--c=/nowhere/t/nowhere/nginx/a"},
        {"no path", "no path"},
        {"", ""},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        CHECK(folder.led(c.text) == c.led);
    }
}

TEST_CASE("a mirror has the changed files, links to the others, and vanishes") {
    const test::Folder there;
    const std::string real = fs::canonical(there.file("")).string();
    const std::string changed = there.file("a.conf", "old");
    there.file("secret.key", "key");
    there.file("error.log", "log");
    fs::create_directory(there.file("on"));
    fs::create_symlink("../a.conf", there.file("on/a.conf"));
    auto made = TrialFolder::make();
    REQUIRE(made);
    const std::string path = (*made)->path();
    (*made)->mirror(real);
    REQUIRE((*made)->fill({{real + "/a.conf", "new"}}).empty());
    const std::string mirror = path + real;
    CHECK(content(mirror + "/a.conf") == "new");
    CHECK(content(mirror + "/on/a.conf") == "new");
    CHECK(content(mirror + "/secret.key") == "key");
    CHECK(fs::is_symlink(mirror + "/secret.key"));
    CHECK_FALSE(fs::exists(mirror + "/error.log"));
    struct stat facts{};
    REQUIRE(stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0066) == 0);
    made->reset();
    CHECK_FALSE(fs::exists(path));
    CHECK(content(changed) == "old");
}

TEST_CASE("listeners become private and nothing of the running server is written") {
    struct Case {
        const char* server;
        const char* text;
        const char* becomes;
    };
    const Case cases[] = {
        {"nginx",
         "pid /run/n.pid; http { access_log /l x; server { listen 443 ssl; listen 10.0.0.1:443; "
         "listen [::]:80; listen unix:/s; } }",
         "pid /nowhere/own/nginx.pid; http { access_log off; server { listen 127.0.0.1:P443 ssl; "
         "listen 127.77.0.1:P443; listen [::1]:P80; listen unix:/nowhere/own/"},
        {"nginx", "upstream u { server 10.0.0.1:443; } server { listen 80; }",
         "upstream u { server 127.77.0.1:P443; } server { listen 127.0.0.1:P80; }"},
        {"apache",
         "Listen 443 https\nListen 80\n<VirtualHost 10.0.0.1:443 *:443>\nErrorLog ${L}/e\n"
         "</VirtualHost>\nUse X a.test 443\n",
         "Listen 127.0.0.1:P443 https\nListen 127.77.0.1:P443 https\nListen 127.0.0.1:P80\n"
         "<VirtualHost 127.77.0.1:P443 *:P443>\nErrorLog \"/nowhere/own/error.log\"\n"
         "</VirtualHost>\nUse X a.test P443\n"},
        {"haproxy",
         "global\n  log /dev/log local0\n  stats socket /run/h.sock mode 660\nfrontend f\n"
         "  bind :443,10.0.0.1:443 ssl crt /c\n  bind \"${A}:8443\"\n",
         "global\n  # left out on trial\n  stats socket /nowhere/own/stats.sock mode 660\n"
         "frontend f\n  bind 127.0.0.1:P443,127.77.0.1:P443 ssl crt /c\n  bind \"${A}:P8443\"\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        process::Command command;
        const std::string result = on_trial(c.server, c.text, command);
        CHECK(result.substr(0, std::string_view{c.becomes}.size()) == c.becomes);
    }
    process::Command command;
    on_trial("nginx", "http { }", command);
    CHECK(
        command.argv ==
        std::vector<std::string>{
            "nginx", "-c", "/etc/x/main", "-g", "pid /nowhere/own/nginx.pid; daemon off;", "-e",
            "stderr"
        }
    );
}

TEST_CASE("a server that cannot be tried is said not to be") {
    const DiskFiles files;
    const Knowledge knowledge;
    const Input input{.files = files, .knowledge = knowledge};
    process::Shelter shelter;
    const Examination examination{.server = find_server("redis")};
    const Trial trial = try_out(examination, input, {}, shelter);
    CHECK_FALSE(trial.possible);
    REQUIRE(trial.steps.size() == 1);
    CHECK(trial.steps[0].state == StepState::skipped);
    CHECK(trial.steps[0].detail == "not verified: no trial for Redis");
}
