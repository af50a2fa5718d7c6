package faulty

// A site of many pages, for those who crawl it. Read http.go before it.

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Site is a web site of as many pages as pages says: /0, /1 and so on. It waits for the
// head of a request, answers after pause, and ends its side. It answers any number of
// requests at once; Asked and Most count them.
//
// A page is text. Each of its lines that begins with / is a link. Page 0 is the entry:
// every page can be reached from it. Page n links to the pages 10n+1 to 10n+11, as far as
// there are such pages, and back to the page that it belongs to, (n-1)/10. The last of the
// eleven is also the first of the next page's, so two pages link to it. A crawler that
// doesn't remember what it has seen never ends. The answer for any other path is
// 404 Not Found.
func Site(pages int, pause time.Duration, at ...string) *Server {
	if pages < 1 {
		panic(fmt.Sprintf("faulty: Site(%d): a site has at least one page", pages))
	}
	return start("Site", at, func(g *guest) error {
		answered := g.server.tally.open()
		defer answered()
		if err := readHead(bufio.NewReader(g)); err != nil {
			return unlessLeft(err)
		}
		g.server.tally.ask()
		if err := g.server.pause(pause); err != nil {
			return err
		}
		answered()
		return g.sendAndFinish(answer(g.visit.Received, pages))
	})
}

// Asked returns how many requests a Site has read, those for pages that don't exist
// included. Other servers don't count: it returns 0.
func (s *Server) Asked() int { return s.tally.get().asked }

// Most returns the most connections of a Site that were open at once. A connection counts
// from when it is accepted until the answer begins: a client that has its answer may open the
// next one before the server knows that the client closed the last. Other servers don't
// count: it returns 0.
func (s *Server) Most() int { return s.tally.get().most }

// A tally counts what a Site is asked.
type tally struct {
	mu     sync.Mutex
	counts counts
}

type counts struct{ asked, now, most int } // now <= most

func (t *tally) get() counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts
}

func (t *tally) ask() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts.asked++
}

// open counts a connection until answered is called. Calling that again has no effect.
func (t *tally) open() (answered func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts.now++
	t.counts.most = max(t.counts.most, t.counts.now)
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.counts.now--
	})
}

// answer is what a site of so many pages answers to request.
func answer(request []byte, pages int) string {
	status, body := "404 Not Found", "there is no such page\n"
	if n, ok := asked(request); ok && n < pages {
		status, body = "200 OK", sitePage(n, pages)
	}
	return fmt.Sprintf("HTTP/1.0 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}

// asked is the number of the page that request asks for. There is one way to write it, so
// that a page has one address.
func asked(request []byte) (n int, ok bool) {
	words := bytes.Fields(request)
	if len(words) < 2 {
		return 0, false
	}
	path := string(words[1])
	n, err := strconv.Atoi(strings.TrimPrefix(path, "/"))
	return n, err == nil && n >= 0 && path == fmt.Sprintf("/%d", n)
}

func sitePage(n, pages int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "page %d of %d\n", n, pages)
	for link := 10*n + 1; link <= 10*n+11 && link < pages; link++ {
		fmt.Fprintf(&b, "/%d\n", link)
	}
	if n > 0 {
		fmt.Fprintf(&b, "/%d\n", (n-1)/10)
	}
	return b.String()
}
