// SPDX-License-Identifier: Apache-2.0
// The lab, and the doctor as its first client: every row of the table is true of its server.

#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "cli/folder.hpp"
#include "cli/options.hpp"
#include "doctor/doctor.hpp"
#include "peer/background_servers.hpp"
#include "peer/lab_cases.hpp"
#include "registry/cause.hpp"

using namespace tlsdoctor;
using peer::LabCase;

namespace {

/// The target and options that the words of a `check` make.
cli::Options asked(const LabCase& lab_case, std::uint16_t port, const std::string& ca_file) {
    std::vector<std::string> words{"check", "--ca", ca_file};
    for (const std::string_view word : split(lab_case.check, ' ')) {
        if (!word.empty()) {
            words.emplace_back(word);
        }
    }
    words.push_back("localhost:" + std::to_string(port));
    auto options = cli::read_options(words);
    REQUIRE_MESSAGE(options.has_value(), options.error().what);
    return *options;
}

struct Lab {
    peer::LabCertificates certificates{};
    std::vector<peer::Behaviour> behaviours{};
};

Lab whole_lab() {
    Lab lab;
    for (const LabCase& lab_case : peer::lab_cases()) {
        lab.behaviours.push_back(peer::behaviour_of(lab_case, lab.certificates));
    }
    REQUIRE(lab.certificates.error().empty());
    return lab;
}

} // namespace

TEST_CASE("the lab has at least forty cases, each with a name of its own and a known cause") {
    std::set<std::string_view> names;
    for (const LabCase& lab_case : peer::lab_cases()) {
        CAPTURE(std::string(lab_case.name));
        CHECK(names.insert(lab_case.name).second);
        CHECK(find_cause(lab_case.cause) != nullptr);
        CHECK((lab_case.make != nullptr) == (lab_case.alert > 255));
        CHECK(peer::find_lab_case(lab_case.name) == &lab_case);
        CHECK(lab_case.what.size() <= 60);
        CHECK(lab_case.client.size() <= 60);
    }
    CHECK(names.size() >= 40);
    CHECK(peer::find_lab_case("no_such_case") == nullptr);
}

TEST_CASE("check names the cause of every case of the lab") {
    Lab lab = whole_lab();
    const test::Folder folder;
    const std::string ca_file = folder.file("ca.pem", lab.certificates.root());
    const auto servers = peer::BackgroundServers::start(
        std::move(lab.behaviours), {.at_once = 2'000, .both_families = true}
    );
    REQUIRE(servers.has_value());
    std::vector<evidence::Target> targets;
    std::map<std::uint16_t, const LabCase*> cases;
    doctor::Options visit;
    for (std::size_t i = 0; i < peer::lab_cases().size(); ++i) {
        const LabCase& lab_case = peer::lab_cases()[i];
        const cli::Options options = asked(lab_case, servers->port(i), ca_file);
        targets.push_back(options.targets.front());
        cases[servers->port(i)] = &lab_case;
        visit = options.visit;
    }
    visit.answer_timeout = milliseconds(1'500); // a server of the lab is half a second late
    visit.deadline = milliseconds(60'000);
    visit.parallel_targets = targets.size();
    std::size_t judged = 0;
    doctor::check(targets, visit, {.on_case = [&](const advise::CaseFile& file) {
                      const LabCase& lab_case = *cases.at(file.visit.target.port);
                      CAPTURE(std::string(lab_case.name));
                      CHECK(file.diagnosis.findings.front().cause->name == lab_case.cause);
                      ++judged;
                  }});
    CHECK(judged == cases.size());
}
