package faulty_test

// What each server promises, as a table of conversations. Read clients_test.go before it.

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// What the servers promise, in a table: what the client does, and the visit that
// it leaves behind.
var conversations = []struct {
	name     string
	server   func(at ...string) *faulty.Server
	client   func(c client, s *faulty.Server)
	received string
	sent     int
	err      error
	tcpOnly  bool
}{
	{
		name:   "drip gives each read one byte, then EOF",
		server: func(at ...string) *faulty.Server { return faulty.Drip("drop by drop", 0, at...) },
		client: func(c client, _ *faulty.Server) {
			buf := make([]byte, 100)
			for _, want := range "drop by drop" {
				n, err := c.Read(buf)
				require.NoError(c.t, err)
				require.Equal(c.t, string(want), string(buf[:n]))
			}
			c.hearsEnd("", nil)
			c.Close()
		},
		sent: 12,
	},
	{
		name:   "drip records a question that it doesn't wait for",
		server: func(at ...string) *faulty.Server { return faulty.Drip("answer", time.Microsecond, at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("question")
			c.hearsEnd("answer", nil)
			c.say(", and more")
			c.Close()
		},
		received: "question, and more", sent: 6,
	},
	{
		name:   "drip of nothing is EOF",
		server: func(at ...string) *faulty.Server { return faulty.Drip("", 0, at...) },
		client: func(c client, _ *faulty.Server) { c.hearsEnd("", nil); c.Close() },
	},
	{
		name:   "stall sends a part and no more, even when the client ends its side",
		server: func(at ...string) *faulty.Server { return faulty.Stall("a part", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("go on!")
			c.hears("a part")
			c.hearsNothing()
			c.closeWrite()
			c.hearsNothing()
		},
		received: "go on!", sent: 6,
	},
	{
		name:   "half close sends, ends its side, and reads on",
		server: func(at ...string) *faulty.Server { return faulty.HalfClose("over to you", at...) },
		client: func(c client, _ *faulty.Server) {
			c.hearsEnd("over to you", nil)
			c.say("thank ")
			c.say("you")
			c.closeWrite()
		},
		received: "thank you", sent: 11,
	},
	{
		name:   "reset midway gives the part, then ECONNRESET",
		server: func(at ...string) *faulty.Server { return faulty.ResetMidway("a part", at...) },
		client: func(c client, _ *faulty.Server) { c.hearsEnd("a part", syscall.ECONNRESET) },
		sent:   6, tcpOnly: true,
	},
	{
		name:   "reset midway with an empty part waits for the client's first word",
		server: func(at ...string) *faulty.Server { return faulty.ResetMidway("", at...) },
		client: func(c client, _ *faulty.Server) {
			c.hearsNothing()
			c.say("?")
			c.hearsEnd("", syscall.ECONNRESET)
			_, err := c.Write([]byte("still there?"))
			require.ErrorIs(c.t, err, syscall.EPIPE)
		},
		received: "?", tcpOnly: true,
	},
	{
		name:   "big sends its pattern, then EOF",
		server: func(at ...string) *faulty.Server { return faulty.Big(1_000_003, at...) },
		client: func(c client, _ *faulty.Server) {
			got, err := io.ReadAll(c)
			require.NoError(c.t, err)
			require.Len(c.t, got, 1_000_003)
			require.NoError(c.t, faulty.CheckPattern(got, 0))
			c.Close()
		},
		sent: 1_000_003,
	},
	{
		name:   "big of nothing is EOF",
		server: func(at ...string) *faulty.Server { return faulty.Big(0, at...) },
		client: func(c client, _ *faulty.Server) { c.hearsEnd("", nil); c.Close() },
	},
	{
		name:   "sink records all and says nothing",
		server: faulty.Sink,
		client: func(c client, _ *faulty.Server) {
			c.say("all ")
			c.say("of it\x00\xff")
			c.closeWrite()
			c.hearsEnd("", nil)
		},
		received: "all of it\x00\xff",
	},
	{
		name:   "silent sends nothing and reads nothing until it is closed",
		server: faulty.Silent,
		client: func(c client, s *faulty.Server) {
			c.say("anybody?")
			c.hearsNothing()
			c.closeWrite()
			c.hearsNothing()
			_, err := s.Visit(0, time.Millisecond)
			require.ErrorIs(c.t, err, os.ErrDeadlineExceeded)
			require.NoError(c.t, s.Close())
		},
		err: net.ErrClosed,
	},
	{
		name:   "http waits for the whole head, answers, and ends its side",
		server: func(at ...string) *faulty.Server { return faulty.HTTP("HTTP/1.0 200 OK\r\n\r\nhi", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET / HTTP/1.0\r\nHost: x\r\n")
			c.hearsNothing()
			c.say("\r\n")
			c.hearsEnd("HTTP/1.0 200 OK\r\n\r\nhi", nil)
			c.Close()
		},
		received: "GET / HTTP/1.0\r\nHost: x\r\n\r\n", sent: 21,
	},
	{
		name:   "http held answers once it is released",
		server: func(at ...string) *faulty.Server { return faulty.HTTPHeld("at last", at...) },
		client: func(c client, s *faulty.Server) {
			c.say("GET / HTTP/1.0\r\n\r\n")
			c.hearsNothing()
			s.Release()
			c.hearsEnd("at last", nil)
			c.Close()
		},
		received: "GET / HTTP/1.0\r\n\r\n", sent: 7,
	},
	{
		name:   "reads late says nothing until it is released, and then reads all",
		server: func(at ...string) *faulty.Server { return faulty.ReadsLate("better late", at...) },
		client: func(c client, s *faulty.Server) {
			c.say("question")
			c.hearsNothing()
			s.Release()
			c.hearsEnd("better late", nil)
			c.say(", and more")
			c.Close()
		},
		received: "question, and more", sent: 11,
	},
	{
		name:   "http keeps its answer whole, whatever the client sends too much",
		server: func(at ...string) *faulty.Server { return faulty.HTTP("whole", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("POST / HTTP/1.0\n\nand a body that nobody asked for")
			c.hearsEnd("whole", nil)
			c.Close()
		},
		received: "POST / HTTP/1.0\n\nand a body that nobody asked for", sent: 5,
	},
	{
		name:   "http sees a client leave in the middle of the head",
		server: func(at ...string) *faulty.Server { return faulty.HTTP("never sent", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET / HT")
			c.closeWrite()
			c.hearsEnd("", nil)
		},
		received: "GET / HT", err: io.ErrUnexpectedEOF,
	},
	{
		name:   "http keep-alive answers each request and stays",
		server: func(at ...string) *faulty.Server { return faulty.HTTPKeepAlive("answer.", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET /1 HTTP/1.1\r\n\r\n")
			c.hears("answer.")
			c.hearsNothing()
			c.say("GET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n")
			c.hears("answer.answer.")
			c.hearsNothing()
			c.closeWrite()
			c.hearsEnd("", nil)
		},
		received: "GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n", sent: 21,
	},
	{
		name:   "http reset breaks off in the middle of its answer",
		server: func(at ...string) *faulty.Server { return faulty.HTTPReset("HTTP/1.1 200 OK\r\nConte", at...) },
		client: func(c client, _ *faulty.Server) {
			c.say("GET / HTTP/1.1\r\n\r\n")
			c.hearsEnd("HTTP/1.1 200 OK\r\nConte", syscall.ECONNRESET)
		},
		received: "GET / HTTP/1.1\r\n\r\n", sent: 22, tcpOnly: true,
	},
}

func TestConversation(t *testing.T) {
	for place, at := range places(t) {
		for _, tt := range conversations {
			if tt.tcpOnly && place == "a unix socket" {
				continue
			}
			t.Run(place+"/"+tt.name, func(t *testing.T) {
				balanced(t)
				s := opened(t, tt.server(at...))
				tt.client(dial(t, s), s)
				require.NoError(t, s.WaitAccepted(1, limit))
				v, err := s.Visit(0, limit)
				require.NoError(t, err)
				require.Equal(t, tt.received, string(v.Received))
				require.EqualValues(t, len(tt.received), v.Count)
				require.Equal(t, fmt.Sprintf("%x", sha256.Sum256([]byte(tt.received))), v.SHA256)
				require.EqualValues(t, tt.sent, v.Sent)
				require.ErrorIs(t, v.Err, tt.err)
			})
		}
	}
}
