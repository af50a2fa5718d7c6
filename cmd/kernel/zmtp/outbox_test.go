package zmtp

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tight are limits at which a few messages fill a queue.
func tight() Limits {
	l := DefaultLimits()
	l.Queue, l.Progress = 64<<10, 8<<10
	return l
}

var kilobyte = strings.Repeat("x", 1<<10-10)

// publish sends n messages of a kilobyte, each with its number, and returns the most
// that waited for one peer after any of them.
func publish(t testing.TB, s *Pub, n int) (most int) {
	t.Helper()
	for i := range n {
		require.NoError(t, s.Send(bytesOf(fmt.Sprintf("%7d%s", i, kilobyte))))
		s.mu.Lock()
		for p := range s.topics {
			p.out.mu.Lock()
			most = max(most, p.out.bytes)
			p.out.mu.Unlock()
		}
		s.mu.Unlock()
	}
	return most
}

// collect reads n messages that publish has sent, slowly, and returns how many were
// the right ones.
func collect(c *client, n int, pause time.Duration) (right int) {
	for i := range n {
		h, err := readHeader(c.in)
		if err != nil {
			return right
		}
		body, err := readBody(c.in, int(h.size), free)
		if err != nil {
			return right
		}
		if string(body) == fmt.Sprintf("%7d%s", i, kilobyte) {
			right++
		}
		time.Sleep(pause)
	}
	return right
}

// TestSlowReaders: a reader that takes something gets everything, and one that takes
// nothing is waited for once. The clock is a bubble's, so waiting is counted exactly.
func TestSlowReaders(t *testing.T) {
	cases := []struct {
		name    string
		readers []time.Duration // the pause of each after a message; negative: it never reads
		want    []int           // of 1000 messages, how many each gets
		waits   time.Duration   // of the publisher, about
		cut     int             // lines of the log that say that a reader was
	}{
		{"all read", []time.Duration{0, 0}, []int{1000, 1000}, 0, 0},
		{"one is slow", []time.Duration{0, 100 * time.Millisecond}, []int{1000, 1000}, 95 * time.Second, 0},
		{"both are slow", []time.Duration{100 * time.Millisecond, 100 * time.Millisecond}, []int{1000, 1000}, 95 * time.Second, 0},
		{"the only one never reads", []time.Duration{-1}, []int{0}, 10 * time.Second, 1},
		{"one never reads", []time.Duration{0, -1}, []int{1000, 0}, 10 * time.Second, 1},
		{"five never read", []time.Duration{0, -1, -1, -1, -1, -1}, []int{1000, 0, 0, 0, 0, 0}, 10 * time.Second, 5},
		{"one takes a message in nine seconds", []time.Duration{0, 9 * time.Second}, []int{1000, 2}, 10 * time.Second, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := newRoom()
				s, log := pub(t, network, tight())
				got := make([]chan int, len(c.readers))
				for i, pause := range c.readers {
					got[i] = make(chan int, 1)
					reader := subscribe(t, s, network.dial(t).shake("SUB", ""), "")
					if pause < 0 {
						got[i] <- 0
						continue
					}
					go func() { got[i] <- collect(reader, 1000, pause) }()
				}
				began := time.Now()
				most := publish(t, s, 1000)
				waited := time.Since(began)
				for i := range got {
					assert.Equal(t, c.want[i], <-got[i], "messages of reader %d", i)
				}
				assert.LessOrEqual(t, most, 65<<10, "bytes in a queue: its limit and one message")
				assert.InDelta(t, c.waits, waited, float64(c.waits)/10, "the publisher waited %v", waited)
				for range 2 * linesPerMinute { // noise must not hide who has lost something
					network.dial(t).conn.Close()
				}
				require.NoError(t, s.Close())
				assert.Equal(t, c.cut, strings.Count(strings.Join(log.all(), "\n"), "the peer takes nothing"), "%q", log.all())
			})
		})
	}
}

// TestWelcome: as many peers as were cut off are greeted when they come, once each,
// before anything else.
func TestWelcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s, _ := pub(t, network, tight())
		calls := 0
		s.Welcome(func(send func([][]byte) error) {
			calls++
			assert.NoError(t, send(bytesOf("welcome", "back")))
		})
		come := func() *client { return subscribe(t, s, network.dial(t).shake("SUB", ""), "") }
		come()
		come()
		assert.Zero(t, calls, "nobody has missed anything")
		publish(t, s, 100)
		synctest.Wait()
		for range 2 {
			back := come()
			back.send("\x01topic")
			assert.Equal(t, []string{"welcome", "back"}, back.message())
		}
		next := come()
		assert.Equal(t, 2, calls)
		go publish(t, s, 1)
		assert.Contains(t, next.message()[0], kilobyte)
	})
}

// TestCutOnce: two who publish may wait for the same reader, which has missed
// something once.
func TestCutOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s, _ := pub(t, network, tight())
		subscribe(t, s, network.dial(t).shake("SUB", ""), "")
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { publish(t, s, 100) })
		}
		both.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		assert.Equal(t, 1, s.missed)
	})
}

