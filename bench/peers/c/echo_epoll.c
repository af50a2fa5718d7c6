// echo_epoll.c PORT: what readiness costs at the least. One thread, level-triggered epoll,
// a buffer for all, one recv for each event, and a send that waits only if it must.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
	int fd;
	char *rest; // what a short send left over; NULL if nothing
	size_t length, sent;
} Conn;

static int ep;
static char buffer[65536];

static void watch(int how, Conn *c, int fd, uint32_t events) {
	struct epoll_event e = {.events = events, .data.ptr = c};
	if (epoll_ctl(ep, how, fd, &e)) perror("epoll_ctl");
}

static void end(Conn *c) {
	close(c->fd);
	free(c->rest);
	free(c);
}

static void accept_all(int listener) {
	for (int fd, one = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		Conn *c = calloc(1, sizeof *c);
		c->fd = fd;
		watch(EPOLL_CTL_ADD, c, fd, EPOLLIN);
	}
}

static void echo(Conn *c) {
	ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
	if (n < 0 && errno == EAGAIN) return;
	if (n <= 0) return end(c);
	ssize_t sent = send(c->fd, buffer, n, MSG_NOSIGNAL);
	if (sent == n) return;
	if (sent < 0 && errno != EAGAIN) return end(c);
	if (sent < 0) sent = 0;
	c->length = n - sent;
	c->sent = 0;
	c->rest = memcpy(malloc(c->length), buffer + sent, c->length);
	watch(EPOLL_CTL_MOD, c, c->fd, EPOLLOUT); // reads nothing until the rest is out
}

static void send_rest(Conn *c) {
	ssize_t n = send(c->fd, c->rest + c->sent, c->length - c->sent, MSG_NOSIGNAL);
	if (n < 0 && errno == EAGAIN) return;
	if (n < 0) return end(c);
	if ((c->sent += n) < c->length) return;
	free(c->rest);
	c->rest = NULL;
	watch(EPOLL_CTL_MOD, c, c->fd, EPOLLIN);
}

int main(int argc, char **argv) {
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 7000), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (bind(listener, (void *)&at, sizeof at) || listen(listener, 4096)) return perror("listen"), 1;
	ep = epoll_create1(0);
	watch(EPOLL_CTL_ADD, NULL, listener, EPOLLIN);
	struct epoll_event events[512];
	for (;;) {
		int n = epoll_wait(ep, events, 512, -1);
		for (int i = 0; i < n; i++) {
			Conn *c = events[i].data.ptr;
			if (!c) accept_all(listener);
			else if (c->rest) send_rest(c);
			else echo(c);
		}
	}
}
