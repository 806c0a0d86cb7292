// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/xdsserver.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

namespace shopfleet::control {

/// One client. The reactor's callbacks come on gRPC's threads and only post; all state is the
/// loop's. It keeps itself alive until the last of its callbacks has run.
class XdsStream final
    : public grpc::ServerBidiReactor<xds::DiscoveryRequest, xds::DiscoveryResponse>,
      public std::enable_shared_from_this<XdsStream> {
public:
    XdsStream(EventLoop& loop, XdsServer& server)
        : m_loop(loop)
        , m_server(server)
    {
    }

    void begin()
    {
        m_self = shared_from_this();
        m_loop.post([self = m_self] { self->m_server.joined(self); });
        StartRead(&m_request);
    }

    void OnReadDone(bool ok) override
    {
        if (!ok)
            return m_loop.post([self = shared_from_this()] { self->finish(); });
        m_loop.post([self = shared_from_this(), request = m_request] { self->take(request); });
        m_request.Clear();
        StartRead(&m_request);
    }

    void OnWriteDone(bool ok) override
    {
        m_loop.post([self = shared_from_this(), ok] {
            self->m_writing = false;
            if (ok)
                self->writeNext();
            else
                self->finish();
        });
    }

    void OnCancel() override
    {
        m_loop.post([self = shared_from_this()] { self->finish(); });
    }

    void OnDone() override
    {
        m_loop.post([self = std::move(m_self)] { self->m_server.left(self.get()); });
    }

    // Something may have changed for this client: sends what did. Endpoints change all the time,
    // routes hardly ever.
    void refresh(bool routes)
    {
        for (auto& [type, wanted] : m_wanted)
            wanted.due = wanted.due || routes || type == kEndpointsType;
        writeNext();
    }

    void finish()
    {
        // A write that is under way has to end first; it fails once the client is gone.
        if (m_finished || m_writing)
            return void(m_ending = true);
        m_finished = true;
        Finish(grpc::Status::OK);
    }

private:
    struct Wanted {
        std::set<std::string> names;
        std::map<std::string, std::string> sent; // Name to bytes.
        std::string nonce;
        bool due = false;
        bool all = false; // The client asked anew: send even what it has.
    };

    void take(const xds::DiscoveryRequest& request)
    {
        if (request.type_url() != kListenerType && request.type_url() != kClusterType
            && request.type_url() != kEndpointsType)
            return; // Types that we do not serve stay unanswered, as the protocol has it.
        auto& wanted = m_wanted[request.type_url()];
        if (!request.response_nonce().empty() && request.response_nonce() != wanted.nonce)
            return; // An answer to an older response of ours: the newer one gets its own.
        if (request.has_error_detail())
            spdlog::warn("a discovery client refused {}: {}", request.type_url(),
                request.error_detail().message());
        std::set<std::string> names(
            request.resource_names().begin(), request.resource_names().end());
        const bool first = request.response_nonce().empty();
        if (!first && names == wanted.names)
            return; // It agrees.
        std::erase_if(wanted.sent, [&](const auto& sent) { return !names.contains(sent.first); });
        wanted.names = std::move(names);
        wanted.due = true;
        wanted.all = wanted.all || first;
        writeNext();
    }

    void writeNext()
    {
        if (m_ending)
            return finish();
        if (m_writing || m_finished)
            return;
        for (auto& [type, wanted] : m_wanted) {
            if (std::exchange(wanted.due, false) && fill(type, wanted)) {
                m_writing = true;
                return StartWrite(&m_response);
            }
        }
    }

    // False: the client has all of it.
    bool fill(const std::string& type, Wanted& wanted)
    {
        const bool whole = type
            != kEndpointsType; // Listeners and clusters that are left out would count as deleted.
        const bool everything = std::exchange(wanted.all, false) && !wanted.names.empty();
        bool changed = everything;
        m_response.Clear();
        std::map<std::string, std::string> sent;
        for (const auto& name : wanted.names) {
            auto resource = m_server.resource(type, name);
            const auto before = wanted.sent.find(name);
            const bool fresh = before == wanted.sent.end() || before->second != resource.value();
            changed = changed || fresh;
            sent[name] = resource.value();
            if (whole || fresh || everything)
                *m_response.add_resources() = std::move(resource);
        }
        wanted.sent = std::move(sent);
        if (!changed)
            return false;
        wanted.nonce = absl::StrCat(++m_nonce);
        m_response.set_nonce(wanted.nonce);
        m_response.set_version_info(wanted.nonce);
        m_response.set_type_url(type);
        return true;
    }

    EventLoop& m_loop;
    XdsServer& m_server;
    std::shared_ptr<XdsStream> m_self;
    xds::DiscoveryRequest m_request; // Filled by gRPC between StartRead and OnReadDone.
    xds::DiscoveryResponse m_response;
    std::map<std::string, Wanted> m_wanted;
    std::uint64_t m_nonce = 0;
    bool m_writing = false;
    bool m_ending = false;
    bool m_finished = false;
};

XdsServer::XdsServer(EventLoop& loop)
    : m_loop(loop)
{
}

XdsServer::~XdsServer() = default;

void XdsServer::update(std::vector<ServiceEndpoints> services)
{
    std::map<std::string, ServiceEndpoints> next;
    for (auto& service : services)
        next.emplace(service.service, service);
    if (next == m_services)
        return;
    const bool routes = !std::ranges::equal(next, m_services, [](const auto& a, const auto& b) {
        return a.first == b.first && a.second.database == b.second.database;
    });
    m_services = std::move(next);
    for (const auto& [key, stream] : m_streams)
        stream->refresh(routes);
}

void XdsServer::close()
{
    m_closed = true;
    for (const auto& [key, stream] : m_streams)
        stream->finish();
}

grpc::ServerBidiReactor<xds::DiscoveryRequest, xds::DiscoveryResponse>*
XdsServer::StreamAggregatedResources(grpc::CallbackServerContext*)
{
    const auto stream = std::make_shared<XdsStream>(m_loop, *this);
    stream->begin();
    return stream.get();
}

google::protobuf::Any XdsServer::resource(const std::string& type, const std::string& name) const
{
    // A name that is not known gets a listener and a cluster as well, without endpoints: calls then
    // fail at once, where a client that waits for a resource that never comes would hang for 15 s.
    const auto found = m_services.find(type == kListenerType ? name : serviceOf(name));
    static const ServiceEndpoints kNobody;
    const auto& service = found == m_services.end() ? kNobody : found->second;
    if (type == kListenerType)
        return listener(name, service.database);
    if (type == kClusterType)
        return cluster(name);
    return assignment(name, service);
}

void XdsServer::joined(const std::shared_ptr<XdsStream>& stream)
{
    m_streams[stream.get()] = stream;
    if (m_closed)
        stream->finish();
}

void XdsServer::left(XdsStream* stream)
{
    m_streams.erase(stream);
}

} // namespace shopfleet::control