// TestOrder: all readers get the messages of all who publish in the same order.
func TestOrder(t *testing.T) {
	s, _ := pub(t, loopback(t), DefaultLimits())
	var readers []*client
	for range 4 {
		readers = append(readers, subscribe(t, s, join(t, s.Addr(), "SUB", ""), ""))
	}
	var all sync.WaitGroup
	for who := range 4 {
		all.Go(func() {
			for i := range 500 {
				assert.NoError(t, s.Send(bytesOf(fmt.Sprint(who, " ", i))))
			}
		})
	}
	for range 2000 {
		first := readers[0].message()
		for _, other := range readers[1:] {
			require.Equal(t, first, other.message())
		}
	}
	all.Wait()
}

// TestPost: what is posted waits for nobody, and cuts off a reader that is late.
func TestPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s, _ := pub(t, network, tight())
		subscribe(t, s, network.dial(t).shake("SUB", ""), "")
		began := time.Now()
		for range 100 {
			require.NoError(t, s.Post(bytesOf(kilobyte)))
		}
		assert.Zero(t, time.Since(began))
		time.Sleep(11 * time.Second)
		require.NoError(t, s.Post(bytesOf("late")))
		synctest.Wait()
		_, peers := s.counts()
		assert.Zero(t, peers, "peers that are left")
	})
}

// TestLargeMessage: one that is larger than a queue passes, and a reader that takes
// it in pieces makes progress within it.
func TestLargeMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s, _ := pub(t, network, tight())
		reader := subscribe(t, s, network.dial(t).shake("SUB", ""), "")
		sent := make(chan error, 1)
		go func() { sent <- s.Send(bytesOf(strings.Repeat("y", 1<<20))) }()
		h, err := readHeader(reader.in)
		require.NoError(t, err)
		assert.EqualValues(t, 1<<20, h.size)
		for range 16 { // 64 KB in nine seconds
			time.Sleep(9 * time.Second)
			_, err := readBody(reader.in, step, free)
			require.NoError(t, err)
		}
		require.NoError(t, <-sent)
		go publish(t, s, 1)
		assert.Equal(t, []string{fmt.Sprintf("%7d%s", 0, kilobyte)}, reader.message())
	})
}

// TestReaderLeaves: nobody waits for a peer that has gone.
func TestReaderLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s, _ := pub(t, network, tight())
		reader := subscribe(t, s, network.dial(t).shake("SUB", ""), "")
		time.AfterFunc(3*time.Second, func() { reader.conn.Close() })
		began := time.Now()
		publish(t, s, 100)
		assert.Equal(t, 3*time.Second, time.Since(began))
	})
}

// TestReplyToNobody: a peer that asks and never reads is cut off, and the next one is
// served.
func TestReplyToNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s := NewRouter(network, keyed, tight(), new(book).printf)
		run(t, s)
		network.dial(t).shake("DEALER", "mute").send("key")
		message, err := s.Recv()
		require.NoError(t, err)
		began := time.Now()
		var failed error
		for range 100 {
			if failed = s.Send(append(message, []byte(kilobyte))); failed != nil {
				break
			}
		}
		assert.ErrorIs(t, failed, ErrStalled)
		assert.Equal(t, 10*time.Second, time.Since(began))
		synctest.Wait()
		assert.ErrorIs(t, s.Send(message), ErrNoPeer)
	})
}

// TestLinger: at the end of a process everything is on its way, or time is up.
func TestLinger(t *testing.T) {
	for name, reads := range map[string]bool{"a reader that reads": true, "one that doesn't": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := newRoom()
				s, _ := pub(t, network, tight())
				reader := subscribe(t, s, network.dial(t).shake("SUB", ""), "")
				publish(t, s, 10)
				began := time.Now()
				got := make(chan int, 1)
				if reads {
					go func() { got <- collect(reader, 10, 10*time.Millisecond) }()
				}
				s.Linger(time.Second)
				if !reads {
					assert.Equal(t, time.Second, time.Since(began))
					return
				}
				assert.Less(t, time.Since(began), time.Second)
				require.NoError(t, s.Close())
				assert.Equal(t, 10, <-got)
			})
		})
	}
}

// TestKernelBuffers: over TCP, where the system buffers, a silent reader costs an
// honest one nothing but time.
func TestKernelBuffers(t *testing.T) {
	limits := tight()
	limits.Stall = 50 * time.Millisecond
	s, _ := pub(t, loopback(t), limits)
	join := func() *client { return subscribe(t, s, join(t, s.Addr(), "SUB", ""), "") }
	honest, silent := join(), join()
	require.NoError(t, silent.conn.(*net.TCPConn).SetReadBuffer(4<<10))
	got := 0
	for range 625 { // times 32 KB: the honest one's queue is never full, however slow it is
		assert.LessOrEqual(t, publish(t, s, 32), 65<<10)
		got += collect(honest, 32, 0)
	}
	assert.Equal(t, 20_000, got)
	_, peers := s.counts()
	assert.Equal(t, 1, peers, "the silent one is gone")
}
