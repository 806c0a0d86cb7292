// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/accounts/rules.h"

#include "services/runtime/fields.h"
#include "services/runtime/status.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <array>
#include <set>

namespace shopfleet::accounts {
namespace {

using runtime::invalidField;

constexpr std::size_t kMaxText = 200;
constexpr std::size_t kMaxNote = 4000;
constexpr std::size_t kMaxEmail = 254; // RFC 5321.
constexpr std::size_t kMaxId = 64;
constexpr int kMaxImport = 1000;
constexpr int kMaxAddresses = 20;
constexpr int kMaxTags = 50;
constexpr std::size_t kMinPassword = 8;
constexpr std::size_t kMaxPassword = 128;

bool isAlpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// Characters as a person counts them: UTF-8's following bytes are none.
std::size_t length(std::string_view text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

absl::Status checkText(
    const std::string& field, std::string_view text, std::size_t most, bool lines = false)
{
    if (length(text) > most)
        return invalidField(field, "must be at most " + std::to_string(most) + " characters");
    const bool controls = std::ranges::any_of(text, [lines](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && !(lines && c == '\n')) || c == 0x7f;
    });
    if (controls)
        return invalidField(field, "must not hold control characters");
    return absl::OkStatus();
}

absl::Status checkAddress(const std::string& field, const common::v1::Address& address)
{
    const std::array<std::pair<const char*, const std::string*>, 7> parts
        = {{{".name", &address.name()}, {".line1", &address.line1()}, {".line2", &address.line2()},
            {".city", &address.city()}, {".region", &address.region()},
            {".postal_code", &address.postal_code()}, {".country", &address.country()}}};
    for (const auto& [name, text] : parts) {
        if (auto status = checkText(field + name, *text, kMaxText); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

bool isDomain(std::string_view domain)
{
    if (domain.size() < 3 || domain.find('.') == std::string_view::npos)
        return false;
    std::size_t label = 0;
    for (std::size_t i = 0; i <= domain.size(); ++i) {
        if (i == domain.size() || domain[i] == '.') {
            if (label == 0 || label > 63 || domain[i - 1] == '-')
                return false;
            label = 0;
            continue;
        }
        const char c = domain[i];
        if (!isAlpha(c) && !isDigit(c) && !(c == '-' && label > 0))
            return false;
        ++label;
    }
    return true;
}

} // namespace

absl::Status checkEmail(std::string_view field, std::string_view email)
{
    const std::string name(field);
    const auto at = email.find('@');
    const std::string_view local = email.substr(0, at);
    const bool good = at != std::string_view::npos && email.size() <= kMaxEmail && !local.empty()
        && local.size() <= 64 && local.front() != '.' && local.back() != '.'
        && local.find("..") == std::string_view::npos
        && std::ranges::all_of(local,
            [](char c) {
                return isAlpha(c) || isDigit(c)
                    || std::string_view(".!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
            })
        && isDomain(email.substr(at + 1));
    return good ? absl::OkStatus()
                : invalidField(name, "is not an e-mail address such as ann@example.com");
}

std::string emailKey(std::string_view email)
{
    std::string key(email);
    std::ranges::transform(key, key.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return key;
}

absl::Status checkPassword(std::string_view field, std::string_view password)
{
    const std::size_t size = length(password);
    if (size < kMinPassword || size > kMaxPassword || password.size() > 4 * kMaxPassword)
        return invalidField(std::string(field), "must be 8 to 128 characters");
    return absl::OkStatus();
}

absl::Status checkCustomer(std::string_view prefix, const v1::Customer& customer)
{
    const std::string field(prefix);
    if (!customer.email().empty()) {
        if (auto status = checkEmail(field + ".email", customer.email()); !status.ok())
            return status;
    }
    const std::array<std::pair<const char*, const std::string*>, 4> texts
        = {{{".name", &customer.name()}, {".phone", &customer.phone()},
            {".country", &customer.country()}, {".origin", &customer.origin()}}};
    for (const auto& [name, text] : texts) {
        if (auto status = checkText(field + name, *text, kMaxText); !status.ok())
            return status;
    }
    if (auto status = checkText(field + ".note", customer.note(), kMaxNote, true); !status.ok())
        return status;
    if (customer.addresses_size() > kMaxAddresses)
        return invalidField(field + ".addresses", "must be at most 20");
    for (int i = 0; i < customer.addresses_size(); ++i) {
        const std::string name = field + ".addresses[" + std::to_string(i) + "]";
        if (auto status = checkAddress(name, customer.addresses(i)); !status.ok())
            return status;
    }
    if (customer.tags_size() > kMaxTags)
        return invalidField(field + ".tags", "must be at most 50");
    for (const std::string& tag : customer.tags()) {
        if (auto status = checkText(field + ".tags", tag, 50); !status.ok())
            return status;
    }
    if (!v1::CustomerState_IsValid(customer.state())
        || customer.state() == v1::CUSTOMER_STATE_ERASED)
        return invalidField(field + ".state", "must be ACTIVE or BLOCKED");
    if (auto status = runtime::checkTime(field + ".created_at", customer.created_at());
        !status.ok())
        return status;
    return runtime::checkTime(field + ".updated_at", customer.updated_at());
}

absl::Status checkCreate(const v1::CreateCustomerRequest& request)
{
    if (auto status = checkText("customer.id", request.customer().id(), kMaxId); !status.ok())
        return status;
    return checkCustomer("customer", request.customer());
}

absl::Status checkUpdate(const v1::UpdateCustomerRequest& request)
{
    if (request.customer().id().empty())
        return invalidField("customer.id", "is missing");
    if (request.customer().etag().empty())
        return invalidField("customer.etag", "is missing: an update says which version it changes");
    return absl::OkStatus();
}

absl::Status checkImport(const v1::ImportCustomersRequest& request)
{
    if (request.customers().empty() || request.customers_size() > kMaxImport)
        return invalidField("customers", "must be 1 to 1,000");
    std::set<std::string_view> ids;
    for (int i = 0; i < request.customers_size(); ++i) {
        const v1::Customer& customer = request.customers(i);
        const std::string field = "customers[" + std::to_string(i) + "]";
        if (customer.id().empty())
            return invalidField(field + ".id", "is missing");
        if (auto status = checkText(field + ".id", customer.id(), kMaxId); !status.ok())
            return status;
        if (!ids.insert(customer.id()).second)
            return invalidField(field + ".id", "is there twice");
        if (auto status = checkCustomer(field, customer); !status.ok())
            return status;
    }
    return absl::OkStatus();
}

absl::Status checkSignIn(const v1::SignInRequest& request)
{
    if (request.email().empty() || request.email().size() > kMaxEmail)
        return invalidField("email", "must be 1 to 254 characters");
    if (request.password().empty() || request.password().size() > 4 * kMaxPassword)
        return invalidField("password", "must be 1 to 128 characters");
    return absl::OkStatus();
}

absl::Status checkSignUp(const v1::SignUpRequest& request)
{
    if (auto status = checkEmail("email", request.email()); !status.ok())
        return status;
    if (auto status = checkPassword("password", request.password()); !status.ok())
        return status;
    if (auto status = checkText("name", request.name(), kMaxText); !status.ok())
        return status;
    return checkText("country", request.country(), kMaxText);
}

absl::StatusOr<v1::Customer> updated(const v1::Customer& current, const v1::Customer& changes,
    const google::protobuf::FieldMask& mask)
{
    if (mask.paths().empty())
        return invalidField("update_mask", "must name the fields to change");
    v1::Customer result = current;
    for (const std::string& path : mask.paths()) {
        if (path == "name")
            result.set_name(changes.name());
        else if (path == "email")
            result.set_email(changes.email());
        else if (path == "phone")
            result.set_phone(changes.phone());
        else if (path == "country")
            result.set_country(changes.country());
        else if (path == "addresses")
            *result.mutable_addresses() = changes.addresses();
        else if (path == "tags")
            *result.mutable_tags() = changes.tags();
        else if (path == "note")
            result.set_note(changes.note());
        else if (path == "state")
            result.set_state(changes.state());
        else
            return invalidField("update_mask",
                "names \"" + path
                    + "\"; known: name, email, phone, country, addresses, tags, note, state");
    }
    if (result.state() == v1::CUSTOMER_STATE_UNSPECIFIED)
        return invalidField("customer.state", "must be ACTIVE or BLOCKED");
    if (result.has_password() && result.email().empty())
        return invalidField("customer.email", "must stay set: the customer signs in with it");
    return result;
}

std::string digitsOf(std::string_view phone)
{
    std::string digits;
    std::ranges::copy_if(phone, std::back_inserter(digits), isDigit);
    return digits;
}

std::string phoneTerms(std::string_view phone)
{
    constexpr std::size_t kShortest = 6;
    const std::string digits = digitsOf(phone);
    std::string terms = digits;
    for (std::size_t from = 1; from + kShortest <= digits.size() && from < 16; ++from)
        terms += " " + digits.substr(from);
    return terms;
}

std::string phoneIn(std::string_view filter)
{
    constexpr std::string_view kPhone = "0123456789 +-()./\"";
    const std::string digits = digitsOf(filter);
    return digits.size() >= 6 && filter.find_first_not_of(kPhone) == std::string_view::npos
        ? digits
        : std::string();
}

std::string placeOf(const v1::Customer& customer)
{
    std::string place = customer.country();
    for (const common::v1::Address& address : customer.addresses()) {
        for (const std::string* part : {&address.name(), &address.line1(), &address.line2(),
                 &address.city(), &address.region(), &address.postal_code(), &address.country()}) {
            if (!part->empty())
                place += "\n" + *part;
        }
    }
    return place;
}

bool sameContent(const v1::Customer& a, const v1::Customer& b)
{
    v1::Customer left = a;
    v1::Customer right = b;
    for (v1::Customer* customer : {&left, &right}) {
        customer->clear_etag();
        customer->clear_updated_at();
    }
    return google::protobuf::util::MessageDifferencer::Equals(left, right);
}

std::int64_t refusalUs(std::int64_t failures)
{
    constexpr std::int64_t kFree = 5;
    constexpr std::int64_t kLongest = 15LL * 60 * 1'000'000;
    if (failures < kFree)
        return 0;
    const std::int64_t doublings = std::min<std::int64_t>(failures - kFree, 20);
    return std::min(kLongest, (std::int64_t{1} << doublings) * 1'000'000);
}

} // namespace shopfleet::accounts
