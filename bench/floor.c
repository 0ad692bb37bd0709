// floor: the kernel work of a lab by raw netlink and nothing else. What topo is measured against.
//   cc -O2 -o floor floor.c && scripts/sandbox sh -c 'for each in up dump down; do ./floor $each containers=300; done'
// up builds the lab, prints the seconds of its stages and leaves it pinned under /run/netns; dump reads it, as a command must
// that finds it there; down returns when the kernel has let go. All take the same options. A container is a namespace, its
// pin, lo up, a default route, and for each of its networks a veth pair, born with one end in it and the other in the fabric (a
// namespace of its own), an address, up, and the port on the bridge. Many messages go in one send, the last is acknowledged.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum option { CONTAINERS, BRIDGES, NETWORKS, IPV6, ROUTES, BATCH, ACKS, EARLY, FE80, SNOOPING, QUEUES, OPTIONS };
static struct { const char *name; int value; } options[] = {
    {"containers", 300},
    {"bridges", 1},  // the containers are spread over them
    {"networks", 1}, // of each container
    {"ipv6", 0},     // an address and a default route of this family, too
    {"routes", 0},   // more routes in the first container
    {"batch", 200},  // messages in one send
    {"acks", 0},     // 1: each message is acknowledged
    {"early", 0},    // 1: a port is on its bridge from its birth, before it is up
    {"fe80", 0},     // 1: the kernel gives each interface an address fe80:: of its own, as it does when nobody says no
    {"snooping", 0}, // 1: of multicast by the bridges, as when nobody says no
    {"queues", 0},   // 1: an end of a cable has one in each direction, not one per processor of which all but one go again
};
static int the(enum option option) { return options[option].value; }

