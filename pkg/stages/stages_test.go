package stages_test

import (
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/faulty"
	"stepwise/pkg/stages"
)

// fails says which servers each stage doesn't survive, and in which way. A stage that gets
// better than it is meant to be fails too.
var fails = map[string]map[string]error{
	"blocking": {
		"never answers: and the others?": os.ErrDeadlineExceeded,
		"is cut short":                   errNoError,
		"stays open":                     errHangs,
	},
	"busy loop":  {"is cut short": errNoError, "stays open": errHangs},
	"selector":   {"is cut short": errNoError, "stays open": errHangs},
	"callbacks":  {"refuses": stages.ErrNoPage, "resets midway": errNoError, "is cut short": errNoError, "stays open": errHangs},
	"futures":    {"is cut short": errNoError, "stays open": errHangs},
	"coroutines": {"is cut short": errNoError, "stays open": errHangs},
	"framing":    {},
}

// errNoError stands for a failure that was taken for a page.
var errNoError = errors.New("no error")

func TestStagesAndServers(t *testing.T) {
	for _, stage := range stages.All() {
		for _, server := range servers {
			t.Run(stage.Name+"/"+server.name, func(t *testing.T) {
				want := fails[stage.Name][server.name]
				if testing.Short() && want != nil {
					t.Skip("waits for what never comes")
				}
				t.Parallel()
				got := server.meets(stage)
				switch want {
				case nil:
					require.NoError(t, got)
				case errNoError:
					require.ErrorContains(t, got, "and no error")
				default:
					require.ErrorIs(t, got, want)
				}
			})
		}
	}
}

// TestBusyLoopSpins shows the harm of the stage that is wrong on purpose, TestSelectorSleeps
// its fix: how often they ask while there is no answer.
func TestBusyLoopSpins(t *testing.T) {
	asked := whileWaiting(t, stages.BusyLoop, func(asked func() int64) bool { return asked() > 1000 })
	assert.Greater(t, asked, int64(1000))
}

func TestSelectorSleeps(t *testing.T) {
	for _, stage := range stages.All()[2:] {
		pause := time.After(50 * time.Millisecond)
		asked := whileWaiting(t, stage.FetchAll, func(func() int64) bool {
			select {
			case <-pause:
				return true
			default:
				return false
			}
		})
		assert.LessOrEqual(t, asked, int64(20), stage.Name)
	}
}

// whileWaiting counts the system calls of a fetch while its server holds the
// answer back, until enough says so.
func whileWaiting(t *testing.T, fetch stages.FetchAll, enough func(asked func() int64) bool) int64 {
	t.Helper()
	peer := faulty.HTTPHeld(head + "hello")
	defer peer.Close()
	var calls atomic.Int64
	over := make(chan []stages.Answer, 1)
	defer stages.Observe(func(string) { calls.Add(1) })()
	go func() { over <- fetch([]string{peer.Addr()}) }()
	require.NoError(t, peer.WaitAccepted(1, leaktest.Patience))
	before := calls.Load()
	leaktest.Until(t, "enough has been seen", func() bool { return enough(func() int64 { return calls.Load() - before }) })
	asked := calls.Load() - before
	peer.Release()
	answers := <-over
	require.NoError(t, answers[0].Err)
	assert.Equal(t, "hello", string(answers[0].Body))
	return asked
}

func TestAnswersComeInTheOrderOfTheAddresses(t *testing.T) {
	slow, quick, shut := faulty.Drip(head+"slow", 0), faulty.HTTP(head+"quick"), faulty.Refused()
	defer slow.Close()
	defer quick.Close()
	defer shut.Close()
	for _, stage := range stages.All() {
		t.Run(stage.Name, func(t *testing.T) {
			answers := stage.FetchAll([]string{slow.Addr(), shut.Addr(), "nowhere", quick.Addr()})
			require.Len(t, answers, 4)
			assert.Equal(t, "slow", string(answers[0].Body))
			assert.Error(t, answers[1].Err)
			assert.Error(t, answers[2].Err)
			assert.Equal(t, "quick", string(answers[3].Body))
			assert.Empty(t, stage.FetchAll(nil))
		})
	}
}

// TestNothingIsLeftOpen (M02): the number that a stage's first descriptor gets
// is free again afterwards. No other server may be open meanwhile, since accept(2) takes
// a number before it finds that no client is there.
func TestNothingIsLeftOpen(t *testing.T) {
	faulty.HTTP(head).Close() // Go's own poller opens its descriptors before we count
	for _, stage := range stages.All() {
		for _, open := range []func() *faulty.Server{
			func() *faulty.Server { return faulty.HTTP(head) },
			func() *faulty.Server { return faulty.Refused() },
			func() *faulty.Server { return faulty.HTTPReset(head) },
		} {
			before := lowestFree(t)
			peer := open()
			stage.FetchAll([]string{peer.Addr(), "nowhere"})
			peer.Close()
			assert.Equal(t, before, lowestFree(t), stage.Name)
		}
	}
}

func lowestFree(t *testing.T) int {
	fd, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	require.NoError(t, err)
	require.NoError(t, unix.Close(fd))
	return fd
}

// set sets a limit, whose type is signed on some systems.
func set[T int64 | uint64](limit *T, n int) { *limit = T(n) }

// TestOutOfDescriptors (C14): the stage says so in each answer, and returns.
func TestOutOfDescriptors(t *testing.T) {
	peer := faulty.HTTP(head)
	defer peer.Close()
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	low := limit
	set(&low.Cur, 0) // what is open stays open
	for _, stage := range stages.All() {
		require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &low))
		answers := stage.FetchAll([]string{peer.Addr()})
		require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
		require.Len(t, answers, 1)
		if stage.Name == "callbacks" { // it may lose the reason
			assert.Error(t, answers[0].Err, stage.Name)
			continue
		}
		assert.ErrorIs(t, answers[0].Err, unix.EMFILE, stage.Name)
	}
}
