package site

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/probe"
)

// host is a loop that notes what is reported.
type host struct{ reports []string }

func (h *host) Now() time.Duration { return 0 }
func (h *host) Report(message string, err error) {
	h.reports = append(h.reports, message+": "+err.Error())
}

// named is a Probe that knows what it has made itself, and notes what it hears.
type named struct {
	probe.Nothing
	name string
	log  *[]string
}

func (n named) Watch(probe.Loop) probe.Events { return n }
func (n named) Noted(text string)             { *n.log = append(*n.log, n.name+" "+text) }
func (n named) Origin(x any) string           { return map[any]string{n.name: "made by " + n.name}[x] }

// closer notes its end, and comes back as often as it says.
type closer struct {
	site  *Site
	again int
	ends  int
}

func (c *closer) Close() error {
	c.ends++
	if c.again > 0 {
		c.again--
		c.site.Own(c)
	}
	return nil
}

func TestOwnOne(t *testing.T) {
	s := New(&host{}, nil)
	made := 0
	begin := func() io.Closer { made++; return &closer{site: s, again: 1} }
	type one struct{}
	type other struct{}
	first := s.OwnOne(one{}, begin)
	require.Same(t, first, s.OwnOne(one{}, begin), "it is made once")
	second := s.OwnOne(other{}, begin)
	require.NotSame(t, first, second, "each key has its own")
	require.Equal(t, 2, made)
	require.Equal(t, []io.Closer{first, second}, s.Owned())
	require.NotSame(t, first, New(&host{}, nil).OwnOne(one{}, begin), "each loop has its own")

	s.Close(func(c io.Closer) { _ = c.Close() })
	require.Equal(t, 2, first.(*closer).ends, "what was owned again is closed again")
	require.Empty(t, s.Owned())
}

func TestSiteIsWatchedEverywhere(t *testing.T) {
	var log []string
	stop := probe.Everywhere(named{name: "everywhere", log: &log})
	s := New(&host{}, named{name: "own", log: &log})
	stop()
	s.Note("hears")
	require.Equal(t, []string{"own hears", "everywhere hears"}, log)
	require.Nil(t, New(&host{}, nil).Events())
}

// TestCloseReportsLast: what is closed may still read an error, or leave one.
func TestCloseReportsLast(t *testing.T) {
	h := &host{}
	s := New(h, nil)
	read, late := error(io.EOF), error(nil)
	s.KeepUnread(func() (bool, error) { return true, read })
	s.KeepUnread(func() (bool, error) { return true, late })
	s.Own(&closer{site: s})
	s.Close(func(io.Closer) { read, late = nil, io.ErrClosedPipe })
	require.Equal(t, []string{"error was never read: io: read/write on closed pipe"}, h.reports)
}

func TestNobodyWatches(t *testing.T) {
	var site *Site
	require.Nil(t, site.Events())
	require.Nil(t, Of("no loop"))
	site.Note("x")
	site.Enter("x")()
	require.Equal(t, io.EOF, site.Origin(nil, io.EOF))
	require.NoError(t, site.Origin(nil, nil))
	require.Nil(t, New(&host{}, nil).Events())
	require.Nil(t, New(&host{}, probe.All()).Events())
}

func TestOrigin(t *testing.T) {
	var log []string
	s := New(&host{}, named{name: "a", log: &log})
	require.EqualError(t, s.Origin("a", io.EOF), "EOF (made by a)")
	require.ErrorIs(t, s.Origin("a", io.EOF), io.EOF)
	require.Equal(t, io.EOF, s.Origin("b", io.EOF))
}
