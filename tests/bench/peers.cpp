// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTimer>

#include <csignal>
#include <functional>
#include <set>
#include <thread>
#include <utility>

using namespace Qt::StringLiterals;

namespace shopfleet::bench {

namespace {

constexpr int kPm2Port = 18'080;
constexpr int kSupervisordPort = 18'090; // And those after it. One ends while the other begins.
constexpr int kReplicas = 4;
constexpr int kKills = 7;
constexpr int kScalings = 3;
constexpr int kAskEachMs = 2;
constexpr int kHangsMs = 1'000;
constexpr int kGiveUpMs = 20'000;
constexpr int kNoCrashLoopMs = 2'000;

void rest(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

/// Asks every port again and again, by a new connection that waits for none before it.
class Asker final : public QObject {
public:
    Asker(int firstPort, int ports)
    {
        QObject::connect(&m_timer, &QTimer::timeout, this, [this, firstPort, ports] {
            for (int i = 0; i < ports; ++i)
                ask(firstPort + i);
        });
        m_timer.start(kAskEachMs);
    }

    /// Milliseconds from now until it is so; gives up after kGiveUpMs.
    std::optional<double> until(const std::function<bool()>& so)
    {
        QElapsedTimer timer;
        timer.start();
        while (!so()) {
            if (timer.elapsed() > kGiveUpMs)
                return std::nullopt;
            rest(1);
        }
        return static_cast<double>(timer.nsecsElapsed()) / 1e6;
    }

    std::set<int> pids; ///< Who has answered.
    int latest = 0; ///< Who answered last.
    int hung = 0;

private:
    void ask(int port)
    {
        auto* socket = new QTcpSocket(this);
        QObject::connect(socket, &QTcpSocket::connected, socket,
            [socket] { socket->write("GET / HTTP/1.0\r\n\r\n"); });
        QObject::connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            const QByteArray answer = socket->isOpen() ? socket->readAll() : QByteArray();
            const int pid = answer.mid(answer.lastIndexOf("\r\n") + 2).toInt();
            if (pid > 0) {
                pids.insert(pid);
                latest = pid;
            }
            socket->deleteLater();
        });
        QObject::connect(
            socket, &QTcpSocket::errorOccurred, socket, [socket](QTcpSocket::SocketError error) {
                if (error != QTcpSocket::RemoteHostClosedError)
                    socket->deleteLater();
            });
        QTimer::singleShot(kHangsMs, socket, [this, socket] {
            ++hung;
            socket->deleteLater();
        });
        socket->connectToHost(u"127.0.0.1"_s, static_cast<quint16>(port));
    }

    QTimer m_timer;
};

bool runs(const QString& program, const QStringList& arguments, const QProcessEnvironment& with)
{
    QProcess process;
    process.setProcessEnvironment(with);
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(program, arguments);
    return process.waitForFinished(kGiveUpMs) && process.exitCode() == 0;
}

/// Both in one shape: how many replicas there are to be, and which process manages them.
class Peer {
public:
    virtual ~Peer() = default;
    virtual bool scale(int replicas) = 0; ///< Returns when the manager's own tool does.
    virtual int manager() = 0;
    virtual int port() const = 0; ///< The first one.
    virtual int ports(int replicas) const = 0; ///< One for all, or one for each.
};

/// Its workers share the master's socket.
class Pm2 final : public Peer {
public:
    Pm2(QString program, const QString& folder, QString server)
        : m_program(std::move(program))
        , m_home(folder + u"/pm2"_s)
        , m_server(std::move(server))
    {
        m_environment.insert(u"PM2_HOME"_s, m_home);
        m_environment.insert(u"PORT"_s, QString::number(kPm2Port));
    }

    ~Pm2() override { runs(m_program, {u"kill"_s}, m_environment); }

    bool scale(int replicas) override
    {
        const auto count = QString::number(replicas);
        if (std::exchange(m_started, true))
            return runs(m_program, {u"scale"_s, u"server"_s, count}, m_environment);
        return runs(m_program, {u"start"_s, m_server, u"-i"_s, count, u"--name"_s, u"server"_s},
            m_environment);
    }

    int manager() override
    {
        QFile file(m_home + u"/pm2.pid"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
    }

    int port() const override { return kPm2Port; }
    int ports(int) const override { return 1; }

private:
    QString m_program, m_home, m_server;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
    bool m_started = false;
};

/// Its processes have nothing in common: a port for each.
class Supervisord final : public Peer {
public:
    Supervisord(QString folder, QString server)
        : m_folder(std::move(folder))
        , m_server(std::move(server))
    {
    }

