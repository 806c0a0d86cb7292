// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runtime/rpc.h"
#include "toy.grpc.pb.h"

namespace shopfleet::toy {

inline constexpr const char* kSchema = R"sql(
-- @1 items
CREATE TABLE item (
    key   INTEGER PRIMARY KEY,
    id    TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price >= 0)
);
-- @2 prices
CREATE INDEX item_price ON item (price);
)sql";

inline absl::Status putItem(runtime::Connection& db, const v1::Item& item)
{
    auto put = db.execute("INSERT INTO item (id, title, price) VALUES (:1, :2, :3) "
                          "ON CONFLICT (id) DO UPDATE SET title = :2, price = :3",
        item.id(), item.title(), item.price());
    if (!put.ok())
        return put.status();
    return runtime::recordChange(db, "item", item.id());
}

inline absl::StatusOr<v1::Item> getItem(runtime::Connection& db, const std::string& id)
{
    auto found = db.selectOne(
        "SELECT id, title, price FROM item WHERE id = :1",
        [](std::string itsId, std::string title, std::int64_t price) {
            v1::Item item;
            item.set_id(std::move(itsId));
            item.set_title(std::move(title));
            item.set_price(price);
            return item;
        },
        id);
    if (!found.ok())
        return found.status();
    if (!found->has_value())
        return runtime::notFound("item", id);
    return **std::move(found);
}

/// Items by id: what a service of ours is, in its smallest form.
class Handler : public v1::Toy::CallbackService {
public:
    Handler(runtime::Database& database, runtime::ChangeFeed& feed)
        : m_database(database)
        , m_feed(feed)
    {
    }

    runtime::Unary* Ping(runtime::Context* context, const v1::PingRequest*, v1::Item*) override
    {
        return runtime::finish(context, absl::OkStatus());
    }
    runtime::Unary* GetItem(
        runtime::Context* context, const v1::GetItemRequest* request, v1::Item* response) override
    {
        return runtime::read(context, m_database, request, response,
            [](runtime::Connection& db, const v1::GetItemRequest& asked) {
                return getItem(db, asked.id());
            });
    }
    runtime::Unary* PutItem(
        runtime::Context* context, const v1::PutItemRequest* request, v1::Item* response) override
    {
        return runtime::write(context, m_database, request, response,
            [](runtime::Connection& db,
                const v1::PutItemRequest& asked) -> absl::StatusOr<v1::Item> {
                if (auto status = putItem(db, asked.item()); !status.ok())
                    return status;
                return asked.item();
            });
    }
    grpc::ServerWriteReactor<v1::WatchItemsResponse>* WatchItems(
        runtime::Context*, const v1::WatchItemsRequest* request) override
    {
        return runtime::watch<v1::WatchItemsResponse>(m_database, m_feed, request->resume_token(),
            [](runtime::Connection& db, const runtime::Changed& change,
                v1::WatchItemsResponse& response) {
                auto item = getItem(db, change.id);
                if (item.ok())
                    *response.add_items() = *std::move(item);
                return item.status();
            });
    }

protected:
    runtime::Database& m_database;
    runtime::ChangeFeed& m_feed;
};

} // namespace shopfleet::toy
