// loadgen.c: the load. One thread keeps one request in flight on each of many
// connections, and counts what comes back.
//
//   loadgen -p PORT [-P PID] [-c CONNECTIONS] [-s SIZE | -g PATH] [-t SECONDS] [-w SECONDS] [-S] [-i]
//
// -s sends messages of SIZE bytes and expects each back; -g gets PATH over HTTP/1.1 on
// kept connections. It warms up for -w seconds, and until there were as many answers as
// there are connections; every echoed byte of that time is compared. Then it measures for
// -t seconds, and until there were twice as many answers: the first of each connection may
// have been on its way before. So a slow server is measured too. It reads the processor time
// of process PID, to the nanosecond, at both ends of this window, so that starting and
// connecting cost the server nothing. -S polls and never sleeps, so that the server isn't
// charged for waking it: use it where it has a processor of its own.
//
// -i opens the connections, makes one exchange on each, and tells how many bytes of
// resident memory each of them costs.
//
// It prints one line of key=value pairs. The server's end of a connection sees a reset
// at the end, so that no connection is left in TIME_WAIT.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 512, BUFFER = 1 << 18, PATIENCE = 30 /* seconds */ };

typedef struct {
	int fd;
	size_t got; // bytes of the answer so far
} Conn;

static int port, conns = 64, spin, idle;
static pid_t pid;
static double seconds = 1, warm = 0.2;
static char *request, *path, buffer[BUFFER];
static size_t asks = 64, answers; // bytes of a request and of an answer

static void die(const char *what) {
	fprintf(stderr, "loadgen: %s: %s\n", what, errno ? strerror(errno) : "unexpected");
	exit(1);
}

static double seconds_of(clockid_t clock) {
	struct timespec t;
	if (clock_gettime(clock, &t)) die("clock");
	return t.tv_sec + t.tv_nsec / 1e9;
}

static double now(void) { return seconds_of(CLOCK_MONOTONIC); }

// server_cpu is the processor time of all threads of the server.
static double server_cpu(void) {
	clockid_t clock;
	if ((errno = clock_getcpuclockid(pid, &clock))) die("the server's clock");
	return seconds_of(clock);
}

// server_memory is the server's resident memory, in bytes.
static long server_memory(void) {
	char name[64];
	long pages = 0;
	snprintf(name, sizeof name, "/proc/%d/statm", pid);
	FILE *f = fopen(name, "r");
	if (!f || fscanf(f, "%*d %ld", &pages) != 1) die(name);
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

static int dial(void) {
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	if (fd < 0) die("socket");
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (connect(fd, (void *)&to, sizeof to)) die("connect");
	struct linger reset = {.l_onoff = 1, .l_linger = 0};
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

// ask sends a request whole: the one before was answered, so the kernel has room for it.
static void ask(int fd) {
	if (send(fd, request, asks, MSG_NOSIGNAL) != (ssize_t)asks) die("send");
}

// take receives once, from offset on in the answer, and compares it with what was sent if
// that is an echo and compare is set.
static size_t take(int fd, size_t offset, int compare) {
	ssize_t n = recv(fd, buffer, sizeof buffer, 0);
	if (n < 0 && errno == EAGAIN) return 0;
	if (n <= 0) {
		if (!n) errno = 0;
		die(n ? "receive" : "receive: the server has closed the connection");
	}
	if (offset + n > answers) errno = 0, die("the answer is too long");
	if (compare && !path && memcmp(buffer, request + offset, n)) errno = 0, die("the echo differs from what was sent");
	return n;
}

static void exchange(int fd) {
	ask(fd);
	for (size_t got = 0; got < answers;) got += take(fd, got, 1);
}

// prepare makes the request. The length of an answer over HTTP is learned from the first one.
static void prepare(void) {
	if (!path) {
		request = malloc(asks);
		for (size_t i = 0; i < asks; i++) request[i] = 'a' + i * 7 % 26;
		answers = asks;
		return;
	}
	if (asprintf(&request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path) < 0) die("memory");
	asks = strlen(request);
	int fd = dial();
	ask(fd);
	for (size_t got = 0; !answers;) {
		ssize_t n = recv(fd, buffer + got, 8191 - got, 0);
		if (n <= 0) die("the first answer");
		buffer[got += n] = 0;
		char *end = strstr(buffer, "\r\n\r\n"), *length = strcasestr(buffer, "\r\ncontent-length:");
		if (!end) continue;
		errno = 0;
		if (strncmp(buffer, "HTTP/1.1 200", 12) || !length) die("the first answer is no 200 with a length");
		answers = end + 4 - buffer + atol(length + 17);
	}
	close(fd);
}

static void measure_memory(Conn *cs) {
	for (int i = 0; i < 3; i++) { // what the first connection sets up is not counted
		int fd = dial();
		exchange(fd);
		close(fd);
	}
	usleep(200000);
	long before = server_memory();
	for (int i = 0; i < conns; i++) exchange(cs[i].fd = dial());
	usleep(200000);
	printf("conns=%d idle_bytes=%.0f\n", conns, (double)(server_memory() - before) / conns);
}

static void measure_time(Conn *cs) {
	int ep = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < conns; i++) {
		cs[i].fd = dial();
		fcntl(cs[i].fd, F_SETFL, O_NONBLOCK);
		struct epoll_event e = {.events = EPOLLIN, .data.ptr = &cs[i]};
		if (epoll_ctl(ep, EPOLL_CTL_ADD, cs[i].fd, &e)) die("epoll_ctl");
	}
	for (int i = 0; i < conns; i++) ask(cs[i].fd);
	struct epoll_event events[EVENTS];
	int measuring = 0;
	long requests = 0;
	double start = now(), cpu = 0, t;
	for (;;) {
		int n = epoll_wait(ep, events, EVENTS, spin ? 0 : 100);
		t = now();
		if (!measuring && t >= start + warm && requests >= conns) measuring = 1, requests = 0, cpu = server_cpu(), start = now();
		else if (measuring && t >= start + seconds && requests >= 2L * conns) break;
		if (t >= start + PATIENCE) errno = 0, die("the server answers too slowly to be measured");
		for (int i = 0; i < n; i++) {
			Conn *c = events[i].data.ptr;
			if ((c->got += take(c->fd, c->got, !measuring)) < answers) continue;
			c->got = 0;
			requests++;
			ask(c->fd);
		}
	}
	cpu = server_cpu() - cpu;
	t -= start;
	printf("conns=%d requests=%ld rate=%.0f cpu_us=%.4f busy=%.3f\n", conns, requests, requests / t, cpu * 1e6 / requests, cpu / t);
}

int main(int argc, char **argv) {
	for (int o; (o = getopt(argc, argv, "p:P:c:s:g:t:w:Si")) != -1;) switch (o) {
		case 'p': port = atoi(optarg); break;
		case 'P': pid = atoi(optarg); break;
		case 'c': conns = atoi(optarg); break;
		case 's': asks = atoi(optarg); break;
		case 'g': path = optarg; break;
		case 't': seconds = atof(optarg); break;
		case 'w': warm = atof(optarg); break;
		case 'S': spin = 1; break;
		case 'i': idle = 1; break;
		default: return 2;
	}
	prepare();
	Conn *cs = calloc(conns, sizeof *cs);
	idle ? measure_memory(cs) : measure_time(cs);
}
