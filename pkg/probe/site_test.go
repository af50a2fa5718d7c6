package probe

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

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
	s := NewSite(&host{}, nil)
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
	require.NotSame(t, first, NewSite(&host{}, nil).OwnOne(one{}, begin), "each loop has its own")

	s.Close(func(c io.Closer) { _ = c.Close() })
	require.Equal(t, 2, first.(*closer).ends, "what was owned again is closed again")
	require.Empty(t, s.Owned())
}

func TestSiteIsWatchedEverywhere(t *testing.T) {
	var log []string
	stop := Everywhere(named{"everywhere", &log})
	s := NewSite(&host{}, named{"own", &log})
	stop()
	s.Note("hears")
	require.Equal(t, []string{"own hears", "everywhere hears"}, log)
	require.Nil(t, NewSite(&host{}, nil).Events())
}

// TestEverywhereTwice: each stop takes back its own call, even of one probe, and of one
// that == can't compare.
func TestEverywhereTwice(t *testing.T) {
	var log []string
	both := All(named{"a", &log}, named{"b", &log})
	stop, again := Everywhere(both), Everywhere(both)
	stop()
	NewSite(&host{}, nil).Note("hears")
	require.Equal(t, []string{"a hears", "b hears"}, log)
	again()
	require.Nil(t, NewSite(&host{}, nil).Events())
}

// TestCloseReportsLast: what is closed may still read an error, or leave one.
func TestCloseReportsLast(t *testing.T) {
	h := &host{}
	s := NewSite(h, nil)
	read, late := error(io.EOF), error(nil)
	s.KeepUnread(func() (bool, error) { return true, read })
	s.KeepUnread(func() (bool, error) { return true, late })
	s.Own(&closer{site: s})
	s.Close(func(io.Closer) { read, late = nil, io.ErrClosedPipe })
	require.Equal(t, []string{"error was never read: io: read/write on closed pipe"}, h.reports)
}
