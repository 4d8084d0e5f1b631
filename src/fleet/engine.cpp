// SPDX-License-Identifier: Apache-2.0
// The front. Everything here runs on one thread; `pump` begins what may begin, and is called
// whenever something changed that lets more begin.
#include "fleet/engine.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <unordered_map>
#include <utility>
#include <vector>

#include "doctor/visit.hpp"
#include "fleet/host_book.hpp"
#include "fleet/limits.hpp"
#include "fleet/reading.hpp"
#include "fleet/worker.hpp"
#include "net/dns.hpp"
#include "net/pause.hpp"

namespace tlsdoctor::fleet {

namespace {

constexpr milliseconds k_tick{100};

/// How long to wait for a window to fill before the first target is drawn: a slow list must not
/// keep everybody waiting.
constexpr milliseconds k_first_fill{50};

/// Targets that wait for their host; a window full of one host must not fill the memory.
constexpr std::size_t k_most_parked = 4'096;

/// A pace that is taken so far ahead has enough to do.
constexpr milliseconds k_enough_backlog{250};

/// After so many attempts the last result counts, which says that this machine could not ask.
constexpr unsigned k_most_attempts = 8;
constexpr milliseconds k_until_descriptors{500};

/// A failure that is doubted may have been our own crowd's doing: the crowd is to have moved on.
constexpr milliseconds k_until_asked_again{2'000};

/// One run.
class Front {
public:
    Front(TargetSource& source, const EngineOptions& options, const EngineHooks& hooks)
        : options_{options}, hooks_{hooks}, lane_{options.lane},
          book_{targets_of_a_host(options.lane)}, most_{most_under_way(options)},
          resolver_{loop_, options.resolver}, random_{options.seed} {
        if (options.rate) {
            pace_.emplace(*options.rate);
            lane_.pace = &*pace_;
        }
        // Each thread has its share of the connections, and at least one.
        const std::size_t threads =
            std::max<std::size_t>(1, std::min(options.threads, options.lane.connections));
        lane_.connections = std::max<std::size_t>(1, options.lane.connections / threads);
        for (std::size_t i = 0; i < threads; ++i) {
            workers_.push_back(std::make_unique<Worker>(
                lane_, loop_,
                Worker::Hooks{
                    .on_result =
                        [this](std::uint64_t id, Judged result) { ended(id, std::move(result)); },
                    .on_hungry =
                        [this] {
                            wake_all();
                        }
                }
            ));
        }
        reading_ = std::make_unique<Reading>(source, loop_, [this] { pump(); });
    }

    EngineEnd run() {
        loop_.hold();
        loop_.spawn(tick());
        loop_.run();
        if (end_.interrupted || end_.stopped) {
            for (const auto& worker : workers_) {
                worker->cancel();
            }
        }
        reading_.reset();
        workers_.clear();
        end_.state = state();
        end_.unfinished = end_.state.under_way + window_.size();
        return end_;
    }

private:
    EngineState state() const {
        EngineState now = counts_;
        now.under_way = flights_.size() + lookups_ + book_.parked() + later_.size();
        now.pauses = book_.pauses();
        return now;
    }

    asio::awaitable<void> tick() {
        for (;;) {
            const TimePoint next = Clock::now() + k_tick;
            co_await net::pause(loop_, next);
            if (hooks_.interrupted && hooks_.interrupted()) {
                end_.interrupted = true;
                loop_.stop();
                co_return;
            }
            if (hooks_.on_tick) {
                hooks_.on_tick(state());
            }
            while (!later_.empty() && later_.begin()->first <= Clock::now()) {
                book_.park(std::move(later_.extract(later_.begin()).mapped()));
            }
            for (const auto& worker : workers_) {
                worker->nudge();
            }
            wake_all();
        }
    }

    /// Lets those go on who wait for a host, for a pause, or for a worker.
    void wake_all() {
        for (const std::string& host : book_.awaited()) {
            wake(host);
        }
        pump();
    }

    /// A worker has room again, for those that it kept waiting and for new ones.
    void feed() {
        if (std::exchange(kept_waiting_, false)) {
            wake_all();
        } else {
            pump();
        }
    }

    void wake(const std::string& host) {
        while (may_send_to(host)) {
            auto flight = book_.unpark(host, Clock::now());
            if (!flight) {
                return;
            }
            send(std::move(*flight));
        }
    }

    /// Whether the pace and the host's worker have room, whatever the host says.
    bool may_send_to(const std::string& host) {
        const bool may = is_in_pace() && worker_of(host).has_room();
        kept_waiting_ = kept_waiting_ || !may;
        return may;
    }

    Worker& worker_of(const std::string& host) {
        return *workers_[std::hash<std::string>{}(host) % workers_.size()];
    }

    bool is_in_pace() const {
        return flights_.size() < most_ &&
               (!pace_ || pace_->backlog(Clock::now()) < k_enough_backlog);
    }

    /// Fills the window from the lists.
    void refill() {
        while (window_.size() < options_.window) {
            auto item = reading_->take();
            if (!item) {
                return;
            }
            if (const auto* const problem = std::get_if<SourceProblem>(&*item)) {
                hooks_.on_problem(*problem);
            } else {
                window_.push_back(std::get<evidence::Target>(std::move(*item)));
            }
        }
    }

    bool may_draw() const {
        const auto has_room = [](const auto& worker) {
            return worker->has_room();
        };
        const bool mixed = primed_ || window_.size() >= options_.window || reading_->ended() ||
                           Clock::now() - begun_ > k_first_fill;
        return mixed && !window_.empty() && lookups_ < options_.lookups &&
               book_.parked() < k_most_parked && is_in_pace() &&
               std::ranges::any_of(workers_, has_room);
    }

    evidence::Target draw() {
        const auto at = std::uniform_int_distribution<std::size_t>{0, window_.size() - 1}(random_);
        std::swap(window_[at], window_.back());
        evidence::Target target = std::move(window_.back());
        window_.pop_back();
        return target;
    }

    void pump() {
        refill();
        while (may_draw()) {
            primed_ = true;
            auto target = draw();
            if (target.literal && !lane_.visit.proxy) {
                dispatch(flight_of({.target = target, .addresses = std::vector{target.host}}, false)
                );
            } else {
                ++lookups_;
                loop_.spawn(look_up(std::make_shared<evidence::Target>(std::move(target))));
            }
            refill();
        }
        const bool idle = flights_.empty() && lookups_ == 0 && book_.parked() == 0;
        if (idle && later_.empty() && window_.empty() && reading_->ended()) {
            loop_.stop();
        }
    }

    asio::awaitable<void> look_up(std::shared_ptr<evidence::Target> target) {
        const TimePoint begun = Clock::now();
        const doctor::Options& visit = lane_.visit;
        const std::string name = doctor::name_to_look_up(*target, visit);
        const TimePoint deadline = begun + visit.deadline;
        auto addresses = co_await resolver_.resolve(name, visit.ipv4, visit.ipv6, deadline);
        --lookups_;
        const bool all_excluded = addresses && !visit.proxy && !keep_allowed(*target, *addresses);
        if (all_excluded) {
            ++counts_.excluded;
        } else {
            const auto spent = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
            const bool by_name = visit.proxy.has_value();
            Job job{.target = *target, .addresses = std::move(addresses), .spent = spent};
            dispatch(flight_of(std::move(job), by_name));
        }
        pump();
    }

    /// Takes the excluded addresses away; returns whether any is left.
    bool keep_allowed(const evidence::Target& target, std::vector<std::string>& addresses) {
        if (options_.exclusion == nullptr) {
            return true;
        }
        std::erase_if(addresses, [&](const std::string& address) {
            const bool excluded = options_.exclusion->excludes(address, target.port);
            if (excluded) {
                hooks_.on_excluded(target, address);
            }
            return excluded;
        });
        return !addresses.empty();
    }

    void dispatch(Flight flight) {
        if (book_.may_begin(flight, Clock::now()) && may_send_to(flight.host)) {
            send(std::move(flight));
        } else {
            book_.park(std::move(flight));
        }
    }

    void send(Flight flight) {
        book_.begin(flight);
        const std::uint64_t id = next_id_++;
        worker_of(flight.host).give(id, flight.job);
        flights_.emplace(id, std::move(flight));
    }

    void ended(std::uint64_t id, Judged result) {
        auto node = flights_.extract(id);
        Flight flight = std::move(node.mapped());
        const TimePoint now = Clock::now();
        const auto sign = result.exhausted ? std::nullopt : sign_of(flight, result);
        const bool doubted = book_.end(flight, sign, now);
        const std::string host = flight.host;
        if (result.exhausted && ++flight.exhausted < k_most_attempts) {
            ++counts_.exhausted;
            ++counts_.again;
            later_.emplace(now + k_until_descriptors * flight.exhausted, std::move(flight));
        } else if (doubted && !flight.asked_again) {
            ++counts_.again;
            flight.asked_again = true;
            later_.emplace(now + k_until_asked_again, std::move(flight));
        } else {
            ++counts_.done;
            if (!hooks_.on_result(flight.job.target, result)) {
                end_.stopped = true;
                loop_.stop();
                return;
            }
        }
        wake(host);
        pump();
    }

    const EngineOptions& options_;
    const EngineHooks& hooks_;
    LaneSettings lane_;
    HostBook book_;
    std::size_t most_;
    net::Loop loop_{};
    net::Resolver resolver_;
    std::optional<net::Pace> pace_{};
    std::mt19937_64 random_;
    std::vector<evidence::Target> window_{};
    std::unordered_map<std::uint64_t, Flight> flights_{}; ///< with a worker
    std::multimap<TimePoint, Flight> later_{}; ///< this machine had nothing left for them
    TimePoint begun_{Clock::now()};
    bool primed_{};       ///< the first target was drawn
    bool kept_waiting_{}; ///< somebody is parked for whom his worker or the pace had no room
    std::size_t lookups_{};
    std::uint64_t next_id_{};
    EngineState counts_{};
    EngineEnd end_{};
    std::vector<std::unique_ptr<Worker>> workers_{};
    std::unique_ptr<Reading> reading_{};
};

} // namespace

EngineEnd run(TargetSource& source, const EngineOptions& options, const EngineHooks& hooks) {
    return Front{source, options, hooks}.run();
}

} // namespace tlsdoctor::fleet
