// httpd.c PORT: the server that every fetch asks, so it must cost as little as possible.
// It reads once, answers with a page of 1 KB, and closes. It listens on all of 127.0.0.0/8,
// so that clients can spread their connections over several addresses, but on no other
// interface.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char page[2048], request[8192];
static int length;

// answer reports whether the request was there; then the connection is over.
static int answer(int fd) {
	if (recv(fd, request, sizeof request, 0) <= 0) return 0;
	send(fd, page, length, MSG_NOSIGNAL);
	close(fd);
	return 1;
}

int main(int argc, char **argv) {
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1, ep = epoll_create1(0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (setsockopt(listener, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3)) return perror("listen on the loopback alone"), 1;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 8000), .sin_addr.s_addr = htonl(INADDR_ANY)};
	if (bind(listener, (void *)&at, sizeof at) || listen(listener, 4096)) return perror("listen"), 1;
	length = sprintf(page, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\nConnection: close\r\n\r\n");
	memset(page + length, 'x', 1024);
	length += 1024;
	struct epoll_event e = {.events = EPOLLIN, .data.fd = listener}, events[512];
	epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e);
	for (;;) {
		int n = epoll_wait(ep, events, 512, -1);
		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			if (fd != listener) {
				if (!answer(fd)) close(fd);
				continue;
			}
			for (int k = 0; k < 64 && (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0; k++) {
				if (answer(fd)) continue;
				e.events = EPOLLIN;
				e.data.fd = fd;
				epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
			}
		}
	}
}
