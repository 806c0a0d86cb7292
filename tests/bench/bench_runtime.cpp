// SPDX-License-Identifier: GPL-3.0-or-later
// What the runtime costs: writes beside a bare SQLite loop, reads beside an empty call. Each
// ceiling is measured in the same run, in turns with the value, so that a busy machine slows both.
#include "services/runtime/positions.h"
#include "services/runtime/testing.h"
#include "tests/bench/figures.h"
#include "tests/services/runtime/toy.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <semaphore>

// SOCI brings sqlite3.h in a namespace of its own.
#include <soci/sqlite3/soci-sqlite3.h>

using namespace shopfleet;
using Clock = std::chrono::steady_clock;

namespace {

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

toy::v1::Item itemOf(std::int64_t number)
{
    toy::v1::Item item;
    item.set_id("item-" + std::to_string(number));
    item.set_title("a thing with a title of some length");
    item.set_price(number);
    return item;
}

constexpr int kCallers = 32;
constexpr int kWrites = 12'000;

struct Rate {
    double perSecond;
    double commits; ///< For each write.
};

/// 32 callers, each with one write under way, until all are durable.
Rate writesThroughRuntime()
{
    runtime::TestDatabase db(toy::kSchema);
    std::atomic<int> next = 0;
    std::atomic<int> left = kWrites;
    std::binary_semaphore finished(0);
    std::function<void()> another = [&] {
        const int number = next++;
        if (number >= kWrites)
            return;
        db->write(
            [number](runtime::Connection& c) {
                return c
                    .execute("INSERT INTO item (id, title, price) VALUES (:1, :2, :3)",
                        "item-" + std::to_string(number),
                        std::string("a thing with a title of some length"), number)
                    .status();
            },
            [&](const absl::Status& status) {
                if (!status.ok())
                    std::abort();
                another();
                if (--left == 0)
                    finished.release();
            });
    };
    const auto commits = db->commits();
    const auto start = Clock::now();
    for (int i = 0; i < kCallers; ++i)
        another();
    finished.acquire();
    const double took = secondsSince(start);
    return {kWrites / took, static_cast<double>(db->commits() - commits) / kWrites};
}

/// The same rows in the same batches by SQLite's own API, in one loop, with nothing else to do.
double writesBare(int batch)
{
    using namespace sqlite_api;
    const runtime::TestFolder folder;
    {
        // The same schema and settings.
        auto made = runtime::Database::open({folder.path(), "test", toy::kSchema});
        if (!made.ok())
            std::abort();
    }
    sqlite3* db = nullptr;
    sqlite3_open(folder.file("test.db").c_str(), &db);
    for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
             "PRAGMA wal_autocheckpoint=4000", "PRAGMA cell_size_check=ON"})
        sqlite3_exec(db, pragma, nullptr, nullptr, nullptr);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(
        db, "INSERT INTO item (id, title, price) VALUES (?, ?, ?)", -1, &insert, nullptr);
    const std::string title = "a thing with a title of some length";
    const auto start = Clock::now();
    for (int number = 0; number < kWrites;) {
        sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        for (int i = 0; i < batch && number < kWrites; ++i, ++number) {
            const std::string id = "item-" + std::to_string(number);
            sqlite3_bind_text(insert, 1, id.c_str(), static_cast<int>(id.size()), nullptr);
            sqlite3_bind_text(insert, 2, title.c_str(), static_cast<int>(title.size()), nullptr);
            sqlite3_bind_int64(insert, 3, number);
            if (sqlite3_step(insert) != SQLITE_DONE)
                std::abort();
            sqlite3_reset(insert);
        }
        sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    }
    const double took = secondsSince(start);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return kWrites / took;
}

void durableWrites()
{
    std::vector<double> ours;
    std::vector<double> bare;
    double commits = 0;
    for (int round = 0; round < 3; ++round) {
        const Rate rate = writesThroughRuntime();
        ours.push_back(rate.perSecond);
        commits = rate.commits;
        bare.push_back(writesBare(std::max(1, static_cast<int>(std::lround(1 / rate.commits)))));
    }
    bench::figure(
        "durable_writes_32_callers", bench::median(ours), "writes/s", bench::median(bare));
    bench::figure("commits_per_write_32_callers", commits, "commits", 1);
}

using Async = class toy::v1::Toy::Stub::async;

