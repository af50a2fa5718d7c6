// fetch.c PORT AT-ONCE COUNT: what a fetch costs at the least. One thread, epoll; the
// request goes out right after connect, and a short read of a closed connection is its end.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char request[] = "GET / HTTP/1.0\r\nHost: x\r\n\r\n";
static int ep, port;
static long left, done, bytes;
static char sent[65536]; // by descriptor: the request is out

static double cpu(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void fail(const char *what) {
	perror(what);
	exit(1);
}

static void start(void) {
	if (!left) return;
	left--;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || fd >= sizeof sent) fail("socket");
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0x7f000001 + left % 16)};
	if (connect(fd, (void *)&to, sizeof to) && errno != EINPROGRESS) fail("connect");
	sent[fd] = send(fd, request, sizeof request - 1, MSG_NOSIGNAL) > 0;
	struct epoll_event e = {.events = sent[fd] ? EPOLLIN | EPOLLRDHUP : EPOLLOUT, .data.fd = fd};
	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e)) fail("epoll_ctl");
}

static void go_on(int fd, uint32_t events) {
	static char buffer[4096];
	if (!sent[fd]) {
		if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) fail("send");
		sent[fd] = 1;
		struct epoll_event e = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = fd};
		epoll_ctl(ep, EPOLL_CTL_MOD, fd, &e);
		return;
	}
	ssize_t n = recv(fd, buffer, sizeof buffer, 0);
	if (n < 0 && errno == EAGAIN) return;
	if (n < 0) fail("receive");
	bytes += n;
	if (n > 0 && !(events & EPOLLRDHUP && n < sizeof buffer)) return;
	close(fd);
	done++;
	start();
}

int main(int argc, char **argv) {
	if (argc != 4) return fprintf(stderr, "usage: fetch PORT AT-ONCE COUNT\n"), 2;
	port = atoi(argv[1]);
	long count = left = atol(argv[3]);
	ep = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[512];
	double before = cpu();
	for (int i = atoi(argv[2]); i > 0; i--) start();
	while (done < count) {
		int n = epoll_wait(ep, events, 512, -1);
		for (int i = 0; i < n; i++) go_on(events[i].data.fd, events[i].events);
	}
	printf("count=%ld bytes=%ld cpu_us=%.4f\n", count, bytes, (cpu() - before) / count);
}
