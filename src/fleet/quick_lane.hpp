// SPDX-License-Identifier: Apache-2.0
// The lane of `--versions-only`: the questions of probe's plan on net::Exchanger, the verdicts from
// a memo. The lines are those of FullLane but for the times; what this lane cannot do goes there.
#pragma once

#include <memory>

#include "fleet/full_lane.hpp"
#include "fleet/lane.hpp"

namespace tlsdoctor::fleet {

struct QuickWorks; // private to this module

/// Visits targets with few microseconds for each connection.
class QuickLane final : public Lane {
public:
    /// Borrows both for as long as it lives.
    QuickLane(net::Loop& loop, const LaneSettings& settings);
    ~QuickLane() override;

    bool has_room() const override;
    void begin(Job job, std::move_only_function<void(Judged)> done) override;

    /// Tells whether these settings leave anything for this lane to do.
    static bool serves(const LaneSettings& settings);

private:
    std::shared_ptr<QuickWorks> works_;
};

} // namespace tlsdoctor::fleet