    ~Supervisord() override { control(u"shutdown"_s); }

    bool scale(int replicas) override
    {
        QFile file(configuration());
        if (!file.open(QIODevice::WriteOnly))
            return false;
        file.write(uR"([supervisord]
pidfile=%1/supervisord.pid
logfile=%1/supervisord.log
[unix_http_server]
file=%1/supervisord.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://%1/supervisord.sock
[program:server]
command=node %2
environment=PORT="%3%(process_num)d"
process_name=server%(process_num)d
numprocs=%4
autorestart=true
)"_s.arg(m_folder, m_server)
                       .arg(kSupervisordPort / 10)
                       .arg(replicas)
                       .toUtf8());
        file.close();
        if (std::exchange(m_started, true))
            return control(u"update"_s);
        return runs(u"supervisord"_s, {u"-c"_s, configuration()}, m_environment);
    }

    int manager() override
    {
        QFile file(m_folder + u"/supervisord.pid"_s);
        return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
    }

    int port() const override { return kSupervisordPort; }
    int ports(int replicas) const override { return replicas; }

private:
    QString configuration() const { return m_folder + u"/supervisord.conf"_s; }

    bool control(const QString& verb)
    {
        return runs(u"supervisorctl"_s, {u"-c"_s, configuration(), verb}, m_environment);
    }

    QString m_folder, m_server;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
    bool m_started = false;
};

double residentMb(int pid)
{
    QFile file(u"/proc/%1/status"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray status = file.readAll();
    const auto at = status.indexOf("VmRSS:");
    return at < 0 ? 0 : status.mid(at + 6).trimmed().split(' ').first().toDouble() / 1024;
}

/// Its tool is asked on a process of its own, as a hand at another terminal would.
std::optional<PeerFigures> measure(Peer& peer)
{
    PeerFigures figures;
    if (!peer.scale(1))
        return std::nullopt;
    for (int i = 0; i < kKills; ++i) {
        Asker asker(peer.port(), 1);
        if (!asker.until([&] { return asker.latest > 0; }))
            return std::nullopt;
        rest(kNoCrashLoopMs);
        const int pid = asker.latest;
        ::kill(pid, SIGKILL);
        const auto took = asker.until([&] { return asker.latest != pid; });
        if (!took)
            return std::nullopt;
        figures.recoveryMs.push_back(*took);
        rest(kHangsMs + 200); // What hangs is known by then.
        figures.hung += asker.hung;
    }
    for (int i = 0; i < kScalings; ++i) {
        Asker asker(peer.port(), peer.ports(kReplicas));
        if (!asker.until([&] { return asker.pids.size() == 1; }))
            return std::nullopt;
        rest(kNoCrashLoopMs);
        std::thread tool([&] { peer.scale(kReplicas); });
        const auto took = asker.until([&] { return asker.pids.size() == kReplicas; });
        tool.join();
        if (!took)
            return std::nullopt;
        figures.scaleMs.push_back(*took);
        figures.residentMb = residentMb(peer.manager());
        if (!peer.scale(1))
            return std::nullopt;
        rest(kNoCrashLoopMs);
    }
    return figures;
}

QString server(const QTemporaryDir& folder)
{
    QFile file(folder.filePath(u"server.js"_s));
    if (file.open(QIODevice::WriteOnly))
        file.write("require('http').createServer((request, response) => "
                   "response.end(String(process.pid)))"
                   ".listen(Number(process.env.PORT), '127.0.0.1');\n");
    return file.fileName();
}

bool isInstalled(const QString& program)
{
    return !QStandardPaths::findExecutable(program).isEmpty();
}

} // namespace

std::optional<PeerFigures> measurePm2()
{
    const QString program = qEnvironmentVariable("PM2", u"pm2"_s);
    if (!isInstalled(program) || !isInstalled(u"node"_s))
        return std::nullopt;
    const QTemporaryDir folder;
    Pm2 peer(program, folder.path(), server(folder));
    return measure(peer);
}

std::optional<PeerFigures> measureSupervisord()
{
    if (!isInstalled(u"supervisord"_s) || !isInstalled(u"node"_s))
        return std::nullopt;
    const QTemporaryDir folder;
    Supervisord peer(folder.path(), server(folder));
    return measure(peer);
}

} // namespace shopfleet::bench
