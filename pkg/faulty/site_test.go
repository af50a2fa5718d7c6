package faulty_test

// The site: its pages, its links, and what it counts.

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// get asks s for path and returns the whole answer.
func get(t *testing.T, s *faulty.Server, path string) string {
	t.Helper()
	c := dial(t, s)
	c.say("GET " + path + " HTTP/1.0\r\n\r\n")
	answer, err := io.ReadAll(c)
	require.NoError(t, err)
	require.NoError(t, c.Close())
	return string(answer)
}

// links are those in an answer, in their order.
func links(answer string) (found []string) {
	_, body, _ := strings.Cut(answer, "\r\n\r\n")
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "/") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

func TestSitePages(t *testing.T) {
	const missing = "HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 22\r\n\r\nthere is no such page\n"
	for place, at := range places(t) {
		t.Run(place, func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.Site(32, 0, at...))
			for path, want := range map[string]string{
				"/2":  "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 60\r\n\r\npage 2 of 32\n/21\n/22\n/23\n/24\n/25\n/26\n/27\n/28\n/29\n/30\n/31\n/0\n",
				"/3":  "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\npage 3 of 32\n/31\n/0\n",
				"/10": "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\npage 10 of 32\n/0\n",
				"/31": "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\npage 31 of 32\n/3\n",
				"/32": missing, "/-1": missing, "/": missing, "/02": missing, "2": missing, "//2": missing, "/+2": missing, "/2x": missing,
			} {
				require.Equal(t, want, get(t, s, path), path)
			}
			require.Equal(t, 12, s.Asked(), "404 counts, too")
			require.Equal(t, 1, s.Most(), "one after the other")
			c := dial(t, s)
			c.say("nonsense\r\n\r\n")
			c.hearsEnd(missing, nil)
		})
	}
	t.Run("no page at all", func(t *testing.T) {
		require.PanicsWithValue(t, "faulty: Site(0): a site has at least one page", func() { faulty.Site(0, 0) })
	})
}

func TestSiteLinks(t *testing.T) {
	balanced(t)
	for _, pages := range []int{1, 2, 12, 200} {
		t.Run(fmt.Sprintf("%d pages", pages), func(t *testing.T) {
			s := opened(t, faulty.Site(pages, 0))
			from := map[string]int{"/0": 0} // how many pages link to each
			for todo := []string{"/0"}; len(todo) > 0; todo = todo[1:] {
				for _, link := range links(get(t, s, todo[0])) {
					if _, seen := from[link]; !seen {
						todo = append(todo, link)
					}
					from[link]++
				}
			}
			require.Len(t, from, pages, "all can be reached")
			require.Equal(t, pages, s.Asked())
			require.Equal(t, 1, s.Most())
			if pages == 200 {
				twice := 0
				for n := 20; n < 200; n++ { // those that no page links back to
					if from[fmt.Sprintf("/%d", n)] == 2 {
						twice++
					}
				}
				require.Equal(t, 18, twice)
				require.Equal(t, 10, from["/0"], "page 11 belongs to page 1")
			}
		})
	}
}

func TestSiteMost(t *testing.T) {
	balanced(t)
	s := opened(t, faulty.Site(1, time.Hour))
	for range 20 {
		dial(t, s)
	}
	require.NoError(t, s.WaitAccepted(20, limit))
	asking := dial(t, s)
	asking.say("GET /0 HTTP/1.0\r\n\r\n")
	require.Eventually(t, func() bool { return s.Asked() == 1 }, limit, time.Millisecond)
	require.Eventually(t, func() bool { return s.Most() == 21 }, limit, time.Millisecond, "those that ask nothing are open, too")
	asking.hearsNothing()
	require.NoError(t, s.Close())

	t.Run("one that has its answer doesn't count", func(t *testing.T) {
		s := opened(t, faulty.Site(1, 0))
		for range 200 {
			c := dial(t, s)
			c.say("GET /0 HTTP/1.0\r\n\r\n")
			// The answer's first byte is enough; the connection stays open.
			c.hears("H")
		}
		require.Equal(t, 1, s.Most())
	})
	t.Run("the most of three times", func(t *testing.T) {
		s := opened(t, faulty.Site(1, 0))
		for range 5 {
			get(t, s, "/0")
		}
		var silent []client
		for range 3 {
			silent = append(silent, dial(t, s))
		}
		require.Eventually(t, func() bool { return s.Most() == 3 }, limit, time.Millisecond)
		for i, c := range silent {
			require.NoError(t, c.Close())
			_, err := s.Visit(5+i, limit)
			require.NoError(t, err)
		}
		get(t, s, "/0")
		require.Equal(t, 3, s.Most(), "those that left without a question don't count any more")
	})
	t.Run("other servers don't count", func(t *testing.T) {
		s := opened(t, faulty.HTTP("x"))
		require.Equal(t, "x", get(t, s, "/"))
		require.Zero(t, s.Asked())
		require.Zero(t, s.Most())
	})
}
