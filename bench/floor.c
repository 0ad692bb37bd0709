// floor: the kernel work of a lab of N containers on one bridge, by raw netlink and nothing else. What topo is measured against.
//
//   cc -O2 -o floor floor.c && scripts/sandbox ./floor 300        prints {"up": SECONDS, "dump": SECONDS, "down": SECONDS}
//
// For each container: a namespace pinned under /run/netns, lo up, a veth pair born with one end in it and the other in the
// fabric (a namespace of its own), the address, up, the default route, and the port on the bridge last, when both ends are up
// (a port that is enslaved before that costs 7 % more). Messages go many to a send, with one acknowledgement at the end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 200, FIRST_PORT = 10, INSIDE = 2 };

static void die(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int ok(int result, const char *what) {
    if (result < 0)
        die(what);
    return result;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

// ---- messages: a buffer that grows by messages, attributes and nests --------------------------------------------------

static char out[1 << 18], in[1 << 18];
static size_t length;
static struct nlmsghdr *current;

static void *take(size_t size) {
    void *place = out + length;
    if ((length += NLMSG_ALIGN(size)) > sizeof out)
        die("too much in one batch");
    return memset(place, 0, NLMSG_ALIGN(size));
}

static void *begin(int type, int flags, size_t header) {
    static uint32_t sequence;
    current = take(sizeof *current);
    current->nlmsg_type = type;
    current->nlmsg_flags = NLM_F_REQUEST | flags;
    current->nlmsg_seq = ++sequence;
    return take(header);
}

static struct rtattr *attribute(int type, const void *data, size_t size) {
    struct rtattr *a = take(RTA_LENGTH(size));
    a->rta_type = type;
    a->rta_len = RTA_LENGTH(size);
    if (data)
        memcpy(RTA_DATA(a), data, size);
    return a;
}

static void number(int type, uint32_t value) { attribute(type, &value, sizeof value); }
static void text(int type, const char *value) { attribute(type, value, strlen(value) + 1); }
static void ended(struct rtattr *nest) { nest->rta_len = out + length - (char *)nest; }
static void end(void) { current->nlmsg_len = out + length - (char *)current; }

static int open_socket(void) {
    int size = 8 << 20, s = ok(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
    setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    return s;
}

// Sends all that was begun, and reads until the last message is acknowledged. An error of any message ends the program.
static void send_all(int s) {
    if (!length)
        return;
    current->nlmsg_flags |= NLM_F_ACK;
    ok(send(s, out, length, 0), "send");
    length = 0;
    for (;;) {
        ssize_t size = ok(recv(s, in, sizeof in, 0), "recv");
        for (struct nlmsghdr *h = (void *)in; NLMSG_OK(h, size); h = NLMSG_NEXT(h, size)) {
            struct nlmsgerr *e = NLMSG_DATA(h);
            errno = -e->error;
            if (e->error)
                die("the kernel");
            if (h->nlmsg_seq == current->nlmsg_seq)
                return;
        }
    }
}

static void dump(int s, int type, size_t header) {
    begin(type, NLM_F_DUMP, header);
    end();
    ok(send(s, out, length, 0), "send");
    length = 0;
    for (;;) {
        ssize_t size = ok(recv(s, in, sizeof in, 0), "recv");
        for (struct nlmsghdr *h = (void *)in; NLMSG_OK(h, size); h = NLMSG_NEXT(h, size))
            if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR)
                return;
    }
}

// ---- what a lab is made of ---------------------------------------------------------------------------------------------

static void up(int index) {
    struct ifinfomsg *m = begin(RTM_NEWLINK, 0, sizeof *m);
    m->ifi_index = index;
    m->ifi_flags = m->ifi_change = IFF_UP;
    end();
}

// Without it every interface asks for an fe80:: address, and the kernel is busy with that for seconds.
static void no_link_local(int index) {
    uint8_t none = 1; // IN6_ADDR_GEN_MODE_NONE
    struct ifinfomsg *m = begin(RTM_NEWLINK, 0, sizeof *m);
    m->ifi_index = index;
    struct rtattr *spec = attribute(IFLA_AF_SPEC, NULL, 0), *six = attribute(AF_INET6, NULL, 0);
    attribute(IFLA_INET6_ADDR_GEN_MODE, &none, 1);
    ended(six), ended(spec);
    end();
}

static void bridge(void) {
    uint8_t off = 0;
    struct ifinfomsg *m = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    m->ifi_index = INSIDE;
    text(IFLA_IFNAME, "default0");
    struct rtattr *info = attribute(IFLA_LINKINFO, NULL, 0);
    text(IFLA_INFO_KIND, "bridge");
    struct rtattr *data = attribute(IFLA_INFO_DATA, NULL, 0);
    attribute(IFLA_BR_MCAST_SNOOPING, &off, 1);
    ended(data), ended(info);
    end();
}

// Both ends are born where they belong, with their names and indexes.
static void veth(int i, int namespace) {
    char name[32];
    snprintf(name, sizeof name, "c%d.eth0", i);
    uint8_t mac[6] = {2, 0x42, 172, 17, (i + 2) >> 8, (i + 2) & 255};
    struct ifinfomsg *m = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    m->ifi_index = FIRST_PORT + i;
    text(IFLA_IFNAME, name);
    number(IFLA_GROUP, 0x75000000);
    struct rtattr *info = attribute(IFLA_LINKINFO, NULL, 0);
    text(IFLA_INFO_KIND, "veth");
    struct rtattr *data = attribute(IFLA_INFO_DATA, NULL, 0), *peer = attribute(VETH_INFO_PEER, NULL, 0);
    m = take(sizeof *m);
    m->ifi_index = INSIDE;
    text(IFLA_IFNAME, "eth0");
    attribute(IFLA_ADDRESS, mac, sizeof mac);
    number(IFLA_NET_NS_FD, namespace);
    ended(peer), ended(data), ended(info);
    end();
}

static void address(int index, uint32_t ip, int prefix) {
    ip = htonl(ip);
    struct ifaddrmsg *m = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    *m = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_index = index};
    attribute(IFA_LOCAL, &ip, 4);
    attribute(IFA_ADDRESS, &ip, 4);
    end();
}

static void default_route(uint32_t gateway) {
    gateway = htonl(gateway);
    struct rtmsg *m = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof *m);
    *m = (struct rtmsg){.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC, .rtm_type = RTN_UNICAST};
    attribute(RTA_GATEWAY, &gateway, 4);
    number(RTA_OIF, INSIDE);
    end();
}

