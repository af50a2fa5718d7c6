// echo_uring.c PORT: what completion costs at the least. One thread and one
// io_uring_enter a turn, which submits the sends and waits; accept and recv are
// multishot, and the kernel picks the buffers. The sends of a connection wait for each
// other in a queue, so that their order holds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

enum { BUFFERS = 8192, SIZE = 8192, FILES = 65536 };
enum { ACCEPT = 1, RECEIVE, SEND };

typedef struct {
	uint16_t buffer;
	uint32_t length, sent;
} Out;

typedef struct {
	Out *queue; // a ring of what was received and not yet sent
	int capacity, first, count;
	int sending, over;
} Conn;

static struct io_uring ring;
static struct io_uring_buf_ring *free_buffers;
static char *buffers;
static Conn *conns; // by descriptor
static int starved[FILES], starving; // connections whose recv found no buffer

static struct io_uring_sqe *submission(int what, int fd) {
	struct io_uring_sqe *s;
	while (!(s = io_uring_get_sqe(&ring))) io_uring_submit(&ring);
	s->user_data = (uint64_t)what << 32 | fd; // the prep functions leave it alone
	return s;
}

static void accept_all(int listener) { io_uring_prep_multishot_accept(submission(ACCEPT, listener), listener, NULL, NULL, 0); }

static void receive(int fd) {
	struct io_uring_sqe *s = submission(RECEIVE, fd);
	io_uring_prep_recv_multishot(s, fd, NULL, 0, 0);
	s->flags |= IOSQE_BUFFER_SELECT;
	s->buf_group = 0;
}

static void release(int buffer) {
	io_uring_buf_ring_add(free_buffers, buffers + (size_t)buffer * SIZE, SIZE, buffer, io_uring_buf_ring_mask(BUFFERS), 0);
	io_uring_buf_ring_advance(free_buffers, 1);
}

static void push(Conn *c, Out out) {
	if (c->count == c->capacity) {
		int larger = c->capacity ? c->capacity * 2 : 4;
		Out *queue = malloc(larger * sizeof *queue);
		for (int i = 0; i < c->count; i++) queue[i] = c->queue[(c->first + i) % c->capacity];
		free(c->queue);
		c->queue = queue;
		c->capacity = larger;
		c->first = 0;
	}
	c->queue[(c->first + c->count++) % c->capacity] = out;
}

static void pop(Conn *c) {
	release(c->queue[c->first].buffer);
	c->first = (c->first + 1) % c->capacity;
	c->count--;
}

static void send_next(int fd) {
	Conn *c = &conns[fd];
	if (c->sending || !c->count) return;
	Out *o = &c->queue[c->first];
	io_uring_prep_send(submission(SEND, fd), fd, buffers + (size_t)o->buffer * SIZE + o->sent, o->length - o->sent, MSG_NOSIGNAL);
	c->sending = 1;
}

static void end(int fd) {
	Conn *c = &conns[fd];
	c->over = 1;
	if (c->sending) return; // sent closes it
	while (c->count) pop(c);
	close(fd);
}

static void accepted(int fd) {
	int one = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	Conn *c = &conns[fd];
	c->first = c->count = c->sending = c->over = 0;
	receive(fd);
}

static void received(int fd, struct io_uring_cqe *done) {
	if (done->res == -ENOBUFS) {
		starved[starving++] = fd;
		return;
	}
	if (done->res <= 0) return end(fd);
	push(&conns[fd], (Out){done->flags >> IORING_CQE_BUFFER_SHIFT, done->res, 0});
	send_next(fd);
	if (!(done->flags & IORING_CQE_F_MORE)) receive(fd);
}

static void sent(int fd, int n) {
	Conn *c = &conns[fd];
	Out *o = &c->queue[c->first];
	c->sending = 0;
	if (n < 0 || (o->sent += n) >= o->length) pop(c);
	if (c->over) end(fd);
	else send_next(fd);
}

static void handle(struct io_uring_cqe *done, int listener) {
	int fd = (int)done->user_data;
	switch (done->user_data >> 32) {
	case ACCEPT:
		if (done->res >= 0) accepted(done->res);
		if (!(done->flags & IORING_CQE_F_MORE)) accept_all(listener);
		break;
	case RECEIVE: received(fd, done); break;
	case SEND: sent(fd, done->res); break;
	}
}

static void fail(const char *what, int error) {
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	exit(1);
}

static void *mapped(size_t size) { return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0); }

static void set_up(void) {
	struct io_uring_params p = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE, .cq_entries = 32768};
	int failed = io_uring_queue_init_params(8192, &ring, &p);
	if (failed) fail("io_uring", -failed);
	conns = calloc(FILES, sizeof *conns);
	buffers = mapped((size_t)BUFFERS * SIZE);
	free_buffers = mapped(BUFFERS * sizeof(struct io_uring_buf));
	struct io_uring_buf_reg reg = {.ring_addr = (uint64_t)free_buffers, .ring_entries = BUFFERS, .bgid = 0};
	if ((failed = io_uring_register_buf_ring(&ring, &reg, 0))) fail("io_uring's ring of buffers", -failed);
	io_uring_buf_ring_init(free_buffers);
	for (int i = 0; i < BUFFERS; i++) release(i);
}

int main(int argc, char **argv) {
	int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 7000), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (bind(listener, (void *)&at, sizeof at) || listen(listener, 4096)) fail("listen", errno);
	set_up();
	accept_all(listener);
	for (;;) {
		io_uring_submit_and_wait(&ring, 1);
		struct io_uring_cqe *done;
		unsigned head, count = 0;
		io_uring_for_each_cqe(&ring, head, done) {
			count++;
			handle(done, listener);
		}
		io_uring_cq_advance(&ring, count);
		while (starving) receive(starved[--starving]);
	}
}
