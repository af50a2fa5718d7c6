package outside

// A name server of our own. Read rig_test.go before.

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/dns/dnsmessage"
)

// nameServer answers questions for the names it is given, on a port of its own:
// others don't exist, and "silent.test." gets no answer.
type nameServer struct {
	conn  net.PacketConn
	names map[string][]netip.Addr
	done  chan struct{}
	mu    sync.Mutex
	asked []string
	heard chan struct{} // closed at the first question
}

func newNameServer(t *testing.T, names map[string][]netip.Addr) *nameServer {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &nameServer{conn: conn, names: names, done: make(chan struct{}), heard: make(chan struct{})}
	go n.serve()
	return n
}

// resolver asks n and nobody else.
func (n *nameServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialUntilDone(ctx, "udp", n.conn.LocalAddr().String())
	}}
}

func (n *nameServer) close() {
	_ = n.conn.Close()
	<-n.done
}

func (n *nameServer) serve() {
	defer close(n.done)
	buffer := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:size]) == nil && len(m.Questions) == 1 && n.answer(&m) {
			packed, _ := m.Pack()
			_, _ = n.conn.WriteTo(packed, from)
		}
	}
}

func (n *nameServer) answer(m *dnsmessage.Message) bool {
	q := m.Questions[0]
	n.mu.Lock()
	if n.asked = append(n.asked, q.Name.String()); len(n.asked) == 1 {
		close(n.heard)
	}
	n.mu.Unlock()
	if q.Name.String() == "silent.test." {
		return false
	}
	ips, known := n.names[q.Name.String()]
	m.Header.Response, m.Header.RecursionAvailable, m.Additionals = true, true, nil
	if !known {
		m.Header.RCode = dnsmessage.RCodeNameError
	}
	for _, ip := range ips {
		h := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, Type: q.Type}
		switch {
		case ip.Is4() && q.Type == dnsmessage.TypeA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: ip.As4()}})
		case ip.Is6() && q.Type == dnsmessage.TypeAAAA:
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
		}
	}
	return true
}

func (n *nameServer) questions() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(n.asked)))
}