static int ok(int result, const char *what) {
    if (result >= 0) return result;
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

// ---- messages: a buffer that grows by messages, attributes and nests --------------------------------------------------

static char out[1 << 18], in[1 << 18];
static size_t length;
static int target, waiting, depth; // the socket that the messages are for, how many they are, how many nests are open
static struct nlmsghdr *current;
static struct rtattr *nests[4]; // they end with the message

static void *take(size_t size) {
    void *place = out + length;
    ok((length += NLMSG_ALIGN(size)) > sizeof out ? -1 : 0, "one batch is too long");
    return memset(place, 0, NLMSG_ALIGN(size));
}

static void *begin(int type, int flags, size_t header) {
    static uint32_t sequence;
    flags |= NLM_F_REQUEST | (the(ACKS) ? NLM_F_ACK : 0);
    current = take(sizeof *current);
    *current = (struct nlmsghdr){.nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = ++sequence};
    return take(header);
}

static struct rtattr *attribute(int type, const void *data, size_t size) {
    struct rtattr *a = take(RTA_LENGTH(size));
    *a = (struct rtattr){RTA_LENGTH(size), type};
    memcpy(RTA_DATA(a), data, size);
    return a;
}

static void nest(int type) { nests[depth++] = attribute(type, "", 0); }
static void text(int type, const char *value) { attribute(type, value, strlen(value) + 1); }
static void number(int type, uint32_t value) { attribute(type, &value, sizeof value); }
static void byte(int type, uint8_t value) { attribute(type, &value, sizeof value); }

static void queues(void) { the(QUEUES) ? number(IFLA_NUM_TX_QUEUES, 1), number(IFLA_NUM_RX_QUEUES, 1) : (void)0; }
static int open_socket(void) {
    int size = 8 << 20, s = ok(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
    setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    return s;
}

// Sends what was begun, and reads until the last message is acknowledged. An error of any message ends the program.
static void send_all(void) {
    if (!waiting) return;
    current->nlmsg_flags |= NLM_F_ACK;
    ok(send(target, out, length, 0), "send");
    for (length = waiting = 0;;) {
        ssize_t size = ok(recv(target, in, sizeof in, 0), "recv");
        for (struct nlmsghdr *h = (void *)in; NLMSG_OK(h, size); h = NLMSG_NEXT(h, size)) {
            ok(-(errno = -((struct nlmsgerr *)NLMSG_DATA(h))->error), "the kernel");
            if (h->nlmsg_seq == current->nlmsg_seq)
                return;
        }
    }
}

static void end(void) {
    while (depth)
        depth--, nests[depth]->rta_len = out + length - (char *)nests[depth];
    current->nlmsg_len = out + length - (char *)current;
    if (++waiting == the(BATCH))
        send_all();
}

static void dump(int s, int type, size_t header) {
    begin(type, NLM_F_DUMP, header);
    current->nlmsg_len = length;
    ok(send(s, out, length, 0), "send");
    for (length = 0;;) {
        ssize_t size = ok(recv(s, in, sizeof in, 0), "recv");
        for (struct nlmsghdr *h = (void *)in; NLMSG_OK(h, size); h = NLMSG_NEXT(h, size))
            if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
                return;
    }
}

// ---- what a lab is made of: network b is the b-th /20 of 10.0.0.0/8, and fd00:b::/64; container i is in it the (i + 2)th --

enum { FIRST = 2 }; // index of the first bridge in the fabric, and of the first interface in a container

static int network_of(int i, int k) { return ((long)i * the(BRIDGES) / the(CONTAINERS) + k) % the(BRIDGES); }
static int port_of(int i, int k) { return FIRST + the(BRIDGES) + i * the(NETWORKS) + k; }
static void change(int index, unsigned up) {
    struct ifinfomsg *m = begin(RTM_NEWLINK, 0, sizeof *m);
    m->ifi_index = index, m->ifi_flags = m->ifi_change = up;
}

static void create(int index, const char *name, const char *kind, int master, unsigned up) {
    change(index, up), current->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
    text(IFLA_IFNAME, name);
    if (master) number(IFLA_MASTER, master);
    queues(), nest(IFLA_LINKINFO), text(IFLA_INFO_KIND, kind), nest(IFLA_INFO_DATA);
}

// Both ends are born where they belong, with their names and indexes, and this one is up.
static void cable(int index, const char *name, int master, int peer_index, const char *peer_name, int peer_namespace) {
    create(index, name, "veth", master, IFF_UP), nest(VETH_INFO_PEER);
    ((struct ifinfomsg *)take(sizeof(struct ifinfomsg)))->ifi_index = peer_index;
    text(IFLA_IFNAME, peer_name), queues(), number(IFLA_NET_NS_FD, peer_namespace), end();
}

// Without this the kernel is busy with addresses fe80:: of its own for seconds.
static int fe80_mode(void) { return the(FE80) ? 0 /* IN6_ADDR_GEN_MODE_EUI64 */ : 1 /* _NONE */; }

static void attach(int i, int k, int namespace) {
    char port[32], name[16];
    snprintf(port, sizeof port, "c%d.%d", i, k), snprintf(name, sizeof name, "eth%d", k);
    cable(port_of(i, k), port, the(EARLY) ? FIRST + network_of(i, k) : 0, FIRST + k, name, namespace);
}

static struct ip { int family, size; uint8_t bytes[16]; } ip_of(int six, int network, int host) {
    return six ? (struct ip){AF_INET6, 16, {0xfd, 0, network >> 8, network, [14] = host >> 8, host}}
               : (struct ip){AF_INET, 4, {10, network >> 4, network << 4 | host >> 8, host}};
}

static void address(int six, int index, int network, int host) {
    struct ip ip = ip_of(six, network, host);
    struct ifaddrmsg *m = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    *m = (struct ifaddrmsg){ip.family, six ? 64 : 20, six ? IFA_F_NODAD : 0, RT_SCOPE_UNIVERSE, index};
    attribute(IFA_LOCAL, ip.bytes, ip.size), attribute(IFA_ADDRESS, ip.bytes, ip.size), end();
}

static void configure(int index, int network, int host) {
    change(index, 0), nest(IFLA_AF_SPEC), nest(AF_INET6), byte(IFLA_INET6_ADDR_GEN_MODE, fe80_mode()), end();
    address(0, index, network, host), change(index, IFF_UP), end();
    if (the(IPV6)) // now: of an interface that is down the kernel makes the route of its network later, when it finds the time
        address(1, index, network, host);
}

static void route(int six, uint32_t to, int prefix, int network) { // prefix 0: the default route
    struct ip gateway = ip_of(six, network, 1);
    struct rtmsg *m = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    *m = (struct rtmsg){gateway.family, prefix, 0, 0, RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_UNIVERSE, RTN_UNICAST, 0};
    if (prefix)
        number(RTA_DST, htonl(to));
    attribute(RTA_GATEWAY, gateway.bytes, gateway.size), number(RTA_OIF, FIRST), end();
}

// ---- namespaces: the containers', from 0 to N - 1, and the fabric, N ------------------------------------------------------

static int opened(const char *path) { return ok(open(path, O_RDONLY | O_CLOEXEC), path); }
static int own(void) { return opened("/proc/thread-self/ns/net"); }
static void enter(int namespace) { ok(setns(namespace, CLONE_NEWNET), "setns"); }
static const char *pin(int i) {
    static char path[32];
    return snprintf(path, sizeof path, "/run/netns/floor%d", i), path;
}

static int entered_new(int i) {
    ok(unshare(CLONE_NEWNET), "unshare");
    close(ok(open(pin(i), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), pin(i)));
    ok(mount("/proc/thread-self/ns/net", pin(i), "none", MS_BIND, NULL), "mount");
    return own();
}

// The kernel lets go of namespaces later, in order: when one that is dropped last has taken its cable along, the others'
// devices are gone, and when a second one has, so are the namespaces.
static void wait_until_gone(void) {
    int before = own(), last = (ok(unshare(CLONE_NEWNET), "unshare"), own());
    enter(before), target = open_socket();
    cable(0, "floorlast", 0, 0, "peer", last), send_all();
    close(last), close(before), close(target);
    while (if_nametoindex("floorlast"))
        usleep(500);
}

// ---- the three commands ------------------------------------------------------------------------------------------------

static void stage(const char *name) {
    static double before;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double now = t.tv_sec + t.tv_nsec * 1e-9;
    before ? printf("%s %.4f\n", name, now - before) : 0;
    before = now;
}

static int build_fabric(int n) {
    close(entered_new(n));
    int six = ok(open("/proc/sys/net/ipv6/conf/default/addr_gen_mode", O_WRONLY | O_CLOEXEC), "addr_gen_mode");
    ok(write(six, fe80_mode() ? "1" : "0", 1), "addr_gen_mode"), close(six);
    int fabric = target = open_socket();
    change(1, IFF_UP), end();
    for (int b = 0; b < the(BRIDGES); b++) {
        char name[16];
        snprintf(name, sizeof name, "br%d", b), create(FIRST + b, name, "bridge", 0, 0);
        byte(IFLA_BR_MCAST_SNOOPING, the(SNOOPING)), end(), configure(FIRST + b, b, 1);
    }
    return send_all(), fabric;
}

static void build(int n) {
    int *namespaces = calloc(n, sizeof(int)), *sockets = calloc(n, sizeof(int)), ports = n * the(NETWORKS), each = the(NETWORKS);
    struct rlimit files = {2 * n + 100, 2 * n + 100};
    ok(setrlimit(RLIMIT_NOFILE, &files), "setrlimit"), mkdir("/run/netns", 0755), stage("");
    int fabric = build_fabric(n);
    for (int i = 0; i < n; i++)
        namespaces[i] = entered_new(i), sockets[i] = open_socket();
    stage("namespaces"), enter(opened(pin(n))), target = fabric;
    for (int p = 0; p < ports; p++)
        attach(p / each, p % each, namespaces[p / each]);
    send_all(), stage("cables");
    for (int i = 0; i < n; i++) {
        target = sockets[i], change(1, IFF_UP), end();
        for (int k = 0; k < each; k++)
            configure(FIRST + k, network_of(i, k), i + 2);
        for (int six = 0; six <= the(IPV6); six++)
            route(six, 0, 0, network_of(i, 0));
        for (int r = 0; i == 0 && r < the(ROUTES); r++)
            route(0, 100u << 24 | r << 8, 24, network_of(i, 0));
        send_all();
    }
    stage("insides"), target = fabric;
    for (int p = 0; p < ports && !the(EARLY); p++)
        change(port_of(p / each, p % each), 0), number(IFLA_MASTER, FIRST + network_of(p / each, p % each)), end();
    send_all(), stage("ports");
}

static void look(int n) {
    for (int i = 0; i <= n; i++) {
        int namespace = opened(pin(i)), s = (enter(namespace), open_socket());
        dump(s, RTM_GETLINK, sizeof(struct ifinfomsg));
        dump(s, RTM_GETADDR, sizeof(struct ifaddrmsg));
        dump(s, RTM_GETROUTE, sizeof(struct rtmsg));
        close(s), close(namespace);
    }
}

static void drop(int n) {
    for (int i = 0; i <= n; i++)
        ok(umount2(pin(i), MNT_DETACH), "umount"), ok(unlink(pin(i)), "unlink");
    wait_until_gone(), wait_until_gone();
}

static void gone(int n) { (void)n, wait_until_gone(); } // waits for what others have let go of

int main(int count, char **words) {
    for (int i = 2; i < count; i++) {
        size_t size = strcspn(words[i], "=");
        enum option which = 0;
        while (which < OPTIONS && (strlen(options[which].name) != size || strncmp(words[i], options[which].name, size)))
            which++;
        errno = EINVAL, ok(which < OPTIONS && words[i][size] ? 0 : -1, words[i]);
        options[which].value = atoi(words[i] + size + 1);
    }
    struct { const char *name; void (*run)(int); } commands[] = {{"up", build}, {"dump", look}, {"down", drop}, {"gone", gone}};
    for (int i = 0; i < 4 && count > 1; i++)
        if (!strcmp(commands[i].name, words[1]))
            return commands[i].run(the(CONTAINERS)), 0;
    errno = EINVAL, ok(-1, "up, dump, down or gone");
}
