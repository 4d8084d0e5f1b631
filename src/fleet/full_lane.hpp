// SPDX-License-Identifier: Apache-2.0
// The lane of whole visits: doctor::gather and doctor::review, as `check` does them.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <string>

#include "fleet/lane.hpp"
#include "fleet/tempo.hpp"
#include "net/limiter.hpp"

namespace tlsdoctor::fleet {

/// Visits its targets with everything that `check` would ask.
class FullLane final : public Lane {
public:
    /// Borrows both for as long as it lives.
    FullLane(net::Loop& loop, const LaneSettings& settings);
    ~FullLane() override;

    bool has_room() const override;
    void begin(Job job, std::move_only_function<void(Judged)> done) override;

    /// Goes on with a visit of which one address has answered so far; `job` has that address.
    void go_on(Job job, evidence::Visit so_far, std::move_only_function<void(Judged)> done);

private:
    struct Host;
    using Done = std::move_only_function<void(Judged)>;
    using HostPtr = std::shared_ptr<Host>;

    /// A visit, for as long as it takes.
    struct UnderWay {
        TimePoint begun{};
        std::shared_ptr<evidence::Visit> visit{};
    };
    using Place = std::list<UnderWay>::iterator;

    HostPtr host_named(const std::string& name);
    void start(Job job, evidence::Visit so_far, Done done);
    std::size_t load(TimePoint now) const;
    asio::awaitable<void> visit(std::shared_ptr<Job> job, Place place, std::shared_ptr<Done> done);
    asio::awaitable<void> keep_tempo();

    net::Loop& loop_;
    const LaneSettings& settings_;
    doctor::Options options_;
    net::Limiter connections_;
    std::map<std::string, std::weak_ptr<Host>> hosts_{};
    std::list<UnderWay> under_way_{};
    Tempo tempo_;
    bool keeps_tempo_{};
};

} // namespace tlsdoctor::fleet
