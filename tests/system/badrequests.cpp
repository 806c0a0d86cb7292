// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/system/badrequests.h"

#include "shopfleet/common/v1/options.pb.h"

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <functional>
#include <limits>
#include <random>

namespace badrequests {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Type = FieldDescriptor;

constexpr int kDeepest = 4; ///< Fields within fields.

bool endsWith(const std::string& text, const std::string& end)
{
    return text.size() >= end.size()
        && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string fresh(const StoreWorld& world)
{
    static int number = 0;
    return world.mark + "-" + std::to_string(++number);
}

/// What a request for this service calls its own thing.
std::string ownId(const Method& method, const StoreWorld& world)
{
    const std::string& name = method.name();
    const std::string& service = method.service()->name();
    if (name.find("Reservation") != std::string::npos)
        return world.reservation;
    if (service == "Accounts")
        return world.customer;
    if (service == "Inventory")
        return world.product;
    if (service == "Cart")
        return world.cart;
    if (service == "Payments")
        return method.name() == "RefundPayment" ? world.captured : world.payment;
    return service == "Deliveries" ? world.shipment : world.order;
}

std::string ownEtag(const Method& method, const StoreWorld& world)
{
    const std::string& service = method.service()->name();
    return service == "Accounts" ? world.customerEtag
        : service == "Inventory" ? world.productEtag
        : service == "Orders"    ? world.orderEtag
                                 : "";
}

bool isNew(const Method& method)
{
    return method.name().rfind("Create", 0) == 0 || method.name().rfind("Import", 0) == 0;
}

/// What an update may change; elsewhere it is the note.
const std::map<std::string, std::string> kMasked = {
    {"UpdateProduct", "title"}, {"UpdateOrder", "shipping_address"}, {"UpdateShipment", "address"}};

/// What a valid request has in a text field; empty: it stays empty.
std::string textOf(const FieldDescriptor& field, const Method& method, const StoreWorld& world)
{
    const std::string& name = field.name();
    const bool top = field.containing_type() == method.input_type();
    if (name == "request_id")
        return fresh(world);
    if (name == "id" && !top && field.containing_type()->name() == "OrderLine")
        return "1";
    if (name == "id")
        return top || !isNew(method) ? ownId(method, world) : fresh(world);
    if (name == "etag")
        return top || !isNew(method) ? ownEtag(method, world) : "";
    const std::map<std::string, std::string> known = {{"customer_id", world.customer},
        {"cart_id", world.cart}, {"order_id", world.order}, {"product_id", world.product},
        {"shipment_id", world.shipment}, {"ids", ownId(method, world)}, {"skus", world.sku},
        {"refresh_token", world.refreshToken}, {"password", world.password},
        {"old_password", world.password}, {"new_password", "another long secret"},
        {"country", "GB"}, {"line1", "1 Test Street"}, {"city", "Testham"},
        {"postal_code", "TE5 7AA"}, {"title", "Teapot"}, {"reason", "a reason"},
        {"currency", "GBP"}, {"payment_token", "tok_visa"}, {"origin", "import:test"},
        {"line_id", "1"}, {"note", "a note"}, {"provider", "elsewhere"},
        {"key", "auth:" + world.payment}};
    if (name == "name")
        return "Ann Other";
    // One payment an order's attempt, one shipment an order's fulfilment: a new one needs a new
    // order.
    if (name == "order_id"
        && (isNew(method) || method.name() == "AuthorisePayment"
            || method.name() == "PlanShipment"))
        return method.name() == "CreateReturn" ? world.sentOrder : fresh(world);
    if (name == "cart_id" && !top)
        return ""; // Of one cart comes one order.
    if (name == "shipment_id" && method.name() == "RecordTrackingEvent")
        return world.sent;
    if (name == "email")
        return method.name() == "SignIn" ? world.email : fresh(world) + "@example.com";
    if (name == "sku")
        return isNew(method) && method.service()->name() == "Inventory" ? fresh(world) : world.sku;
    if (name == "holder")
        return fresh(world);
    const auto found = known.find(name);
    return found == known.end() ? "" : found->second;
}

std::int64_t numberOf(const FieldDescriptor& field)
{
    const std::string& name = field.name();
    return name == "quantity" || name == "attempt" || name == "fulfilment" ? 1
        : name == "page_size"                                              ? 10
        : name == "minor"                                                  ? 100
                                                                           : 0;
}

int enumOf(const FieldDescriptor& field)
{
    const std::string& type = field.enum_type()->name();
    return type == "OrderState"   ? 6 // DELIVERED
        : type == "PaymentState"  ? 4 // CAPTURED
        : type == "ShipmentState" ? 5 // DELIVERED
                                  : 1;
}

/// Parts of a message that a valid request needs; the rest stays unset and is only spoilt.
bool isNeeded(const FieldDescriptor& field, const Method& method)
{
    static const std::map<std::string, std::vector<std::string>> kParts
        = {{"Order", {"lines", "total", "placed_at", "shipping_address"}},
            {"OrderLine", {"unit_price", "total"}}, {"Product", {"variants"}},
            {"Variant", {"price"}}, {"Payment", {"amount", "authorised", "captured", "created_at"}},
            {"Shipment", {"lines", "address", "created_at"}}, {"TrackingEvent", {"at"}},
            {"ExchangeOrderRequest", {"out", "in"}}, {"PlaceOrderRequest", {"shipping_address"}}};
    const std::string& type = field.containing_type()->name();
    const auto parts = kParts.find(type);
    if (method.name() == "UpdateOrder" && type == "Order")
        return field.name() == "shipping_address";
    if (parts != kParts.end())
        return std::find(parts->second.begin(), parts->second.end(), field.name())
            != parts->second.end();
    return field.containing_type() == method.input_type() && field.message_type()->name() != "Actor"
        && field.name() != "from" && field.name() != "to" && field.name() != "expected_total"
        && field.name() != "shipping"
        && !(field.name() == "items" && method.name() == "CreateCart");
}

void fill(Message& message, const Method& method, const StoreWorld& world)
{
    const auto& reflection = *message.GetReflection();
    const Descriptor& type = *message.GetDescriptor();
    if (type.full_name() == "google.protobuf.Timestamp") {
        reflection.SetInt64(&message, type.FindFieldByName("seconds"), 1'300'000'000);
        return;
    }
    if (type.full_name() == "google.protobuf.FieldMask") {
        reflection.AddString(&message, type.FindFieldByName("paths"),
            kMasked.contains(method.name()) ? kMasked.at(method.name()) : "note");
        return;
    }
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        switch (field.cpp_type()) {
        case Type::CPPTYPE_STRING: {
            if (field.type() == Type::TYPE_BYTES || field.is_map())
                break;
            const std::string value = textOf(field, method, world);
            if (value.empty())
                break;
            if (!field.is_repeated())
                reflection.SetString(&message, &field, value);
            else if (field.name() == "ids" || field.name() == "skus")
                reflection.AddString(&message, &field, value);
            break;
        }
        case Type::CPPTYPE_INT32:
            if (!field.is_repeated())
                reflection.SetInt32(&message, &field, static_cast<std::int32_t>(numberOf(field)));
            break;
        case Type::CPPTYPE_INT64:
            if (!field.is_repeated())
                reflection.SetInt64(&message, &field, numberOf(field));
            break;
        case Type::CPPTYPE_ENUM:
            if (!field.is_repeated())
                reflection.SetEnumValue(&message, &field, enumOf(field));
            break;
        case Type::CPPTYPE_MESSAGE:
            if (field.is_map() || !isNeeded(field, method))
                break;
            fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                     : *reflection.MutableMessage(&message, &field),
                method, world);
            break;
        default:
            break;
        }
    }
}

struct Spoilt {
    std::string what;
    Expect expect;
    std::function<void(Message&)> spoil; ///< Of the message that has the field.
};

void setText(Message& message, const FieldDescriptor& field, const std::string& value)
{
    const auto& reflection = *message.GetReflection();
    if (!field.is_repeated())
        reflection.SetString(&message, &field, value);
    else if (reflection.FieldSize(message, &field) > 0)
        reflection.SetRepeatedString(&message, &field, 0, value);
    else
        reflection.AddString(&message, &field, value);
}

std::vector<Spoilt> spoiltTexts(const FieldDescriptor& field, const Method& method)
{
    const std::string& name = field.name();
    std::vector<Spoilt> all;
    const auto add = [&](const std::string& what, Expect expect, const std::string& value) {
        all.push_back({what, expect, [&field, value](Message& m) { setText(m, field, value); }});
    };
    if (field.type() != Type::TYPE_BYTES)
        add("not UTF-8", Expect::Naming, "a\xc3\x28z");
    add("NUL", Expect::Answer, std::string("a\0b", 3));
    add("1 MB", Expect::Answer, std::string(1'000'000, 'x'));
    add("written backwards", Expect::Answer, "\u202egnp.exe");
    add("SQL", Expect::Answer, "'; DROP TABLE orders; --");
    add("a way up", Expect::Answer, "../../../../etc/passwd");
    add("a header", Expect::Answer, "x\r\nSet-Cookie: a=b");
    add("empty", name == "request_id" ? Expect::Naming : Expect::Answer, "");
    const bool top = field.containing_type() == method.input_type();
    if (name == "request_id")
        add("too long", Expect::Naming, std::string(10'000, 'r'));
    if (name == "filter" && top)
        for (const auto* bad : {"state =", "nosuch = 1", "((((", "id = \"open", "total > x AND"})
            add(std::string("filter ") + bad, Expect::Naming, bad);
    if (name == "order_by" && top)
        for (const auto* bad : {"nosuch", "id sideways", "id,,id"})
            add(std::string("order ") + bad, Expect::Naming, bad);
    if (name == "page_token" && top)
        for (const auto* bad : {"garbage", "AAAAAAAAAAAAAAAA", "-1"})
            add(std::string("token ") + bad, Expect::Naming, bad);
    if (name == "currency" && endsWith(field.containing_type()->name(), "Money"))
        for (const auto* bad : {"usd", "US", "GBPX", "???"})
            add(std::string("currency ") + bad, Expect::Answer, bad);
    if (name == "etag")
        add("of another version", Expect::Answer, "0-stale");
    if (name == "id" || endsWith(name, "_id"))
        add("of nothing", name == "request_id" ? Expect::Answer : Expect::Answer,
            "nobody-knows-it");
    return all;
}

std::vector<Spoilt> spoiltNumbers(const FieldDescriptor& field, const Method& method)
{
    std::vector<Spoilt> all;
    const bool wide = field.cpp_type() == Type::CPPTYPE_INT64;
    const auto add = [&](std::int64_t value, Expect expect) {
        all.push_back({std::to_string(value), expect, [&field, wide, value](Message& m) {
                           const auto& reflection = *m.GetReflection();
                           if (field.is_repeated())
                               return;
                           if (wide)
                               reflection.SetInt64(&m, &field, value);
                           else
                               reflection.SetInt32(&m, &field, static_cast<std::int32_t>(value));
                       }});
    };
    const bool top = field.containing_type() == method.input_type();
    const bool counted = top && (field.name() == "page_size" || field.name() == "skip");
    // What UpdateOrder's mask does not name is not read.
    const bool units = field.name() == "quantity" && method.name() != "AdjustStock"
        && method.name() != "UpdateOrder" && field.containing_type()->name() != "OrderLine"
        && field.containing_type()->name() != "ShipmentLine";
    add(0, Expect::Answer);
    add(-1, counted || units ? Expect::Naming : Expect::Answer);
    add(std::numeric_limits<std::int32_t>::max(), Expect::Answer);
    add(std::numeric_limits<std::int32_t>::min(),
        counted || units ? Expect::Naming : Expect::Answer);
    if (wide) {
        add(std::numeric_limits<std::int64_t>::max(), Expect::Answer);
        add(std::numeric_limits<std::int64_t>::min(),
            counted || units ? Expect::Naming : Expect::Answer);
    }
    return all;
}

std::vector<Spoilt> spoiltMessages(const FieldDescriptor& field)
{
    std::vector<Spoilt> all;
    const std::string& type = field.message_type()->full_name();
    if (type == "google.protobuf.Timestamp")
        for (const auto& [seconds, nanos] :
            std::vector<std::pair<std::int64_t, int>>{{std::numeric_limits<std::int64_t>::max(), 0},
                {std::numeric_limits<std::int64_t>::min(), 0}, {1, -1}, {1, 2'000'000'000}})
            all.push_back({"time " + std::to_string(seconds) + "." + std::to_string(nanos),
                Expect::Answer, [&field, seconds = seconds, nanos = nanos](Message& m) {
                    auto& time = static_cast<google::protobuf::Timestamp&>(
                        *m.GetReflection()->MutableMessage(&m, &field));
                    time.set_seconds(seconds);
                    time.set_nanos(nanos);
                }});
    if (type == "google.protobuf.FieldMask")
        for (const auto* path : {"nosuch", "a.b.c", "", "etag"})
            all.push_back({std::string("mask ") + path,
                *path == 'n' ? Expect::Naming : Expect::Answer, [&field, path](Message& m) {
                    auto& mask = static_cast<google::protobuf::FieldMask&>(
                        *m.GetReflection()->MutableMessage(&m, &field));
                    mask.clear_paths();
                    mask.add_paths(path);
                }});
    all.push_back({"unset", Expect::Answer,
        [&field](Message& m) { m.GetReflection()->ClearField(&m, &field); }});
    if (field.is_repeated() && !field.is_map())
        all.push_back({"100,000 of it", Expect::Answer, [&field](Message& m) {
                           const auto& reflection = *m.GetReflection();
                           reflection.ClearField(&m, &field);
                           for (int i = 0; i < 100'000; ++i)
                               reflection.AddMessage(&m, &field);
                       }});
    return all;
}

std::vector<Spoilt> spoiltOf(const FieldDescriptor& field, const Method& method)
{
    switch (field.cpp_type()) {
    case Type::CPPTYPE_STRING:
        return spoiltTexts(field, method);
    case Type::CPPTYPE_INT32:
    case Type::CPPTYPE_INT64:
        return spoiltNumbers(field, method);
    case Type::CPPTYPE_ENUM:
        return {{"unknown value", Expect::Answer, [&field](Message& m) {
                     if (!field.is_repeated())
                         m.GetReflection()->SetEnumValue(&m, &field, 999);
                 }}};
    case Type::CPPTYPE_MESSAGE:
        return spoiltMessages(field);
    default:
        return {};
    }
}

/// The message `steps` down from the request, made where it is not there.
Message& reach(Message& request, const std::vector<const FieldDescriptor*>& steps,
    const Method& method, const StoreWorld& world)
{
    Message* at = &request;
    for (const FieldDescriptor* step : steps) {
        const auto& reflection = *at->GetReflection();
        const bool there = step->is_repeated() ? reflection.FieldSize(*at, step) > 0
                                               : reflection.HasField(*at, step);
        Message* next = !step->is_repeated() ? reflection.MutableMessage(at, step)
            : there                          ? reflection.MutableRepeatedMessage(at, step, 0)
                                             : reflection.AddMessage(at, step);
        if (!there)
            fill(*next, method, world);
        at = next;
    }
    return *at;
}

void addFields(const Descriptor& type, std::vector<const FieldDescriptor*>& steps,
    const std::string& path, const Method& method, const StoreWorld& world, std::vector<Case>& all)
{
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        const std::string name = path + field.name() + (field.is_repeated() ? "[0]" : "");
        for (const Spoilt& spoilt : spoiltOf(field, method)) {
            const auto request = validRequest(method, world);
            spoilt.spoil(reach(*request, steps, method, world));
            all.push_back({name, spoilt.what, spoilt.expect, request->SerializeAsString()});
        }
        const bool whole = field.cpp_type() != Type::CPPTYPE_MESSAGE
            || field.message_type()->file()->package() == "google.protobuf";
        if (whole || static_cast<int>(steps.size()) >= kDeepest)
            continue;
        steps.push_back(&field);
        addFields(*field.message_type(), steps, name + ".", method, world, all);
        steps.pop_back();
    }
}

void addBytes(const Method& method, const StoreWorld& world, std::vector<Case>& all)
{
    const std::string good = validRequest(method, world)->SerializeAsString();
    const auto add = [&](const std::string& what, const std::string& bytes) {
        all.push_back({"", what, Expect::Answer, bytes});
    };
    if (!good.empty())
        add("cut off", good.substr(0, good.size() - 1));
    add("a wrong wire type", "\x0d\x01\x02\x03\x04" + good);
    add("a field that goes beyond the end", good + "\x0a\xff\xff\x7f");
    std::string deep;
    for (int i = 0; i < 200; ++i)
        deep += "\x13"; // A group within a group within …
    add("200 deep", good + deep);
    std::minstd_rand random(7);
    for (int i = 0; i < 5; ++i) {
        std::string noise(64, '\0');
        for (char& byte : noise)
            byte = static_cast<char>(random());
        add("noise " + std::to_string(i), noise);
    }
    // An unknown field of 5 MB.
    std::string large = "\xfa\x3f";
    for (std::size_t left = 5'000'000; left > 0; left >>= 7)
        large += static_cast<char>((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    all.push_back({"", "5 MB", Expect::Refusal, good + large + std::string(5'000'000, 'x')});
}

} // namespace

bool isRead(const Method& method)
{
    return method.options().idempotency_level() == google::protobuf::MethodOptions::NO_SIDE_EFFECTS;
}

std::unique_ptr<Message> validRequest(const Method& method, const StoreWorld& world)
{
    std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                         ->GetPrototype(method.input_type())
                                         ->New());
    fill(*request, method, world);
    return request;
}

std::vector<Case> casesOf(const Method& method, const StoreWorld& world)
{
    std::vector<Case> all;
    std::vector<const FieldDescriptor*> steps;
    addFields(*method.input_type(), steps, "", method, world, all);
    addBytes(method, world, all);
    return all;
}

} // namespace badrequests
