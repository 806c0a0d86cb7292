// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auditor/books.h"
#include "shopfleet/deliveries/v1/deliveries.pb.h"
#include "shopfleet/orders/v1/orders.pb.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <sqlite3.h>

#include <filesystem>
#include <map>
#include <optional>

namespace shopfleet::auditor {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr const char* kServices[]
    = {"accounts", "inventory", "cart", "orders", "payments", "deliveries", "provider", "carrier"};
constexpr int kPatienceMs = 10'000; ///< For a checkpoint that is under way.

struct Part {
    std::optional<std::int64_t> number;
    std::string text;
};

/// The field at the end of a path; numbers of a repeated one are added up.
void follow(
    const Message& message, const std::vector<std::string>& path, std::size_t at, Part& part)
{
    const auto* field = message.GetDescriptor()->FindFieldByName(path[at]);
    if (!field)
        return;
    const auto& reflection = *message.GetReflection();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && at + 1 < path.size()) {
        if (!field->is_repeated())
            return follow(reflection.GetMessage(message, field), path, at + 1, part);
        for (int i = 0; i < reflection.FieldSize(message, field); ++i)
            follow(reflection.GetRepeatedMessage(message, field, i), path, at + 1, part);
        return;
    }
    if (field->is_repeated())
        return;
    switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
        part.number = part.number.value_or(0) + reflection.GetInt64(message, field);
        break;
    case FieldDescriptor::CPPTYPE_INT32:
        part.number = part.number.value_or(0) + reflection.GetInt32(message, field);
        break;
    case FieldDescriptor::CPPTYPE_ENUM:
        part.number = reflection.GetEnumValue(message, field);
        break;
    case FieldDescriptor::CPPTYPE_STRING:
        part.text = reflection.GetString(message, field);
        break;
    default:
        break;
    }
}

/// part(TYPE, BODY, PATH) in SQL. A number that is not there is 0, as in the contract.
void partOf(sqlite3_context* context, int, sqlite3_value** values)
{
    const auto text = [&](int index) {
        const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[index]));
        return std::string(
            bytes ? bytes : "", static_cast<std::size_t>(sqlite3_value_bytes(values[index])));
    };
    const auto* type
        = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(text(0));
    if (!type)
        return sqlite3_result_error(context, "part: no such type", -1);
    const std::unique_ptr<Message> message(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    if (!message->ParseFromString(text(1)))
        return sqlite3_result_text(context, "unreadable", -1, SQLITE_STATIC);
    Part part;
    follow(*message, absl::StrSplit(text(2), '.'), 0, part);
    if (part.text.empty())
        sqlite3_result_int64(context, part.number.value_or(0));
    else
        sqlite3_result_text(
            context, part.text.data(), static_cast<int>(part.text.size()), SQLITE_TRANSIENT);
}

absl::Status failed(sqlite3* db, const std::string& what)
{
    return absl::UnavailableError(absl::StrCat(what, ": ", sqlite3_errmsg(db)));
}

} // namespace

void Books::Close::operator()(sqlite3* db) const
{
    sqlite3_close(db);
}

absl::StatusOr<Books> Books::open(const std::string& data)
{
    // Linked, or their types are not known by name.
    orders::v1::Order::descriptor();
    deliveries::v1::Shipment::descriptor();
    Books books;
    sqlite3* db = nullptr;
    const int opened
        = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, nullptr);
    books.m_db.reset(db);
    if (opened != SQLITE_OK)
        return failed(db, "no memory database");
    sqlite3_busy_timeout(db, kPatienceMs);
    sqlite3_create_function(
        db, "part", 3, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, &partOf, nullptr, nullptr);
    for (const auto* service : kServices) {
        const std::string file = absl::StrCat(data, "/", service, "/", service, ".db");
        if (!std::filesystem::exists(file))
            return absl::NotFoundError(absl::StrCat(file, " is not there"));
        sqlite3_stmt* attach = nullptr;
        sqlite3_prepare_v2(db, "ATTACH ?1 AS ?2", -1, &attach, nullptr);
        const std::string uri = absl::StrCat("file:", file, "?mode=ro");
        sqlite3_bind_text(attach, 1, uri.c_str(), -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(attach, 2, service, -1, SQLITE_STATIC);
        const int attached = sqlite3_step(attach);
        sqlite3_finalize(attach);
        if (attached != SQLITE_DONE)
            return failed(db, file);
    }
    return books;
}

absl::Status Books::select(const std::string& sql, const Row& row) const
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(m_db.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return failed(m_db.get(), "a query");
    int step = SQLITE_ROW;
    std::vector<std::string> columns(static_cast<std::size_t>(sqlite3_column_count(statement)));
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const int index = static_cast<int>(i);
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
            columns[i].assign(bytes ? bytes : "",
                static_cast<std::size_t>(sqlite3_column_bytes(statement, index)));
        }
        row(columns);
    }
    auto status = step == SQLITE_DONE ? absl::OkStatus() : failed(m_db.get(), "a query's rows");
    sqlite3_finalize(statement);
    return status;
}

absl::StatusOr<std::int64_t> Books::count(const std::string& table) const
{
    std::int64_t rows = 0;
    auto status = select("SELECT count(*) FROM " + table,
        [&](const std::vector<std::string>& columns) { rows = std::stoll(columns[0]); });
    if (!status.ok())
        return status;
    return rows;
}

} // namespace shopfleet::auditor