static void enslave(int i) {
    struct ifinfomsg *m = begin(RTM_NEWLINK, 0, sizeof *m);
    m->ifi_index = FIRST_PORT + i;
    m->ifi_flags = m->ifi_change = IFF_UP;
    number(IFLA_MASTER, INSIDE);
    end();
}

// ---- namespaces --------------------------------------------------------------------------------------------------------

static void path_of(char *path, int i) { sprintf(path, "/run/netns/floor%d", i); }

static int open_own(void) { return ok(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "open"); }

// Enters a new namespace; it is pinned under its name.
static int pinned(int i) {
    char path[64];
    path_of(path, i);
    ok(unshare(CLONE_NEWNET), "unshare");
    close(ok(open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), path));
    ok(mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL), "mount");
    return open_own();
}

static void unpin(int i) {
    char path[64];
    path_of(path, i);
    ok(umount2(path, MNT_DETACH), path);
    ok(unlink(path), path);
}

// The kernel lets go of namespaces later, in order: when one that is dropped last has taken its cable along, the others'
// devices are gone, and when a second one has, so are the namespaces.
static void wait_until_gone(int host) {
    ok(unshare(CLONE_NEWNET), "unshare");
    int last = open_own();
    ok(setns(host, CLONE_NEWNET), "setns");
    int s = open_socket();
    begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
    text(IFLA_IFNAME, "floorlast");
    struct rtattr *info = attribute(IFLA_LINKINFO, NULL, 0);
    text(IFLA_INFO_KIND, "veth");
    struct rtattr *data = attribute(IFLA_INFO_DATA, NULL, 0), *peer = attribute(VETH_INFO_PEER, NULL, 0);
    take(sizeof(struct ifinfomsg));
    number(IFLA_NET_NS_FD, last);
    ended(peer), ended(data), ended(info);
    end();
    send_all(s);
    close(last), close(s);
    while (if_nametoindex("floorlast"))
        usleep(500);
}

int main(int count, char **arguments) {
    int n = count > 1 ? atoi(arguments[1]) : 300;
    uint32_t net = 0xac110000; // 172.17.0.0/16
    int *namespaces = calloc(n, sizeof *namespaces), *sockets = calloc(n, sizeof *sockets);
    struct rlimit files = {2 * n + 100, 2 * n + 100};
    ok(setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
    mkdir("/run/netns", 0755);
    int host = open_own();

    double start = now();
    int fabric = pinned(n), shared = open_socket();
    bridge(), no_link_local(INSIDE), address(INSIDE, net + 1, 16), up(1), up(INSIDE);
    send_all(shared);
    for (int i = 0; i < n; i++)
        namespaces[i] = pinned(i), sockets[i] = open_socket();
    ok(setns(fabric, CLONE_NEWNET), "setns");
    for (int i = 0; i < n; i++) {
        veth(i, namespaces[i]), no_link_local(FIRST_PORT + i);
        if ((i + 1) % BATCH == 0 || i + 1 == n)
            send_all(shared);
    }
    for (int i = 0; i < n; i++) {
        up(1), no_link_local(INSIDE), address(INSIDE, net + 2 + i, 16), up(INSIDE), default_route(net + 1);
        send_all(sockets[i]);
    }
    for (int i = 0; i < n; i++) {
        enslave(i);
        if ((i + 1) % BATCH == 0 || i + 1 == n)
            send_all(shared);
    }
    double built = now();

    dump(shared, RTM_GETLINK, sizeof(struct ifinfomsg));
    for (int i = 0; i < n; i++) {
        dump(sockets[i], RTM_GETLINK, sizeof(struct ifinfomsg));
        dump(sockets[i], RTM_GETADDR, sizeof(struct ifaddrmsg));
        dump(sockets[i], RTM_GETROUTE, sizeof(struct rtmsg));
    }
    double seen = now();

    ok(setns(host, CLONE_NEWNET), "setns");
    for (int i = 0; i < n; i++)
        unpin(i), close(sockets[i]), close(namespaces[i]);
    unpin(n), close(shared), close(fabric);
    wait_until_gone(host), wait_until_gone(host);
    printf("{\"up\": %.4f, \"dump\": %.4f, \"down\": %.4f}\n", built - start, seen - built, now() - seen);
}