/// Calls a second with 64 under way.
template <class Request>
double callsPerSecond(toy::v1::Toy::Stub& stub,
    void (Async::*method)(
        grpc::ClientContext*, const Request*, toy::v1::Item*, std::function<void(grpc::Status)>),
    const std::function<Request(int)>& request)
{
    constexpr int kInFlight = 64;
    constexpr int kCalls = 15'000;
    struct Call {
        std::unique_ptr<grpc::ClientContext> context;
        Request request;
        toy::v1::Item reply;
    };
    std::vector<Call> calls(kInFlight);
    std::atomic<int> next = 0;
    std::atomic<int> running = kInFlight;
    std::binary_semaphore finished(0);
    std::function<void(Call&)> start = [&](Call& call) {
        const int number = next++;
        if (number >= kCalls) {
            if (--running == 0)
                finished.release();
            return;
        }
        call.context = std::make_unique<grpc::ClientContext>();
        call.request = request(number);
        (stub.async()->*method)(
            call.context.get(), &call.request, &call.reply, [&](const grpc::Status& status) {
                if (!status.ok())
                    std::abort();
                start(call);
            });
    };
    const auto begun = Clock::now();
    for (Call& call : calls)
        start(call);
    finished.acquire();
    return kCalls / secondsSince(begun);
}

void pointReads()
{
    constexpr int kItems = 20'000;
    runtime::TestDatabase db(toy::kSchema);
    if (!db.write([](runtime::Connection& c) {
               for (int i = 0; i < kItems; ++i)
                   if (auto status = toy::putItem(c, itemOf(i)); !status.ok())
                       return status;
               return absl::OkStatus();
           }).ok())
        std::abort();
    toy::Handler handler(*db, db.feed());
    runtime::TestServer server({&handler}, &*db, &db.feed());
    auto stub = toy::v1::Toy::NewStub(server.channel());
    const auto empty = [&] {
        return callsPerSecond<toy::v1::PingRequest>(
            *stub, &Async::Ping, [](int) { return toy::v1::PingRequest(); });
    };
    const auto read = [&] {
        return callsPerSecond<toy::v1::GetItemRequest>(*stub, &Async::GetItem, [](int number) {
            toy::v1::GetItemRequest request;
            request.set_id("item-" + std::to_string(number * 7'919LL % kItems));
            return request;
        });
    };
    empty();
    read();
    std::vector<double> reads;
    std::vector<double> empties;
    for (int round = 0; round < 5; ++round) {
        empties.push_back(empty());
        reads.push_back(read());
    }
    bench::figure(
        "point_read_64_in_flight", bench::median(reads), "calls/s", bench::median(empties));
}

void lookups()
{
    runtime::TestDatabase db(toy::kSchema);
    constexpr int kItems = 20'000;
    constexpr int kLookups = 200'000;
    if (!db.write([](runtime::Connection& c) {
               for (int i = 0; i < kItems; ++i)
                   if (auto status = toy::putItem(c, itemOf(i)); !status.ok())
                       return status;
               return absl::OkStatus();
           }).ok())
        std::abort();
    runtime::Connection& reader = db.reader();
    const auto start = Clock::now();
    for (int i = 0; i < kLookups; ++i)
        if (!toy::getItem(reader, "item-" + std::to_string(i % kItems)).ok())
            std::abort();
    bench::figure("prepared_lookup", secondsSince(start) / kLookups * 1e6, "us");
}

void deepSkip()
{
    constexpr int kItems = 1'000'000;
    constexpr int kSkip = 700'000;
    runtime::TestDatabase db(toy::kSchema);
    const runtime::Positions positions("items", "item", "key");
    const auto filled = db.write([&](runtime::Connection& c) {
        for (int i = 0; i < kItems; ++i)
            if (auto put = c.execute("INSERT INTO item (key, id, title, price) VALUES (:1, :2, 'a "
                                     "thing with a title of some length', 1)",
                    i + 1, "i" + std::to_string(i));
                !put.ok())
                return put.status();
        return positions.rebuild(c);
    });
    if (!filled.ok())
        std::abort();
    runtime::Connection& reader = db.reader();
    const auto key = [](std::int64_t value) { return value; };
    std::vector<double> anchored;
    std::vector<double> plain;
    for (int round = 0; round < 15; ++round) {
        auto start = Clock::now();
        const auto place = positions.seek(reader, kSkip, true);
        const auto rows = reader.select(
            "SELECT key FROM item WHERE key < :1 ORDER BY key DESC LIMIT 50 OFFSET :2", key,
            place->from, place->offset);
        anchored.push_back(secondsSince(start) * 1e3);
        start = Clock::now();
        const auto same = reader.select(
            "SELECT key FROM item ORDER BY key DESC LIMIT 50 OFFSET :1", key, kSkip);
        plain.push_back(secondsSince(start) * 1e3);
        if (!rows.ok() || *rows != *same)
            std::abort();
    }
    bench::figure("page_at_700000_of_1000000", bench::median(anchored), "ms", bench::median(plain));
}

} // namespace

int main(int argc, char** argv)
{
    return bench::run(argc, argv,
        {{"durable_writes_32_callers", durableWrites}, {"point_read_64_in_flight", pointReads},
            {"prepared_lookup", lookups}, {"page_at_700000_of_1000000", deepSkip}});
}
