package stages_test

// The servers that every stage meets, and what it means to survive one. Read
// stages.go before it.

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/faulty"
	"stepwise/pkg/stages"
)

const head = "HTTP/1.0 200 OK\r\n\r\n"

// hopeless is how long to wait for a stage that won't return. One that should return has
// leaktest.Patience: a limit that it may miss on a busy machine would say that it hangs.
const hopeless = 5 * time.Second

// errHangs says that the stage did not return.
var errHangs = errors.New("it waits for ever")

// server is a column of the table.
type server struct {
	name string
	// survive sends fetch to the server, and returns what is wrong with the outcome. A
	// fetch that takes longer than limit hangs.
	survive func(fetch stages.FetchAll, limit time.Duration) error
}

// meets has the stage meet the server, and returns what is wrong with the outcome.
func (s server) meets(stage stages.Stage) error {
	limit := leaktest.Patience
	switch fails[stage.Name][s.name] {
	case errHangs, os.ErrDeadlineExceeded:
		limit = hopeless
	}
	return s.survive(stage.FetchAll, limit)
}

var servers = []server{
	{"answers", wantPage(func() *faulty.Server { return faulty.HTTP(head + "hello") }, "hello")},
	{"drips single bytes", wantPage(func() *faulty.Server { return faulty.Drip(head+"hello", 0) }, "hello")},
	{"sends 1 MB", wantPage(func() *faulty.Server { return faulty.HTTP(head + million) }, million)},
	{"refuses", wantError(func() *faulty.Server { return faulty.Refused() }, unix.ECONNREFUSED)},
	{"resets midway", wantError(func() *faulty.Server { return faulty.HTTPReset(head + "hel") }, unix.ECONNRESET)},
	{"never answers: and the others?", othersAreServed},
	{"is cut short", wantError(func() *faulty.Server { return faulty.HTTP(cutShort) }, nil)},
	{"stays open", wantPage(func() *faulty.Server { return faulty.HTTPKeepAlive(keptOpen) }, "hello")},
}

var million = strings.Repeat("0123456789", 100_000)

const (
	cutShort = "HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\nhello"
	keptOpen = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
)

func wantPage(open func() *faulty.Server, want string) func(stages.FetchAll, time.Duration) error {
	return func(fetch stages.FetchAll, limit time.Duration) error {
		peer := open()
		answers, err := within(limit, fetch, peer)
		switch {
		case err != nil:
			return err
		case answers[0].Err != nil:
			return answers[0].Err
		case string(answers[0].Body) != want:
			return fmt.Errorf("%d bytes, not the page's %d", len(answers[0].Body), len(want))
		}
		return nil
	}
}

// wantError wants the error want, or any if want is nil.
func wantError(open func() *faulty.Server, want error) func(stages.FetchAll, time.Duration) error {
	return func(fetch stages.FetchAll, limit time.Duration) error {
		peer := open()
		answers, err := within(limit, fetch, peer)
		switch {
		case err != nil:
			return err
		case answers[0].Err == nil:
			return fmt.Errorf("%q and no error", answers[0].Body)
		case want != nil && !errors.Is(answers[0].Err, want):
			return fmt.Errorf("the error %w, not %w", answers[0].Err, want)
		}
		return nil
	}
}

// othersAreServed asks a server that never answers, and then one that does.
func othersAreServed(fetch stages.FetchAll, limit time.Duration) error {
	mute, good := faulty.HTTPHeld(""), faulty.HTTP(head+"hello")
	defer good.Close()
	over := make(chan struct{})
	go func() {
		defer close(over)
		fetch([]string{mute.Addr(), good.Addr()})
	}()
	_, err := good.Visit(0, limit)
	mute.Close()
	<-over
	return err
}

// within gives fetch the peer's address and a limited time. The stage ends when the peer is
// closed, so it leaves nothing behind.
func within(limit time.Duration, fetch stages.FetchAll, peer *faulty.Server) ([]stages.Answer, error) {
	defer peer.Close()
	result := make(chan []stages.Answer, 1)
	go func() { result <- fetch([]string{peer.Addr()}) }()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case answers := <-result:
		return answers, nil
	case <-late.C:
		peer.Close()
		<-result
		return nil, errHangs
	}
}
