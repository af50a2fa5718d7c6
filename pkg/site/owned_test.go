package site

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// placed is a closer with its Place in itself; unplaced has none.
type (
	placed struct {
		place Place
		closer
	}
	unplaced struct{ closer }
)

func (p *placed) Place() *Place { return &p.place }

func TestOwned(t *testing.T) {
	a, b, c, d := &placed{}, &unplaced{}, &placed{}, &unplaced{}
	for _, row := range []struct {
		name string
		do   func(s *Site)
		want []io.Closer
	}{
		{"nothing", func(*Site) {}, nil},
		{"in_the_order_of_arrival", func(s *Site) {}, []io.Closer{a, b, c, d}},
		{"the_first_leaves", func(s *Site) { s.Disown(a) }, []io.Closer{b, c, d}},
		{"one_in_the_middle_leaves", func(s *Site) { s.Disown(c); s.Disown(b) }, []io.Closer{a, d}},
		{"the_last_leaves_twice", func(s *Site) { s.Disown(d); s.Disown(d) }, []io.Closer{a, b, c}},
		{"owned_again_is_the_newest", func(s *Site) { s.Own(a); s.Own(b) }, []io.Closer{c, d, a, b}},
		{"comes_back", func(s *Site) { s.Disown(c); s.Own(c); s.Disown(b); s.Own(b) }, []io.Closer{a, d, c, b}},
		{"all_leave", func(s *Site) { s.Disown(a); s.Disown(b); s.Disown(c); s.Disown(d) }, nil},
		{"what_never_came_leaves", func(s *Site) { s.Disown(&placed{}); s.Disown(&unplaced{}); s.Disown(nil) }, []io.Closer{a, b, c, d}},
	} {
		t.Run(row.name, func(t *testing.T) {
			a.place, c.place = Place{}, Place{}
			s := New(&host{}, nil)
			if row.name != "nothing" {
				for _, one := range []io.Closer{a, b, c, d} {
					s.Own(one)
				}
			}
			row.do(s)
			require.Equal(t, row.want, s.Owned())
			var ended []io.Closer
			s.Close(func(c io.Closer) { ended = append([]io.Closer{c}, ended...) })
			require.Equal(t, row.want, ended, "the newest ends first")
			require.Empty(t, s.Owned())
			require.Empty(t, s.others)
			require.Equal(t, [2]Place{}, [2]Place{a.place, c.place}, "they hold nothing any more")
		})
	}
}

// TestCloseOfOneThatEndsAnother: what has left meanwhile isn't ended.
func TestCloseOfOneThatEndsAnother(t *testing.T) {
	for name, other := range map[string]io.Closer{"placed": &placed{}, "unplaced": &unplaced{}} {
		t.Run(name, func(t *testing.T) {
			s := New(&host{}, nil)
			last := &unplaced{}
			s.Own(other)
			s.Own(last)
			var ended []io.Closer
			s.Close(func(c io.Closer) { ended = append(ended, c); s.Disown(other) })
			require.Equal(t, []io.Closer{last}, ended)
		})
	}
}
